// The arena: no two buffers in one place at one time, and no more of it than promised; padding stays 0.
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

template <class Plan> void check_arena(const std::string& what, const Plan& plan) {
  INFO(what);
  std::vector<la::arena_buffer> buffers;
  for (const auto* of : {&plan.output, &plan.input, &plan.gradient})
    for (const la::arena_buffer& b : *of)
      if (b.elements) buffers.push_back(b);
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const la::arena_buffer& a = buffers[i];
    CHECK(a.offset + a.elements <= plan.elements_per_sample);
    CHECK(a.born <= a.dies);
    for (std::size_t j = 0; j < i; ++j) {
      const la::arena_buffer& b = buffers[j];
      const bool together = a.born <= b.dies && b.born <= a.dies;
      const bool overlap = a.offset < b.offset + b.elements && b.offset < a.offset + a.elements;
      INFO("buffers " << i << " and " << j);
      CHECK_FALSE((together && overlap));
    }
  }
}

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

/// The derivative at 0, where padding would stand, is infinite.
struct root : la::activation<sqrt(la::terms::x)> {};
struct rooted : la::network<la::input<3>, la::dense<5>, root, la::dense<3>, root, la::dense<2>, root> {};
/// Padding of the output is not 0 after these.
struct shifted : la::network<la::input<3>, la::dense<5>, la::sigmoid, la::dense<7>, la::softplus, la::softmax,
                             la::dense<3>, la::sigmoid> {};

/// Every element of a block that no parameter shows is 0.
template <class Model> void check_padding(const std::string& what, const typename Model::scalar* block) {
  std::vector<bool> shown(Model::block_size);
  for (const la::parameter& p : Model::parameters)
    for (std::size_t i = 0; i < p.shape.size(); ++i) shown[p.layout.position(i)] = true;
  std::size_t not_zero = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) not_zero += !shown[i] && block[i] != 0;
  INFO(what);
  CHECK(not_zero == 0);
}

template <class Net, class T> void train_and_check(const std::string& name) {
  la::model<Net, T> model{la::seed{1}};
  using model_type = la::model<Net, T>;
  for (const la::parameter& p : model_type::parameters) // positive everywhere, so that roots are real
    for (std::size_t i = 0; i < p.shape.size(); ++i) {
      T& w = model.parameter(p.name.view())[i];
      w = std::abs(w) + T(0.1);
    }
  std::vector<T> inputs = drawn<T>(6 * Net::input_shape.size(), 1), targets = drawn<T>(6 * Net::output_shape.size(), 2);
  for (T& x : inputs) x = std::abs(x) + T(0.1);
  la::trainer trainer{model, la::mean_squared_error{}, la::adamw{}};
  const auto gradient = trainer.gradient(inputs, targets);
  check_padding<model_type>(name + ": gradient", gradient.data());
  for (int step = 0; step < 5; ++step) CHECK(std::isfinite(trainer.step(inputs, targets)));
  check_padding<model_type>(name + ": parameters", model.data());
  bool finite = true;
  for (const double w : parameters_of(model)) finite = finite && std::isfinite(w);
  CHECK(finite);
}

} // namespace

TEST_CASE("no two buffers of an arena that live at one time overlap") {
  for_each(networks{}, []<class E>() {
    const auto check = [&]<class T>(T) {
      constexpr const auto& training = la::memory<typename E::type, T, xsimd::default_arch, la::in_training>::layout;
      constexpr const auto& inference = la::memory<typename E::type, T, xsimd::default_arch, la::in_inference>::layout;
      check_arena(E::text(": training"), training);
      check_arena(E::text(": inference"), inference);
      CHECK(inference.elements_per_sample <= training.elements_per_sample);
    };
    check(float{}), check(double{});
  });
}

TEST_CASE("the arena of the digits at batch 64 takes less than 256 KiB, and grows by sample") {
  static_assert(la::cost<digits>.arena_bytes(64) < 256 * 1024);
  static_assert(la::cost<digits>.inference_arena_bytes(64) < la::cost<digits>.arena_bytes(64));
  static_assert(la::cost<digits>.arena_bytes(128) < 2 * la::cost<digits>.arena_bytes(64) + 1);
  static_assert(la::cost<digits>.forward_flops == 2 * (784 * 128 + 128 * 10));
  static_assert(la::cost<digits>.backward_flops == 4 * (784 * 128 + 128 * 10));
  static_assert(la::cost<digits>.parameter_bytes >= digits::parameter_count * sizeof(float));
  static_assert(la::cost<digits, double>.parameter_bytes >= digits::parameter_count * sizeof(double));
  static_assert(la::cost<digits>.optimizer_bytes(2) == 2 * la::cost<digits>.parameter_bytes);
  SUCCEED();
}

TEST_CASE("the padding of gradient and parameters stays 0, whatever the formula is there") {
  train_and_check<rooted, float>("rooted, float");
  train_and_check<rooted, double>("rooted, double");
  train_and_check<shifted, float>("shifted, float");
}
