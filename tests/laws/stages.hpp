#pragma once
// What both sides of the law "fused = unfused" compute; unfused.cpp reads this file with the library under another
// name.
#include "networks.hpp"
#include "support.hpp"

namespace laws {

/// Outputs, losses of ten steps and the parameters after them, of networks whose stages laminate several
/// layers.
inline std::vector<numbers> staged_values() {
  std::vector<numbers> all;
  const auto compute = [&]<class Net, class T>(std::type_identity<Net>, T) {
    constexpr std::size_t in = Net::input_shape.size(), out = Net::output_shape.size(), batch = 7;
    la::model<Net, T> model{la::seed{9}};
    const std::vector<T> inputs = drawn<T>(batch * in, 1), targets = drawn<T>(batch * out, 2);
    std::vector<T> outputs(batch * out);
    la::workspace<Net, T> workspace{batch};
    la::predict(model, inputs, outputs, workspace);
    all.push_back(as_numbers(outputs));
    la::trainer trainer{model, la::mean_squared_error{}, la::momentum{}};
    numbers losses;
    for (int step = 0; step < 10; ++step) losses.push_back(trainer.step(inputs, targets));
    all.push_back(losses);
    all.push_back(parameters_of(model));
  };
  const auto both = [&]<class Net>(std::type_identity<Net> net) { compute(net, double{}), compute(net, float{}); };
  both(std::type_identity<chained>{});
  both(std::type_identity<after_softmax>{});
  both(std::type_identity<nested>{});
  both(std::type_identity<by_rows>{});
  // One scalar each: a second one takes as long to compile as the first.
  compute(std::type_identity<normalized>{}, double{});
  compute(std::type_identity<small_image>{}, float{});
  compute(std::type_identity<small_blocks>{}, double{});
  compute(std::type_identity<small_branches>{}, float{});
  compute(std::type_identity<normalized_image>{}, double{});
  compute(std::type_identity<normalized_paths>{}, float{});
  compute(std::type_identity<tied_image>{}, double{});
  compute(std::type_identity<tied>{}, float{});
  compute(std::type_identity<tied_filters>{}, double{});
  return all;
}

inline constexpr std::size_t values_per_network = 3;

} // namespace laws

/// The same with every layer a stage of its own, and how many stages that makes.
std::vector<std::vector<double>> unfused_values();
std::vector<std::size_t> unfused_stages();
