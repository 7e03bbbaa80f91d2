// Pre-training: what it learns, that it is a function of the seed, and its gradients.
#include <cmath>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct deep : la::network<la::input<20>, la::dense<13>, la::sigmoid, la::dense<7>, la::sigmoid, la::dense<3>> {};
struct rectified : la::network<la::input<20>, la::dense<16>, la::tanh, la::dense<9>, la::relu, la::dense<3>> {};

/// Samples from 0 to 1 with something to be learned: two numbers decide over twenty.
la::dataset<la::label> two_causes(std::size_t count) {
  la::dataset<la::label> data{20};
  const auto causes = drawn<float>(2 * count, 5);
  for (std::size_t m = 0; m < count; ++m) {
    std::vector<float> row(20);
    for (std::size_t k = 0; k < 20; ++k) {
      const float phase = static_cast<float>(k);
      row[k] = 0.5f + 0.5f * std::sin(3 * causes[2 * m] + phase) * std::cos(2 * causes[2 * m + 1] - phase);
    }
    data.push_back(row, la::label{0});
  }
  return data;
}

template <class Net, class Method, class T = float> void check_learns(const Method& method, double at_most) {
  const auto data = two_causes(200);
  la::model<Net, T> model{la::seed{1}}, again{la::seed{1}}, untouched{la::seed{1}};
  const la::momentum optimizer{.learning_rate = 0.1, .beta = 0.8};
  const auto past = la::pretrain(model, data, method, optimizer, {.epochs = 60, .batch_size = 16});
  la::pretrain(again, data, method, optimizer, {.epochs = 60, .batch_size = 16});
  CHECK(parameters_of(model) == parameters_of(again));
  REQUIRE(past.size() == 2);
  for (const la::history& layer : past) {
    CHECK(layer.size() == 60);
    CHECK(layer.back().training_loss < at_most * layer.front().training_loss);
  }
  CHECK(elements(model.parameter("0.weight")) != elements(untouched.parameter("0.weight")));
  CHECK(elements(model.parameter("2.bias")) != elements(untouched.parameter("2.bias")));
  CHECK(elements(model.parameter("4.weight")) ==
        elements(untouched.parameter("4.weight"))); // the last layer is for labels
}

} // namespace

TEST_CASE("every method learns to describe its input, layer by layer, and is a function of the seed") {
  check_learns<deep>(la::autoencoder{}, 0.6);
  check_learns<deep>(la::denoising_autoencoder{.corruption = 0.1}, 0.8);
  check_learns<deep>(la::restricted_boltzmann{}, 0.9);
  check_learns<deep>(la::restricted_boltzmann{.steps = 3}, 0.9);
  check_learns<rectified>(la::autoencoder{}, 0.6);
  check_learns<rectified, la::autoencoder, double>(la::autoencoder{}, 0.6);
}

TEST_CASE("an autoencoder's step goes down the gradient of its loss, by the weights, the hidden and the visible bias") {
  // One step of plain descent with rate η from (W, b, c = 0): what changed, divided by −η, is the gradient.
  struct net : la::network<la::input<6>, la::dense<5>, la::tanh, la::dense<1>> {};
  la::dataset<la::label> data{6};
  const auto rows = drawn<float>(4 * 6, 2);
  for (std::size_t m = 0; m < 4; ++m) data.push_back(std::span<const float>(rows).subspan(6 * m, 6), la::label{0});
  la::model<net, double> before{la::seed{3}}, after{la::seed{3}};
  const double rate = 1e-6;
  la::pretrain(after, data, la::autoencoder{}, la::sgd{.learning_rate = rate}, {.epochs = 1, .batch_size = 4});
  const auto weight = before.parameter("0.weight"), bias = before.parameter("0.bias");
  const auto loss = [&] {
    double sum = 0;
    for (std::size_t m = 0; m < 4; ++m) {
      double h[5];
      for (std::size_t n = 0; n < 5; ++n) {
        double z = bias(n);
        for (std::size_t k = 0; k < 6; ++k) z += weight(n, k) * rows[6 * m + k];
        h[n] = std::tanh(z);
      }
      for (std::size_t k = 0; k < 6; ++k) {
        double x = 0;
        for (std::size_t n = 0; n < 5; ++n) x += weight(n, k) * h[n];
        sum += (x - rows[6 * m + k]) * (x - rows[6 * m + k]) / 2;
      }
    }
    return sum / 4;
  };
  for (const char* name : {"0.weight", "0.bias"}) {
    numbers derived, difference;
    const auto view = before.parameter(name), moved = after.parameter(name);
    for (std::size_t i = 0; i < view.size(); ++i) {
      const double w = view[i], h = 1e-5;
      view[i] = w + h;
      const double up = loss();
      view[i] = w - h;
      const double down = loss();
      view[i] = w;
      difference.push_back((up - down) / (2 * h));
      derived.push_back((w - moved[i]) / rate);
    }
    check_near(name, derived, difference, {1e-6, 1e-7});
  }
}

TEST_CASE("lsuv makes what leaves every dense layer vary by 1") {
  const auto data = two_causes(300);
  la::model<rectified, double> model{la::seed{1}};
  la::lsuv(model, data, {.samples = 300, .tolerance = 1e-3});
  // The first layer by hand.
  double sum = 0, squares = 0;
  const auto weight = model.parameter("0.weight"), bias = model.parameter("0.bias");
  for (std::size_t m = 0; m < data.size(); ++m)
    for (std::size_t n = 0; n < 16; ++n) {
      double z = bias(n);
      for (std::size_t k = 0; k < 20; ++k) z += weight(n, k) * static_cast<double>(data.input(m)[k]);
      sum += z, squares += z * z;
    }
  const double count = 300 * 16;
  CHECK(squares / count - sum / count * (sum / count) == Approx(1).epsilon(2e-3));
}

TEST_CASE("pre-training refuses what it cannot do") {
  la::model<deep> model{la::seed{1}};
  const auto data = two_causes(3);
  const auto text = [](auto call) {
    try {
      call();
    } catch (const la::argument_error& e) {
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  CHECK(text([&] { la::pretrain(model, data, la::autoencoder{}, la::sgd{}, {.epochs = 0}); }) ==
        "pretrain: epochs: expected at least 1, got 0");
  CHECK(text([&] { la::pretrain(model, data, la::autoencoder{}, la::sgd{}, {.batch_size = 0}); }) ==
        "pretrain: batch_size: expected at least 1, got 0");
  CHECK(text([&] { la::pretrain(model, la::dataset<la::label>{3}, la::autoencoder{}, la::sgd{}, {}); }) ==
        "dataset: expected at least one sample, got none");
  la::dataset<la::label> wide{21};
  wide.push_back(std::vector<float>(21), la::label{0});
  CHECK(text([&] { la::pretrain(model, wide, la::autoencoder{}, la::sgd{}, {}); }) ==
        "pretrain: input size of the data set: expected 20, got 21");
  la::dataset<la::label> dead{20};
  dead.push_back(std::vector<float>(20), la::label{0});
  CHECK(text([&] { la::lsuv(model, dead); }).starts_with("lsuv: outputs of 0.weight: expected a variance above 0"));
  CHECK(text([] {
          static_cast<void>(la::denoising_autoencoder{.corruption = 1});
        }).starts_with("denoising_autoencoder: corruption"));
}

TEST_CASE("an autoencoder with tied weights is what was pre-trained, unrolled") {
  struct unrolled
      : la::network<la::input<20>, la::named<"outer", la::dense<13>>, la::sigmoid, la::named<"inner", la::dense<7>>,
                    la::sigmoid, la::dense<13, la::transposed_weight_of<"inner">>, la::sigmoid,
                    la::named<"decoder", la::dense<20, la::transposed_weight_of<"outer">>>, la::sigmoid> {};
  const auto data = two_causes(200);
  la::model<unrolled> model{la::seed{1}}, untouched{la::seed{1}};
  const la::momentum optimizer{.learning_rate = 0.1, .beta = 0.8};
  const auto past = la::pretrain(model, data, la::autoencoder{}, optimizer, {.epochs = 60, .batch_size = 16});
  REQUIRE(past.size() == 2);
  const auto error = [&](const la::model<unrolled>& of) {
    double squares = 0;
    for (std::size_t m = 0; m < data.size(); ++m) {
      const auto y = of(data.input(m));
      for (std::size_t k = 0; k < 20; ++k) squares += std::pow(static_cast<double>(y[k] - data.row(m)[k]), 2);
    }
    return squares / static_cast<double>(data.size() * 20);
  };
  CHECK(error(model) < 0.7 * error(untouched));
  CHECK(error(model) < 2 * (past[0].back().training_loss + past[1].back().training_loss));
  for (const char* bias : {"4.bias", "decoder.bias"})
    CHECK(elements(model.parameter(bias)) != elements(untouched.parameter(bias)));
}
