#pragma once
#include <cstddef>

#include <lamina/core/checked.hpp>
#include <lamina/expression/rule.hpp>

/// What is done to gradients before an optimizer sees them, as its parts: `adam{} | clip_by_global_norm{1}`.
namespace lamina {

/// Every element of the gradient between −limit and limit. Source: torch.nn.utils.clip_grad_value_.
struct clip_by_value {
  using optimizer_part = void;
  positive<"clip_by_value"> limit = 1;

  static constexpr auto gradient() {
    using namespace terms;
    constexpr hyper<&clip_by_value::limit> limit;
    return rule(g = max(min(g, limit), -limit));
  }
};

/// The whole gradient shortened to a Euclidean length of at most `limit`: g ← g · min(1, limit / (‖g‖ + 1e-6)).
/// The norm is that of everything that stands before it. Source: torch.nn.utils.clip_grad_norm_.
struct clip_by_global_norm {
  using optimizer_part = void;
  static constexpr bool needs_norm = true;
  positive<"clip_by_global_norm"> limit = 1;

  static constexpr auto gradient() {
    using namespace terms;
    constexpr hyper<&clip_by_global_norm::limit> limit;
    return rule(g = g * min(limit / (terms::norm + 1e-6), 1));
  }
};

/// One update from the mean of the gradients of `count` batches: a batch larger than memory.
struct accumulate_gradients {
  using optimizer_part = void;
  whole_number<"accumulate_gradients"> count = 2;

  std::size_t batches() const { return static_cast<std::size_t>(count); }
};

} // namespace lamina
