// Layers that measure their input, against PyTorch and against what they are for.
#include <cmath>
#include <golden/golden.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct measured : la::network<la::input<7>, la::dense<13>, la::batch_norm, la::relu, la::dense<11>, la::layer_norm,
                              la::prelu<11>, la::dense<5>, la::prelu<>, la::batch_norm> {};

template <class Net> la::model<Net, double> initial(const golden::records& all) {
  la::model<Net, double> model{la::seed{1}};
  for (const la::parameter& p : model.parameters) {
    const auto& values = all.at("initial/" + std::string(p.name.view()));
    const auto view = model.parameter(p.name.view());
    REQUIRE(values.size() == view.size());
    for (std::size_t i = 0; i < values.size(); ++i) view[i] = values[i];
  }
  return model;
}

} // namespace

TEST_CASE("batch norm, layer norm and learned slopes train as PyTorch's do, and infer from the running statistics") {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/layers.txt");
  auto model = initial<measured>(all);
  la::trainer trainer{model, la::mean_squared_error{}, la::momentum{.learning_rate = 0.1, .beta = 0.9}};
  const std::vector<double>&x = all.at("x"), &target = all.at("target");
  numbers losses;
  for (int step = 0; step < 50; ++step) losses.push_back(trainer.step(x, target));
  check_near("losses", losses, all.at("loss"), {1e-9, 0});
  for (const la::parameter& p : model.parameters)
    check_near(std::string(p.name.view()), elements(model.parameter(p.name.view())),
               all.at("final/" + std::string(p.name.view())), {1e-9, 1e-11});
  std::vector<double> outputs(target.size());
  la::workspace<measured, double> workspace{4};
  la::predict(model, x, outputs, workspace);
  check_near("inference", outputs, all.at("inference"), {1e-9, 1e-11});
}

TEST_CASE("looking at a loss or a gradient moves no running statistic; a step does, whatever the optimizer composes") {
  struct net : la::network<la::input<3>, la::batch_norm, la::dense<2>> {};
  const std::vector<float> x = drawn<float>(15, 1), t = drawn<float>(10, 2);
  const auto statistics_after = [&](auto optimizer, bool step) {
    la::model<net> model{la::seed{1}};
    la::trainer trainer{model, la::mean_squared_error{}, optimizer};
    trainer.loss(x, t), trainer.gradient(x, t);
    if (step) trainer.step(x, t);
    return elements(model.parameter("0.running_mean"));
  };
  CHECK(statistics_after(la::sgd{}, false) == numbers{0, 0, 0});
  const numbers moved = statistics_after(la::sgd{}, true);
  CHECK(moved != numbers{0, 0, 0});
  CHECK(statistics_after(la::adam{} | la::l2{0.1} | la::clip_by_global_norm{1}, true) == moved);
  CHECK(statistics_after(la::adam{} | la::accumulate_gradients{3}, true) == moved);
}

TEST_CASE("rms norm brings the mean square to 1") {
  struct net : la::network<la::input<37>, la::rms_norm> {};
  la::model<net, double> model{la::seed{1}};
  auto x = drawn<double>(37, 3);
  for (double& v : x) v = 5 * v + 2;
  const auto y = model(std::span<const double>(x));
  double squares = 0, ratio = y[0] / x[0];
  for (std::size_t i = 0; i < 37; ++i) {
    squares += y[i] * y[i];
    CHECK(y[i] == Approx(ratio * x[i]));
  }
  CHECK(squares / 37 == Approx(1).epsilon(1e-5));
}

TEST_CASE("a maxout unit is the largest of its pieces") {
  struct net : la::network<la::input<4>, la::maxout<18, la::pieces<3>>> {};
  la::model<net, double> model{la::seed{2}};
  const auto x = drawn<double>(4, 3);
  const auto y = model(std::span<const double>(x));
  const auto weight = model.parameter("0.weight"), bias = model.parameter("0.bias");
  CHECK(weight.shape() == la::shape<54, 4>);
  for (std::size_t n = 0; n < 18; ++n) {
    double most = -1e300;
    for (std::size_t p = 0; p < 3; ++p) {
      double z = bias(p * 18 + n);
      for (std::size_t k = 0; k < 4; ++k) z += weight(p * 18 + n, k) * x[k];
      most = std::max(most, z);
    }
    CHECK(y[n] == Approx(most).epsilon(1e-12));
  }
}

TEST_CASE("fold_batch_norm puts it into the dense layer before it, and changes no output") {
  struct net : la::network<la::input<5>, la::dense<9, la::no_bias>, la::batch_norm, la::gelu, la::dropout<0.3>,
                           la::dense<7>, la::batch_norm, la::tanh, la::batch_norm, la::named<"out", la::dense<3>>> {};
  la::model<net, double> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::momentum{.learning_rate = 0.1}};
  const auto x = drawn<double>(8 * 5, 1), t = drawn<double>(8 * 3, 2);
  for (int step = 0; step < 20; ++step) trainer.step(x, t);
  const auto fast = la::fold_batch_norm(model);
  using folded = decltype(fast)::network;
  static_assert(folded::layer_count == 7 && net::layer_count == 9);
  static_assert(la::plan<folded>::stage_count == 4); // dense+gelu+dropout, dense+tanh, batch norm, dense
  for (std::size_t m = 0; m < 8; ++m) {
    const std::span<const double> sample = std::span<const double>(x).subspan(5 * m, 5);
    const auto slow_y = model(sample), fast_y = fast(sample);
    for (std::size_t n = 0; n < 3; ++n) CHECK(fast_y[n] == Approx(slow_y[n]).epsilon(1e-12));
  }
  CHECK(la::describe<net>().find("at inference a part of 0") != std::string::npos);
}
