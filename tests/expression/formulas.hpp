#pragma once
// The activation formulas as a list, for laws that hold for each.
#include <catch.hpp>
#include <lamina/expression/activations.hpp>
#include <lamina/expression/derivative.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/kept.hpp>

namespace la = lamina;
namespace formulas = lamina::formulas;
using X = la::terms::term<"x">;
using Y = la::terms::term<"y">;

/// A formula, what its backward pass keeps, and where it has kinks or jumps.
template <auto Formula, la::keeps Kept> struct entry {
  using formula = la::frozen<Formula>;
  using derivative = la::derivative_t<formula, X>;
  using backward = la::backward_formula<formula>;
  static constexpr la::keeps kept = Kept;
  const char* name;
};

template <class Law> void for_each_activation(Law law) {
  using enum la::keeps;
  law(entry<formulas::identity, nothing>{"identity"});
  law(entry<formulas::step, nothing>{"step"});
  law(entry<formulas::sigmoid, output>{"sigmoid"});
  law(entry<formulas::hard_sigmoid, output>{"hard_sigmoid"});
  law(entry<formulas::tanh, output>{"tanh"});
  law(entry<formulas::hard_tanh, output>{"hard_tanh"});
  law(entry<formulas::relu, output>{"relu"});
  law(entry<formulas::relu6, output>{"relu6"});
  law(entry<formulas::leaky_relu<>, output>{"leaky_relu"});
  law(entry<formulas::leaky_relu<-0.5>, input>{"leaky_relu<-0.5>"}); // its output does not say which side it was
  law(entry<formulas::elu<>, output>{"elu"});
  law(entry<formulas::elu<2.5>, output>{"elu<2.5>"});
  law(entry<formulas::selu, output>{"selu"});
  law(entry<formulas::celu<>, output>{"celu"});
  law(entry<formulas::celu<3.0>, output>{"celu<3>"});
  law(entry<formulas::gelu, input>{"gelu"});
  law(entry<formulas::gelu_tanh, input>{"gelu_tanh"});
  law(entry<formulas::silu, input>{"silu"});
  law(entry<formulas::mish, input>{"mish"});
  law(entry<formulas::softplus, output>{"softplus"});
  law(entry<formulas::softsign, input>{"softsign"});
  law(entry<formulas::hard_swish, input>{"hard_swish"});
  law(entry<la::terms::x * sigmoid(1.702 * la::terms::x), input>{"quick_gelu"});
}
