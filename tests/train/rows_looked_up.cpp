// An update of an embedding touches the rows that were looked up, where the optimizer's rule leaves the others alone.
#include <laws/support.hpp>

using namespace laws;

namespace {

template <class O> constexpr bool rests = la::detail::rests_without<la::detail::rule_of<O>>;
static_assert(rests<la::sgd> && rests<la::adagrad> && rests<decltype(la::sgd{} | la::cosine_annealing{.steps = 9})>);
static_assert(!rests<la::momentum> && !rests<la::nesterov> && !rests<la::rmsprop> && !rests<la::adadelta>);
static_assert(!rests<la::adam> && !rests<la::adamw> && !rests<la::lion> && !rests<decltype(la::sgd{} | la::l2{1e-3})>);

constexpr std::size_t tokens = 40, features = 5, length = 6;
struct words : la::network<la::token_input<length, tokens>, la::embedding<features>, la::gru<7>, la::dense<3>> {};
struct wide : la::network<la::token_input<length, tokens>, la::embedding<70>, la::gru<7>, la::dense<3>> {
}; // more than a panel
struct bag : la::network<la::token_input<length, tokens>, la::mean_embedding<features>, la::dense<3>> {};

/// Two samples of few words: 7 and 3 stand in both halves of the batch, 11 and 38 in one.
const std::vector<double> inputs{7, 7, 3, 7, 11, 3, 3, 7, 38, 38, 7, 3};
const std::vector<double> targets = drawn<double>(6, 5);

/// Every number of a model after a few steps, each with other words than the one before.
template <class Net> numbers trained(const auto& optimizer) {
  la::model<Net, double> model{la::seed{3}};
  la::trainer trainer{model, la::mean_squared_error{}, optimizer};
  for (int step = 0; step < 5; ++step) {
    std::vector<double> others = inputs;
    for (double& token : others) token = std::fmod(token + 5 * (step % 2), tokens);
    trainer.step(others, targets);
  }
  return parameters_of(model);
}
template <class Net> void check_as_with_all_rows(const auto& optimizer) {
  const auto untouched = la::clip_by_global_norm{1e30}; // needs all of the gradient first: every row is updated
  CHECK(trained<Net>(optimizer) == trained<Net>(optimizer | untouched));
}

template <bool Rests> struct counting_sink {
  static constexpr bool light = true, rests_without_gradient = Rests;
  std::vector<std::size_t>* touched;
  template <class V> void operator()(std::size_t offset, V) const { touched->push_back(offset); }
};

} // namespace

TEST_CASE("rows that were not looked up: an update is the same whether or not it touches them") {
  check_as_with_all_rows<words>(la::sgd{.learning_rate = 0.1});
  check_as_with_all_rows<words>(la::adagrad{.learning_rate = 0.1});
  check_as_with_all_rows<words>(la::momentum{.learning_rate = 0.1});
  check_as_with_all_rows<wide>(la::sgd{.learning_rate = 0.1});
  check_as_with_all_rows<wide>(la::adam{.learning_rate = 0.1});
  check_as_with_all_rows<bag>(la::sgd{.learning_rate = 0.1});
  check_as_with_all_rows<bag>(la::adam{.learning_rate = 0.1});
}

TEST_CASE("rows that were not looked up are not touched") {
  using arch = la::simd::default_arch;
  using table = la::embedding<features>;
  constexpr la::dimensions in = words::input_shape;
  constexpr std::size_t stride = la::simd::padded<float, arch>(features), size = table::gathered<float, arch, in>;
  const std::vector<float> samples(inputs.begin(), inputs.end()), gradient(2 * length * features, 1.f);
  la::aligned_block<float> sums{2 * size};
  for (std::size_t i = 0; i < 2 * size; ++i) sums.data()[i] = 3.f; // what an earlier batch has left
  for (std::size_t half = 0; half < 2; ++half) {
    const float *x = samples.data() + half * length, *dz = gradient.data() + half * length * features;
    la::detail::gradient_view<float> at_output{dz, length * features};
    at_output.rows = &dz;
    table::gather_gradient<float, arch, in>({&x, 1, nullptr, nullptr, nullptr}, at_output, sums.data() + half * size);
  }
  const std::size_t offset = 16;
  std::vector<std::size_t> touched, all;
  table::give_gradient<float, arch, in>(&offset, sums.data(), sums.data() + size, counting_sink<true>{&touched});
  table::give_gradient<float, arch, in>(&offset, sums.data(), sums.data() + size, counting_sink<false>{&all});
  std::vector<std::size_t> expected;
  for (const std::size_t token : {3, 7, 11, 38})
    for (std::size_t f = 0; f < stride; f += la::simd::width<float, arch>)
      expected.push_back(offset + token * stride + f);
  CHECK(touched == expected);
  CHECK(all.size() == tokens * stride / la::simd::width<float, arch>);
}
