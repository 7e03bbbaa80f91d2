// What a declaration says: names, shapes, counts; nested and named networks, views, `from`.
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

using texts = std::vector<std::string>;

template <class Net> texts names() {
  texts all;
  for (const la::parameter& p : la::model<Net>::parameters) all.emplace_back(p.name.view());
  return all;
}

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};
struct inner : la::network<la::input<4>, la::dense<3>, la::tanh, la::dense<4>> {};
struct middle : la::network<la::input<4>, inner, la::relu, la::named<"again", inner>> {};
struct outer : la::network<la::input<2, 2>, la::flatten, middle, la::named<"fc1", la::dense<5>>, la::reshape<5, 1>> {};
struct written_out : la::network<la::input<4>, la::dense<3>, la::tanh, la::dense<4>, la::relu, la::dense<3>, la::tanh,
                                 la::dense<4>, la::dense<5>> {};
struct views : la::network<la::input<2, 3>, la::flatten, la::reshape<3, 2>> {};

} // namespace

TEST_CASE("a network says its shapes and counts while compiling") {
  static_assert(digits::input_shape == la::shape<784> && digits::output_shape == la::shape<10>);
  static_assert(digits::layer_count == 3 && digits::parameter_count == 101'770);
  static_assert(digits::shape_after<0> == la::shape<128> && digits::shape_after<1> == la::shape<128>);
  static_assert(outer::shape_after<0> == la::shape<4> && outer::shape_after<1> == la::shape<4>);
  static_assert(outer::output_shape == la::shape<5, 1> && outer::layer_count == 4);
  static_assert(inner::parameter_count == 31 && outer::parameter_count == 2 * 31 + 25);
  static_assert(la::network<la::input<3>, la::dense<2, la::no_bias>>::parameter_count == 6);
  static_assert(nested::shape_after<3> == la::shape<2, 3> && nested::shape_after<4> == la::shape<2, 3>);
  static_assert(la::network<la::input<3>, la::dense<2, la::from<3>>>::parameter_count == 8);
  SUCCEED();
}

TEST_CASE("the count of parameters is that of the elements a model shows") {
  for_each(networks{}, []<class E>() {
    INFO(E::name);
    std::size_t count = 0;
    for (const la::parameter& p : la::model<typename E::type>::parameters)
      if (p.trainable) count += p.shape.size();
    CHECK(count == E::type::parameter_count);
  });
}

TEST_CASE("parameters are named by their layer's index, its name, and the path through nested networks") {
  CHECK(names<digits>() == texts{"0.weight", "0.bias", "2.weight", "2.bias"});
  CHECK(names<outer>() == texts{"1.0.0.weight", "1.0.0.bias", "1.0.2.weight", "1.0.2.bias", "1.again.0.weight",
                                "1.again.0.bias", "1.again.2.weight", "1.again.2.bias", "fc1.weight", "fc1.bias"});
  CHECK(names<nested>() ==
        texts{"body.0.weight", "body.0.bias", "body.out.weight", "body.out.bias", "head.weight", "head.bias"});
  CHECK(names<first_activation>() == texts{"1.weight", "3.weight", "3.bias"});
}

TEST_CASE("a nested network is its layers written out") {
  la::model<outer, double> one{la::seed{1}};
  la::model<written_out, double> other{la::seed{1}};
  CHECK(parameters_of(one) == parameters_of(other));
  la::trainer trainer{one, la::mean_squared_error{}, la::adam{}};
  la::trainer other_trainer{other, la::mean_squared_error{}, la::adam{}};
  const numbers inputs = drawn<double>(4 * 6, 1), targets = drawn<double>(5 * 6, 2);
  for (int step = 0; step < 5; ++step) CHECK(trainer.step(inputs, targets) == other_trainer.step(inputs, targets));
  CHECK(parameters_of(one) == parameters_of(other));
}

TEST_CASE("a network of views hands its input on") {
  static_assert(views::parameter_count == 0 && views::output_shape == la::shape<3, 2>);
  la::model<views> model{la::seed{1}};
  const std::vector<float> x = drawn<float>(6 * 5, 1);
  CHECK(as_numbers(model(std::span<const float>(x).first(6))) == as_numbers(std::span<const float>(x).first(6)));
  std::vector<float> y(x.size());
  la::workspace<views> workspace{2};
  la::predict(model, x, y, workspace);
  CHECK(x == y);
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{}};
  CHECK(trainer.step(x, x) == 0);
  CHECK(model.parameters.size() == 0);
}

TEST_CASE("a parameter is seen in PyTorch's layout, and every element is one of its own") {
  for_each(networks{}, []<class E>() {
    INFO(E::name);
    using model_type = la::model<typename E::type>;
    model_type model{la::seed{1}};
    double next = 1;
    for (const la::parameter& p : model_type::parameters) {
      const auto view = model.parameter(p.name.view());
      CHECK(view.name() == p.name.view());
      for (std::size_t i = 0; i < view.size(); ++i) view[i] = static_cast<float>(next++);
      if (view.shape().rank == 2)
        for (std::size_t n = 0; n < view.shape()[0]; ++n)
          for (std::size_t k = 0; k < view.shape()[1]; ++k)
            if (&view(n, k) != &view[n * view.shape()[1] + k]) FAIL("(n, k) is not row-major");
    }
    numbers expected(static_cast<std::size_t>(next) - 1);
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<double>(i + 1);
    CHECK(parameters_of(model) == expected);
  });
}

TEST_CASE("a dense layer's output is x W + b of the view") {
  using model_type = la::model<wide, double>;
  const model_type model{la::seed{2}};
  const auto w = model.parameter("0.weight"), b = model.parameter("0.bias");
  struct first_layer : la::network<la::input<65>, la::dense<129>> {};
  la::model<first_layer, double> layer{la::seed{3}};
  assign(layer.parameter("0.weight"), elements(w));
  assign(layer.parameter("0.bias"), elements(b));
  const numbers x = drawn<double>(65, 1);
  const auto y = layer(x);
  numbers expected;
  for (std::size_t n = 0; n < 129; ++n) {
    double sum = b(n);
    for (std::size_t k = 0; k < 65; ++k) sum += w(n, k) * x[k];
    expected.push_back(sum);
  }
  check_near("y", as_numbers(y), expected, {1e-13, 1e-13});
}
