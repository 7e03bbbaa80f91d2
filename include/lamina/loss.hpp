#pragma once
#include <lamina/expression/formula.hpp>
#include <lamina/loss/cross_entropy.hpp>
#include <lamina/loss/formula.hpp>

/// The catalogue of losses.
namespace lamina {

/// mean (y − t)². Source: torch.nn.MSELoss.
struct mean_squared_error : loss<square(terms::y - terms::t)> {};

/// mean |y − t|. Source: torch.nn.L1Loss.
struct mean_absolute_error : loss<abs(terms::y - terms::t)> {};

/// mean −(t log σ(y) + (1−t) log(1−σ(y))) on logits y, without overflow. Source: torch.nn.BCEWithLogitsLoss.
struct binary_cross_entropy : loss<terms::softplus(terms::y) - terms::y * terms::t> {};

} // namespace lamina
