#pragma once
// The gradient is the central difference of the loss, in double.
#include "sanitized.hpp"
#include "support.hpp"

namespace laws {

/// Nudges elements of every parameter and compares with `trainer.gradient`; `trainer` is a double's, `targets` what it
/// takes.
template <class Model, class Trainer, class Targets>
void check_gradient(const std::string& what, Model& model, Trainer& trainer, std::span<const double> inputs,
                    const Targets& targets) {
  static_assert(is_double<typename Model::scalar>);
  const auto gradient = trainer.gradient(inputs, targets);
  const auto loss = [&] { return trainer.loss(inputs, targets); };
  for (const la::parameter& p : Model::parameters) {
    const auto view = model.parameter(p.name.view());
    numbers derived, difference;
    const std::size_t stride = view.size() / (sanitized ? 5 : 40) + 1; // a sample; 40 reach every column
    for (std::size_t i = 0; i < view.size(); i += stride) {
      const double w = view[i], h = 1e-4;
      const auto at = [&](double nudge) { return view[i] = w + nudge, loss(); };
      // Fourth order, so that the difference is good to 1e-10 without leaving the neighbourhood.
      const double near = at(h) - at(-h), far = at(2 * h) - at(-2 * h);
      view[i] = w;
      difference.push_back((8 * near - far) / (12 * h));
      derived.push_back(gradient(p.name.view())[i]);
    }
    check_near(what + ": gradient of " + std::string(p.name.view()), derived, difference, {1e-6, 1e-9});
  }
}

} // namespace laws
