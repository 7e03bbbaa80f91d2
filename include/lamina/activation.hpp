#pragma once
#include <lamina/expression/activations.hpp>
#include <lamina/layer/activation.hpp>

/// The catalogue of activations as layers: one formula each.
namespace lamina {

struct identity : activation<formulas::identity> {};
struct step : activation<formulas::step> {};
struct sigmoid : activation<formulas::sigmoid> {};
struct hard_sigmoid : activation<formulas::hard_sigmoid> {};
struct tanh : activation<formulas::tanh> {};
struct hard_tanh : activation<formulas::hard_tanh> {};
struct relu : activation<formulas::relu> {};
struct relu6 : activation<formulas::relu6> {};
template <double Slope = 0.01> struct leaky_relu : activation<formulas::leaky_relu<Slope>> {};
template <double Alpha = 1.0> struct elu : activation<formulas::elu<Alpha>> {};
struct selu : activation<formulas::selu> {};
template <double Alpha = 1.0> struct celu : activation<formulas::celu<Alpha>> {};
struct gelu : activation<formulas::gelu> {};
struct gelu_tanh : activation<formulas::gelu_tanh> {};
struct silu : activation<formulas::silu> {};
using swish = silu;
struct mish : activation<formulas::mish> {};
struct softplus : activation<formulas::softplus> {};
struct softsign : activation<formulas::softsign> {};
struct hard_swish : activation<formulas::hard_swish> {};

} // namespace lamina
