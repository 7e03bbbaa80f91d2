// Emulated widths compute what the native one does.
#include "networks.hpp"
#include "support.hpp"
#include <simd/architectures.hpp>

using namespace laws;

namespace {

struct computed {
  numbers outputs, gradient, trained;
};

/// What a network gives on an architecture, from the same first values and samples on each.
template <class Net, class T, class Arch> computed compute() {
  constexpr std::size_t in = Net::input_shape.size(), out = Net::output_shape.size(), batch = 13;
  la::model<Net, T, la::heap, Arch> model{la::seed{8}};
  const std::vector<T> inputs = drawn<T>(batch * in, 1), targets = drawn<T>(batch * out, 2);
  computed result;
  std::vector<T> outputs(batch * out);
  la::workspace<Net, T, Arch> workspace{5};
  la::predict(model, inputs, outputs, workspace);
  result.outputs = as_numbers(outputs);
  for (std::size_t m = 0; m < 3; ++m)
    for (const T y : model(std::span<const T>(inputs).subspan(m * in, in))) result.outputs.push_back(y);
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{}};
  using model_type = decltype(model);
  const auto gradient = trainer.gradient(inputs, targets);
  result.gradient = all_of<model_type>([&](std::string_view name) { return gradient(name); });
  for (int step = 0; step < 20; ++step) trainer.step(inputs, targets);
  result.trained = parameters_of(model);
  return result;
}

template <class Net, class T> void check_all(const std::string& name) {
  const computed native = compute<Net, T, xsimd::default_arch>();
  [&]<class... Arch>(std::type_identity<std::tuple<Arch...>>) {
    (
        [&] {
          const std::string at = name + (is_double<T> ? ", double, " : ", float, ") + Arch::name();
          const double near = is_double<T> ? 1e-12 : 1e-6, far = is_double<T> ? 1e-7 : 1e-4;
          const computed here = compute<Net, T, Arch>();
          check_near(at + ": outputs", here.outputs, native.outputs, {near, near});
          check_near(at + ": gradient", here.gradient, native.gradient, {near, near});
          check_near(at + ": trained", here.trained, native.trained, {far, far});
        }(),
        ...);
  }(std::type_identity<machine_architectures>{});
}

} // namespace

TEST_CASE("every vector width gives the native one's outputs, gradients and training") {
  STATIC_REQUIRE(std::tuple_size_v<machine_architectures> > 0);
  check_all<after_softmax, float>("after_softmax");
  check_all<wide, float>("wide");
  check_all<batch_normalized, double>("batch_normalized");
  check_all<normalized_image, double>("normalized_image");
  check_all<normalized_paths, double>("normalized_paths");
  check_all<pooled, float>("pooled");
}
