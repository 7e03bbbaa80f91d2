#pragma once
// A batch of n is n single samples.
#include "support.hpp"

namespace laws {

template <class Model> void check_batches(const std::string& what, const Model& model) {
  using T = typename Model::scalar;
  using net = typename Model::network;
  constexpr std::size_t in = net::input_shape.size(), out = net::output_shape.size();
  la::workspace<net, T, typename Model::architecture> workspace{37};
  for (const std::size_t n : {1u, 2u, 3u, 37u, 64u}) { // 64 goes through in parts
    const std::vector<T> inputs = drawn<T>(n * in, n);
    std::vector<T> outputs(n * out), singles;
    la::predict(model, inputs, outputs, workspace);
    for (std::size_t m = 0; m < n; ++m) {
      const auto y = model(std::span<const T>(inputs).subspan(m * in, in));
      singles.insert(singles.end(), y.begin(), y.end());
    }
    const double near = is_double<T> ? 1e-13 : 1e-6;
    check_near(what + ": batch of " + std::to_string(n), as_numbers(outputs), as_numbers(singles), {near, near});
  }
}

} // namespace laws
