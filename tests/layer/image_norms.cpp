// Norms, slopes and poolings of images and signals, against PyTorch; and channels that are left out as a whole.
#include <cmath>
#include <golden/golden.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct image_net
    : la::network<la::input<4, 7, 6>, la::batch_norm, la::group_norm<2>, la::prelu<4>, la::max_pool2d<2, la::stride<1>>,
                  la::layer_norm, la::prelu<>, la::avg_pool2d<la::extent{3, 2}, la::stride<2>, la::padding<1, 0>>,
                  la::group_norm<4>, la::tanh, la::max_pool2d<3, la::stride<2>, la::padding<1>>, la::flatten,
                  la::layer_norm, la::dense<2>> {};
struct signal_net
    : la::network<la::input<6, 11>, la::group_norm<3>, la::prelu<6>, la::layer_norm,
                  la::avg_pool1d<3, la::stride<2>, la::padding<1>>, la::batch_norm, la::tanh, la::max_pool1d<2>,
                  la::group_norm<1>, la::global_avg_pool, la::flatten, la::group_norm<2>, la::dense<3>> {};

template <class Net> void check_against_torch(const std::string& name) {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/image_norms.txt");
  la::model<Net, double> model{la::seed{1}};
  for (const la::parameter& p : model.parameters)
    assign(model.parameter(p.name.view()), all.at(name + "/initial/" + std::string(p.name.view())));
  la::trainer trainer{model, la::mean_squared_error{}, la::momentum{.learning_rate = 0.05, .beta = 0.9}};
  const std::vector<double>&x = all.at(name + "/x"), &target = all.at(name + "/target");
  numbers losses;
  for (int step = 0; step < 30; ++step) losses.push_back(trainer.step(x, target));
  check_near(name + ": losses", losses, all.at(name + "/loss"), {1e-9, 0});
  for (const la::parameter& p : model.parameters)
    check_near(name + ": " + std::string(p.name.view()), elements(model.parameter(p.name.view())),
               all.at(name + "/final/" + std::string(p.name.view())), {1e-9, 1e-11});
  std::vector<double> outputs(target.size());
  la::workspace<Net, double> workspace{4};
  la::predict(model, x, outputs, workspace);
  check_near(name + ": inference", outputs, all.at(name + "/inference"), {1e-9, 1e-11});
}

/// The loss that is the mean of the outputs: what a layer lets through shows in the gradient below it.
struct mean_of_outputs : la::loss<la::terms::y + 0 * la::terms::t> {};

} // namespace

TEST_CASE("norms, slopes and poolings of images and signals train as PyTorch's do") {
  check_against_torch<image_net>("image");
  check_against_torch<signal_net>("signal");
}

TEMPLATE_TEST_CASE("channel dropout leaves a channel as it is in every pixel, or out of every pixel", "", float,
                   double) {
  constexpr std::size_t channels = 23, pixels = 12;
  struct net : la::network<la::input<channels, 4, 3>, la::layer_norm, la::channel_dropout<0.3>> {};
  la::model<net, TestType> model{la::seed{3}};
  std::size_t left_out = 0, all = 0;
  for (int sample = 0; sample < 40; ++sample) {
    la::trainer trainer{model, mean_of_outputs{}, la::sgd{.learning_rate = 0}};
    const auto x = drawn<TestType>(net::input_shape.size(), 1);
    const std::vector<TestType> t(x.size());
    for (int step = 0; step < sample; ++step) trainer.step(x, t);
    const numbers passed = elements(trainer.gradient(x, t)("0.bias")); // dL/dβ: what arrives at each place
    for (std::size_t c = 0; c < channels; ++c, ++all) {
      const double first = passed[c * pixels] * channels * pixels;
      CHECK((first == 0 || first == Approx(1 / 0.7).epsilon(1e-6)));
      left_out += first == 0;
      for (std::size_t p = 1; p < pixels; ++p) CHECK(passed[c * pixels + p] == passed[c * pixels]);
    }
    if (sample < 4) // the same step draws the same
      CHECK(elements(trainer.gradient(x, t)("0.bias")) == passed);
  }
  const double expected = 0.3 * static_cast<double>(all);
  CHECK(std::abs(static_cast<double>(left_out) - expected) < 5 * std::sqrt(expected * 0.7));
}

TEST_CASE("channel dropout draws for each sample of a batch, and infers the identity") {
  struct net : la::network<la::input<64, 2, 2>, la::layer_norm, la::channel_dropout<0.5>> {};
  la::model<net, double> model{la::seed{3}};
  la::trainer trainer{model, mean_of_outputs{}, la::sgd{}};
  const auto x = drawn<double>(2 * net::input_shape.size(), 1);
  std::size_t one_of_two = 0;
  for (const double g : elements(trainer.gradient(x, std::vector<double>(x.size()))("0.bias")))
    one_of_two += std::abs(g * 256 - 1) < 1e-9; // 2 · ½ of the loss's share
  CHECK(std::abs(static_cast<double>(one_of_two) / 4 - 32) < 5 * 4);
  struct plain : la::network<la::input<64, 2, 2>, la::layer_norm> {};
  const la::model<plain, double> without{la::seed{3}};
  const std::span<const double> sample{x.data(), net::input_shape.size()};
  CHECK(as_numbers(model(sample)) == as_numbers(without(sample)));
}

TEST_CASE("the variance of batch norm keeps its digits where the mean is far away") {
  struct net : la::network<la::input<3, 5, 5>, la::batch_norm> {};
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{}};
  auto x = drawn<float>(16 * net::input_shape.size(), 1);
  const auto t = drawn<float>(x.size(), 2);
  const double loss = trainer.loss(x, t);
  for (float& value : x) value += 1000;
  CHECK(trainer.loss(x, t) == Approx(loss).epsilon(1e-3)); // the numbers themselves have lost four digits
}
