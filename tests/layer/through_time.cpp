// What may not depend on what: causal layers on later steps, a truncated gradient on earlier ones.
#include <laws/catalogue.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

/// Longer than a block of queries.
constexpr std::size_t steps = 41, features = 6;
template <class Layer> struct alone : la::network<la::input<steps, features>, Layer> {};

/// The first step whose output changes, by a bit, where the input of step `at` does.
template <class Layer> std::size_t first_changed(std::size_t at) {
  la::model<alone<Layer>, float> model{la::seed{4}};
  std::vector<float> x = drawn<float>(steps * features, 5);
  const auto before = model(std::span<const float>(x));
  x[at * features + 1] += 0.5f;
  const auto after = model(std::span<const float>(x));
  std::size_t t = 0;
  const std::size_t width = alone<Layer>::output_shape.last();
  while (t < steps && std::equal(before.begin() + static_cast<std::ptrdiff_t>(t * width),
                                 before.begin() + static_cast<std::ptrdiff_t>((t + 1) * width),
                                 after.begin() + static_cast<std::ptrdiff_t>(t * width)))
    ++t;
  return t;
}

/// Attention as it is defined, in double: of the parameters in PyTorch's order and layout.
template <std::size_t Heads, bool Causal> numbers attention_of(const numbers& p, const numbers& x) {
  constexpr std::size_t D = features, d = D / Heads;
  const auto weigh = [&](std::size_t matrix, std::size_t bias, std::size_t rows, const numbers& in) {
    numbers out;
    for (std::size_t t = 0; t < steps; ++t)
      for (std::size_t n = 0; n < rows; ++n) {
        double sum = p[bias + n];
        for (std::size_t k = 0; k < D; ++k) sum += p[matrix + n * D + k] * in[t * D + k];
        out.push_back(sum);
      }
    return out;
  };
  const std::size_t bias = 3 * D * D, outward = bias + 3 * D;
  const numbers qkv = weigh(0, bias, 3 * D, x);
  numbers heads(steps * D);
  for (std::size_t h = 0; h < Heads; ++h)
    for (std::size_t i = 0; i < steps; ++i) {
      const std::size_t seen = Causal ? i + 1 : steps;
      numbers weights(seen);
      double sum = 0;
      for (std::size_t j = 0; j < seen; ++j) {
        double dot = 0;
        for (std::size_t f = 0; f < d; ++f) dot += qkv[i * 3 * D + h * d + f] * qkv[j * 3 * D + D + h * d + f];
        sum += weights[j] = std::exp(dot / std::sqrt(static_cast<double>(d)));
      }
      for (std::size_t j = 0; j < seen; ++j)
        for (std::size_t f = 0; f < d; ++f)
          heads[i * D + h * d + f] += weights[j] / sum * qkv[j * 3 * D + 2 * D + h * d + f];
    }
  return weigh(outward, outward + D * D, D, heads);
}
template <class T, std::size_t Heads, class Layer> void check_attention(const std::string& what) {
  la::model<alone<Layer>, T> model{la::seed{6}};
  const std::vector<T> x = drawn<T>(steps * features, 7);
  const auto y = model(std::span<const T>(x));
  const numbers expected = attention_of<Heads, Layer::sees_past_only>(parameters_of(model), as_numbers(x));
  const double near = is_double<T> ? 1e-13 : 1e-5;
  check_near(what, as_numbers(y), expected, {near, near});
}

/// The gradient by the input, through slopes, of the sum of the outputs of the last steps.
template <class Layer> numbers input_gradient() {
  constexpr std::size_t L = 8, half = 4;
  struct net : la::network<la::input<L * features>, la::prelu<L * features>, la::reshape<L, features>, Layer> {};
  la::model<net, double> model{la::seed{8}};
  numbers x = drawn<double>(L * features, 9);
  for (double& v : x) v = -std::abs(v); // where a slope is multiplied with
  const auto y = model(std::span<const double>(x));
  numbers target(y.begin(), y.end());
  const std::size_t width = net::output_shape.last();
  for (std::size_t i = half * width; i < target.size(); ++i) target[i] -= 1;
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{}};
  return elements(trainer.gradient(std::span<const double>(x), std::span<const double>(target))("0.weight"));
}
double largest_of_first_half(const numbers& all) {
  double largest = 0;
  for (std::size_t i = 0; i < all.size() / 2; ++i) largest = std::max(largest, std::abs(all[i]));
  return largest;
}
template <class... Options>
using layers_that_remember = list<entry<"rnn", la::rnn<5, la::return_sequence, Options...>>,
                                  entry<"lstm", la::lstm<5, la::return_sequence, Options...>>,
                                  entry<"gru", la::gru<5, la::return_sequence, Options...>>,
                                  entry<"jordan_rnn", la::jordan_rnn<5, la::return_sequence, Options...>>>;

} // namespace

TEST_CASE("attention is its definition, in windows of several blocks") {
  using causal = la::self_attention<2, la::causal>;
  check_attention<double, 2, causal>("causal, double");
  check_attention<double, 3, la::self_attention<3>>("every step, double");
  check_attention<float, 2, causal>("causal, float");
}

TEST_CASE("a causal layer's output changes from the step on whose input does") {
  for (const std::size_t at : {0u, 1u, 15u, 16u, 17u, 33u, 40u}) {
    INFO("step " << at);
    CHECK(first_changed<la::self_attention<2, la::causal>>(at) == at);
    CHECK(first_changed<la::jordan_rnn<5, la::return_sequence>>(at) == at);
    CHECK(first_changed<la::positional_encoding>(at) == at);
    CHECK(first_changed<la::self_attention<2>>(at) == 0);
    CHECK(first_changed<la::bidirectional<la::gru<5, la::return_sequence>>>(at) == 0);
  }
}

TEST_CASE("a truncated gradient passes no step that is a multiple") {
  for_each(layers_that_remember<>{}, []<class E>() {
    INFO(E::text());
    CHECK(largest_of_first_half(input_gradient<typename E::type>()) > 1e-6);
  });
  for_each(layers_that_remember<la::truncated<4>>{}, []<class E>() {
    INFO(E::text());
    CHECK(largest_of_first_half(input_gradient<typename E::type>()) < 1e-12); // y of a batch is not y of one to the bit
  });
  for_each(layers_that_remember<la::truncated<8>>{}, []<class E>() {
    INFO(E::text());
    CHECK(largest_of_first_half(input_gradient<typename E::type>()) > 1e-6);
  });
}

TEST_CASE("a voice that begins again begins at the first position") {
  struct net : la::network<la::input<4, 3>, la::positional_encoding, la::jordan_rnn<2, la::return_sequence>> {};
  la::model<net> model{la::seed{1}};
  la::voices<net> both{model, 2};
  const std::vector<float> x = drawn<float>(6, 2);
  std::vector<float> first(4), later(4);
  both(x, first);
  both(x, later);
  CHECK(later[0] != first[0]);
  both.reset(1);
  both(x, later);
  CHECK(later[0] != first[0]);
  CHECK(later[2] == first[2]);
  CHECK(later[3] == first[3]);
}
