// What walks over all weights finds those of convolutions too: in panels fitted to few filters, in groups, depthwise,
// transposed, and matrices behind an image: checkpoints, files, limits of length, initializers.
#include <io/files.hpp>
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct images
    : la::network<
          la::input<2, 7, 6>, la::conv2d<6, la::kernel<3>>, la::batch_norm, la::relu,
          la::conv2d<12, la::kernel<2>, la::groups<3>>, la::tanh,
          la::conv2d<12, la::kernel<3>, la::groups<12>, la::same_padding>, la::conv2d<70, la::kernel<1>>, la::relu,
          la::residual<la::conv2d<70, la::kernel<3>, la::groups<2>, la::padding<1>, la::no_bias>>,
          la::conv2d<4, la::kernel<2, 1>, la::stride<2, 1>>, la::conv_transpose2d<18, la::kernel<3>, la::groups<2>>,
          la::relu,
          la::branches<la::concat, la::path<la::conv2d<3, la::kernel<2>>>, la::path<la::max_pool2d<2, la::stride<1>>>>,
          la::flatten, la::named<"wide", la::dense<40>>, la::reshape<4, 10>, la::conv1d<5, la::kernel<3>>, la::flatten,
          la::named<"out", la::dense<1>>> {};
/// A matrix in rows behind an image.
struct narrow : la::network<la::input<3, 4, 4>, la::conv2d<3, la::kernel<2>>, la::flatten, la::dense<1>> {};

template <class Net> la::dataset<la::values> points(std::size_t count) {
  la::dataset<la::values> data{Net::input_shape.size(), 1};
  for (std::size_t m = 0; m < count; ++m) {
    const std::vector<float> x = drawn<float>(Net::input_shape.size(), m);
    data.push_back(x, {x[0] * x[1] + x[2]});
  }
  return data;
}

template <class Net, class T = float, class Arch = xsimd::default_arch>
using model_of = la::model<Net, T, la::heap, Arch>;

/// Numbers that no two elements share, so that every element is found where it belongs.
template <class Model> void number(Model& model) {
  double next = 0;
  for (const la::parameter& p : Model::parameters)
    for (std::size_t i = 0; i < p.shape.size(); ++i)
      model.parameter(p.name.view())[i] = static_cast<typename Model::scalar>(++next / 4096);
}

template <class Net, class T> void check_resumes() {
  const scratch_folder folder;
  const auto data = points<Net>(21);
  const auto optimizer = la::adam{} | la::max_norm{0.7};
  model_of<Net, T> whole{la::seed{1}}, first{la::seed{1}}, second{la::seed{2}};
  la::trainer whole_trainer{whole, la::mean_squared_error{}, optimizer},
      before{first, la::mean_squared_error{}, optimizer}, after{second, la::mean_squared_error{}, optimizer};
  whole_trainer.fit(data, {.epochs = 4, .batch_size = 5});
  before.fit(data, {.epochs = 2, .batch_size = 5});
  before.save(folder / "half");
  after.resume(folder / "half");
  CHECK(bytes_of(second) == bytes_of(first));
  after.save(folder / "again");
  CHECK(image{content_of(folder / "again")} == image{content_of(folder / "half")});
  after.fit(data, {.epochs = 2, .batch_size = 5});
  CHECK(bytes_of(second) == bytes_of(whole));
  CHECK(bytes_of(first) != bytes_of(whole));
}

/// The numbers of a file, as another architecture reads them.
template <class Net, class T, class From, class To> void check_file() {
  const scratch_folder folder;
  model_of<Net, T, From> here{la::seed{1}};
  model_of<Net, T, To> there{la::seed{2}}, resumed{la::seed{3}};
  number(here);
  la::save(here, folder / "weights");
  la::load(there, folder / "weights");
  CHECK(parameters_of(there) == parameters_of(here));
  la::trainer saving{here, la::mean_squared_error{}, la::sgd{}};
  la::trainer resuming{resumed, la::mean_squared_error{}, la::sgd{}};
  saving.save(folder / "checkpoint");
  resuming.resume(folder / "checkpoint");
  CHECK(parameters_of(resumed) == parameters_of(here));
}

template <class Net, class T> void check_limit(double longest, double near) {
  INFO(longest);
  model_of<Net, T> free{la::seed{5}}, limited{la::seed{5}};
  la::trainer plain{free, la::mean_squared_error{}, la::sgd{.learning_rate = 0.1}};
  la::trainer limiting{limited, la::mean_squared_error{}, la::sgd{.learning_rate = 0.1} | la::max_norm{longest}};
  const auto x = drawn<T>(3 * Net::input_shape.size(), 1), t = drawn<T>(3, 2);
  plain.step(x, t), limiting.step(x, t);
  std::size_t shortened = 0;
  for (const la::parameter& p : free.parameters) {
    numbers expected = elements(free.parameter(p.name.view()));
    if (p.shape.rank > 1) {
      const std::size_t row = p.shape.size() / p.shape[0];
      for (std::size_t n = 0; n < p.shape[0]; ++n) {
        double squares = 0;
        for (std::size_t k = 0; k < row; ++k) squares += expected[n * row + k] * expected[n * row + k];
        if (std::sqrt(squares) <= longest) continue;
        ++shortened;
        for (std::size_t k = 0; k < row; ++k) expected[n * row + k] *= longest / std::sqrt(squares);
      }
    }
    check_near(std::string(p.name.view()), elements(limited.parameter(p.name.view())), expected, {near, near});
  }
  CHECK((shortened > 0) == (longest < 100));
  std::vector<bool> shown(limited.block_size);
  for (const la::parameter& p : limited.parameters)
    for (std::size_t i = 0; i < p.shape.size(); ++i) shown[p.layout.position(i)] = true;
  for (std::size_t i = 0; i < shown.size(); ++i)
    if (!shown[i] && limited.data()[i] != 0) FAIL("padding at " << i);
}

} // namespace

TEST_CASE("a checkpoint of an image network is resumed to the bit") {
  check_resumes<images, float>(), check_resumes<images, double>();
  check_resumes<narrow, float>(), check_resumes<narrow, double>();
}

TEST_CASE("files of image weights do not depend on the architecture") {
  using native = xsimd::default_arch;
  check_file<images, float, native, xsimd::sse2>(), check_file<images, float, xsimd::sse2, native>();
  check_file<images, double, native, xsimd::sse2>(), check_file<narrow, float, native, xsimd::sse2>();
}

TEST_CASE("every element of an image weight has a place of its own, and some are padding") {
  const auto check = []<class Model>(const Model&) {
    std::vector<int> taken(Model::block_size);
    for (const la::parameter& p : Model::parameters)
      for (std::size_t i = 0; i < p.shape.size(); ++i) {
        const std::size_t at = p.layout.position(i);
        REQUIRE(at >= p.layout.offset);
        REQUIRE(at < p.layout.offset + p.layout.stored);
        REQUIRE(++taken[at] == 1);
      }
  };
  check(model_of<images>{la::seed{1}}), check(model_of<images, double>{la::seed{1}});
  check(model_of<narrow>{la::seed{1}}), check(model_of<images, float, xsimd::sse2>{la::seed{1}});
}

TEST_CASE("max_norm shortens filters, of every group, and the rows behind an image") {
  for (const double longest : {0.05, 0.3, 1000.0}) {
    check_limit<images, double>(longest, 1e-12), check_limit<images, float>(longest, 1e-6);
    check_limit<narrow, double>(longest, 1e-12), check_limit<narrow, float>(longest, 1e-6);
  }
}

TEST_CASE("initializers see a filter's fans as PyTorch counts them") {
  const auto fans = [](std::string_view name) {
    const la::parameter& p = model_of<images>::find(name);
    return std::pair{p.fan_in, p.fan_out};
  };
  CHECK(fans("0.weight") == std::pair<std::size_t, std::size_t>{2 * 9, 6 * 9});
  CHECK(fans("3.weight") == std::pair<std::size_t, std::size_t>{2 * 4, 12 * 4});
  CHECK(fans("5.weight") == std::pair<std::size_t, std::size_t>{9, 12 * 9});
  CHECK(fans("8.0.weight") == std::pair<std::size_t, std::size_t>{35 * 9, 70 * 9});
  CHECK(fans("10.weight") == std::pair<std::size_t, std::size_t>{9 * 9, 4 * 9});
  CHECK(fans("10.bias").first == 9 * 9);
  CHECK(fans("16.weight") == std::pair<std::size_t, std::size_t>{4 * 3, 5 * 3});
  // The spread of a default and of one of the catalogue.
  struct large : la::network<la::input<16, 3, 3>, la::conv2d<64, la::kernel<3>, la::groups<2>>> {};
  la::model<large, double> model{la::seed{1}};
  const auto variance = [&] {
    double squares = 0;
    for (const double w : elements(model.parameter("0.weight"))) squares += w * w;
    return squares / static_cast<double>(model.parameter("0.weight").size());
  };
  CHECK(variance() == Approx(1.0 / 3 / (8 * 9)).epsilon(0.1));
  la::initialize(model.parameter("0.weight"), la::glorot_uniform{}, 3);
  CHECK(variance() == Approx(2.0 / (8 * 9 + 64 * 9)).epsilon(0.1));
  la::initialize(model.parameter("0.weight"), la::he_normal{}, 3);
  CHECK(variance() == Approx(2.0 / (8 * 9)).epsilon(0.1));
}

TEST_CASE("orthogonal filters are orthonormal as rows of the weight, wherever they are stored") {
  model_of<images, double> model{la::seed{1}};
  for (const char* name : {"0.weight", "3.weight", "6.weight", "8.0.weight", "10.weight", "wide.weight"}) {
    INFO(name);
    const auto weight = model.parameter(name);
    la::initialize(weight, la::orthogonal{}, 7);
    const numbers w = elements(weight);
    const std::size_t rows = weight.shape()[0], columns = w.size() / rows, count = std::min(rows, columns);
    const auto at = [&](std::size_t v, std::size_t i) {
      return rows <= columns ? w[v * columns + i] : w[i * columns + v];
    };
    for (std::size_t u = 0; u < count; ++u)
      for (std::size_t v = 0; v <= u; ++v) {
        double dot = 0;
        for (std::size_t i = 0; i < std::max(rows, columns); ++i) dot += at(u, i) * at(v, i);
        if (std::abs(dot - (u == v)) > 1e-12) FAIL(u << " and " << v << ": " << dot);
      }
  }
}

TEST_CASE("lsuv makes what leaves every convolution vary by 1, in blocks too, before sums and norms") {
  struct net : la::network<la::input<2, 5, 5>, la::conv2d<6, la::kernel<3>, la::padding<1>>, la::batch_norm, la::relu,
                           la::residual<la::conv2d<6, la::kernel<3>, la::padding<1>>>, la::relu,
                           la::branches<la::concat, la::path<la::conv2d<3, la::kernel<1>>>, la::path<>>, la::flatten,
                           la::dense<1>> {};
  const auto data = points<net>(60);
  la::model<net, double> model{la::seed{1}};
  for (double factor : {30.0, 0.01}) // a norm that has seen something: what stands after it does not count
    model.parameter(factor > 1 ? "1.running_var" : "1.running_mean")[0] = factor;
  la::lsuv(model, data, {.samples = 60, .tolerance = 1e-6});
  // Each layer's output by hand, as the output of a network that ends there.
  struct first : la::network<la::input<2, 5, 5>, la::conv2d<6, la::kernel<3>, la::padding<1>>> {};
  struct second : la::network<la::input<2, 5, 5>, la::conv2d<6, la::kernel<3>, la::padding<1>>, la::batch_norm,
                              la::relu, la::conv2d<6, la::kernel<3>, la::padding<1>>> {};
  struct third : la::network<la::input<2, 5, 5>, la::conv2d<6, la::kernel<3>, la::padding<1>>, la::batch_norm, la::relu,
                             la::residual<la::conv2d<6, la::kernel<3>, la::padding<1>>>, la::relu,
                             la::conv2d<3, la::kernel<1>>> {};
  const auto check = [&]<class End>(la::model<End, double> end) {
    for (std::size_t i = 0; i < end.parameters.size(); ++i)
      assign(end.parameter(end.parameters[i].name.view()), elements(model.parameter(model.parameters[i].name.view())));
    double sum = 0, squares = 0, count = 0;
    for (std::size_t m = 0; m < data.size(); ++m) {
      const std::vector<double> x(data.row(m), data.row(m) + data.input_size());
      for (const double y : end(std::span<const double>(x))) sum += y, squares += y * y, ++count;
    }
    CHECK(squares / count - sum / count * (sum / count) == Approx(1).epsilon(1e-5));
  };
  check(la::model<first, double>{la::seed{1}});
  check(la::model<second, double>{la::seed{1}});
  check(la::model<third, double>{la::seed{1}});
}
