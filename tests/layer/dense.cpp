// dense and softmax against PyTorch.
#include <golden/golden.hpp>
#include <lamina/lamina.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

/// dL/dy is the target, so that a test says what arrives from above.
struct upstream : la::loss<la::terms::y * la::terms::t> {};

template <std::size_t K> void set_identity(auto& model, std::string_view name) {
  const auto view = model.parameter(name);
  assign(view, numbers(K * K));
  for (std::size_t k = 0; k < K; ++k) view(k, k) = 1;
}

template <class T, std::size_t B, std::size_t K, std::size_t N> void check_dense(const golden::records& all) {
  const std::string at = std::to_string(B) + "x" + std::to_string(K) + "x" + std::to_string(N);
  const double near = is_double<T> ? 1e-10 : 1e-5;
  // An identity before it, by whose bias the gradient is that by the layer's input.
  struct net : la::network<la::input<K>, la::dense<K>, la::dense<N>> {};
  la::model<net, T> model{la::seed{1}};
  set_identity<K>(model, "0.weight");
  assign(model.parameter("0.bias"), numbers(K));
  assign(model.parameter("1.weight"), all.at(at + "/weight"));
  assign(model.parameter("1.bias"), all.at(at + "/bias"));

  const std::vector<T> inputs = as<T>(all.at(at + "/x"));
  std::vector<T> outputs(B * N), targets = as<T>(all.at(at + "/upstream"));
  la::workspace<net, T> workspace{B};
  la::predict(model, inputs, outputs, workspace);
  check_near(at + " y", as_numbers(outputs), all.at(at + "/y"), {near, near});

  la::trainer trainer{model, upstream{}, la::sgd{}};
  for (T& t : targets) t *= static_cast<T>(B * N);
  const auto gradient = trainer.gradient(inputs, targets);
  check_near(at + " dweight", elements(gradient("1.weight")), all.at(at + "/dweight"), {near, near});
  check_near(at + " dbias", elements(gradient("1.bias")), all.at(at + "/dbias"), {near, near});
  numbers dx;
  for (std::size_t m = 0; m < B; ++m) {
    const auto single =
        trainer.gradient(std::span<const T>(inputs).subspan(m * K, K), std::span<const T>(targets).subspan(m * N, N));
    for (const double d : elements(single("0.bias"))) dx.push_back(d / static_cast<double>(B));
  }
  check_near(at + " dx", dx, all.at(at + "/dx"), {near, near});
}

template <class T, class Layer, std::size_t R, std::size_t C>
void check_softmax(const golden::records& all, const std::string& name) {
  const std::string at = std::to_string(R) + "x" + std::to_string(C);
  const double near = is_double<T> ? 1e-10 : 1e-5;
  struct net : la::network<la::input<C>, la::dense<C>, Layer> {};
  la::model<net, T> model{la::seed{1}};
  set_identity<C>(model, "0.weight");
  assign(model.parameter("0.bias"), numbers(C));
  la::trainer trainer{model, upstream{}, la::sgd{}};
  const std::vector<T> x = as<T>(all.at(at + "/x")), above = as<T>(all.at(at + "/upstream"));
  numbers values, gradients;
  for (std::size_t m = 0; m < R; ++m) {
    const auto input = std::span<const T>(x).subspan(m * C, C);
    const auto y = model(input);
    values.insert(values.end(), y.begin(), y.end());
    const auto gradient = trainer.gradient(input, std::span<const T>(above).subspan(m * C, C));
    for (const double d : elements(gradient("0.bias"))) gradients.push_back(d * static_cast<double>(C));
  }
  check_near(name + " " + at, values, all.at(at + "/" + name + "/value"), {near, near});
  check_near(name + "' " + at, gradients, all.at(at + "/" + name + "/gradient"), {near, near});
}

} // namespace

TEMPLATE_TEST_CASE("dense and its gradients by input, weight and bias are PyTorch's", "", double, float) {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/dense.txt");
  using T = TestType;
  check_dense<T, 1, 1, 1>(all);
  check_dense<T, 2, 3, 5>(all);
  check_dense<T, 4, 13, 7>(all);
  check_dense<T, 1, 17, 31>(all);
  check_dense<T, 5, 33, 10>(all);
  check_dense<T, 3, 6, 65>(all);
  check_dense<T, 19, 16, 16>(all);
}

TEMPLATE_TEST_CASE("softmax, log_softmax and their gradients are PyTorch's", "", double, float) {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/softmax.txt");
  using T = TestType;
  const auto both = [&]<std::size_t R, std::size_t C>() {
    check_softmax<T, la::softmax, R, C>(all, "softmax");
    check_softmax<T, la::log_softmax, R, C>(all, "log_softmax");
  };
  both.template operator()<1, 1>();
  both.template operator()<3, 2>();
  both.template operator()<5, 10>();
  both.template operator()<2, 17>();
  both.template operator()<4, 33>();
}

TEST_CASE("softmax of an image is that of its rows") {
  const la::model<la::network<la::input<2, 3, 5>, la::softmax>> whole{la::seed{1}};
  const la::model<la::network<la::input<5>, la::softmax>> row{la::seed{1}};
  const std::vector<float> x = drawn<float>(30, 1);
  const auto y = whole(x);
  for (std::size_t r = 0; r < 6; ++r) {
    const auto expected = row(std::span<const float>(x).subspan(r * 5, 5));
    for (std::size_t i = 0; i < 5; ++i) CHECK(y[r * 5 + i] == expected[i]);
  }
}

TEST_CASE("dense says its shape, its parameters and its flops") {
  using plain = la::dense<5>;
  using bare = la::dense<5, la::no_bias, la::from<3>>;
  static_assert(plain::infer(la::shape<3>).output == la::shape<5>);
  static_assert(plain::infer(la::shape<3, 1>).why == la::reason::input_rank);
  static_assert(bare::infer(la::shape<4>).why == la::reason::input_size);
  static_assert(bare::infer(la::shape<3>).output == la::shape<5>);
  static_assert(plain::parameters(la::shape<3>).size() == 2 && bare::parameters(la::shape<3>).size() == 1);
  static_assert(plain::parameters(la::shape<3>)[0].shape == la::shape<5, 3>);
  static_assert(plain::forward_flops(la::shape<3>) == 30 && plain::backward_flops(la::shape<3>) == 60);
  static_assert(la::reshape<2, 3>::infer(la::shape<7>).why == la::reason::element_count);
  static_assert(la::flatten::infer(la::shape<2, 3, 4>).output == la::shape<24>);
  SUCCEED();
}
