// A network whose layers share a weight is the network where each has its own and they are equal: the same outputs, and
// the gradient of the shared weight is the sum of theirs.
#include <laws/catalogue.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

/// A network with a tie, and without it: the layer `user` uses the weight of the layer `source`.
template <class Tied, class Untied, bool Transposed> struct pair {
  using tied = Tied;
  using untied = Untied;
  static constexpr bool transposed = Transposed;
};

template <std::size_t In, std::size_t Hidden> struct decoder {
  using source = la::named<"source", la::dense<Hidden>>;
  struct tied : la::network<la::input<In>, source, la::tanh,
                            la::named<"user", la::dense<In, la::transposed_weight_of<"source">>>, la::silu> {};
  struct untied : la::network<la::input<In>, source, la::tanh, la::named<"user", la::dense<In>>, la::silu> {};
  using type = pair<tied, untied, true>;
};
template <std::size_t In, std::size_t Width> struct repeated {
  using source = la::named<"source", la::dense<Width>>;
  struct tied : la::network<la::input<In>, la::dense<Width>, la::relu, source, la::tanh,
                            la::named<"user", la::dense<Width, la::no_bias, la::weight_of<"source">>>> {};
  struct untied : la::network<la::input<In>, la::dense<Width>, la::relu, source, la::tanh,
                              la::named<"user", la::dense<Width, la::no_bias>>> {};
  using type = pair<tied, untied, false>;
};
template <std::size_t Words, std::size_t Features> struct bag {
  using source = la::named<"source", la::mean_embedding<Features>>;
  struct tied : la::network<la::token_input<4, Words>, source, la::tanh,
                            la::named<"user", la::dense<Words, la::weight_of<"source">>>> {};
  struct untied : la::network<la::token_input<4, Words>, source, la::tanh, la::named<"user", la::dense<Words>>> {};
  using type = pair<tied, untied, false>;
};
template <std::size_t Steps, std::size_t Words, std::size_t Features, class... Options> struct language {
  using source = la::named<"source", la::embedding<Features>>;
  struct tied
      : la::network<la::token_input<Steps, Words>, source, la::softplus,
                    la::named<"user", la::per_step<la::dense<Words, la::weight_of<"source">, Options...>>>, la::tanh> {
  };
  struct untied : la::network<la::token_input<Steps, Words>, source, la::softplus,
                              la::named<"user", la::per_step<la::dense<Words, Options...>>>, la::tanh> {};
  using type = pair<tied, untied, false>;
};

/// Few outputs, several panels, sizes that fill vectors and that do not; more steps than are handed over at once.
using pairs =
    list<entry<"decoder 21-5", decoder<21, 5>::type>, entry<"decoder 70-2", decoder<70, 2>::type>,
         entry<"decoder 33-1", decoder<33, 1>::type>, entry<"decoder 100-70", decoder<100, 70>::type>,
         entry<"decoder 3-64", decoder<3, 64>::type>, entry<"repeated 4-9", repeated<4, 9>::type>,
         entry<"repeated 3-80", repeated<3, 80>::type>, entry<"repeated 5-2", repeated<5, 2>::type>,
         entry<"bag 11-2", bag<11, 2>::type>, entry<"bag 70-37", bag<70, 37>::type>,
         entry<"bag 5-70", bag<5, 70>::type>, entry<"language 9-11-2", language<9, 11, 2>::type>,
         entry<"language 9-70-37", language<9, 70, 37>::type>, entry<"language 3-5-140", language<3, 5, 140>::type>,
         entry<"language 60-7-16", language<60, 7, 16, la::no_bias>::type>>;

template <class Net, class T> std::vector<T> inputs_for(std::size_t batch) {
  constexpr std::size_t count = Net::input_shape.size(), tokens = Net::input_shape.tokens;
  std::vector<T> all = drawn<T>(batch * count, batch);
  if constexpr (tokens > 0)
    for (T& v : all) v = std::floor((v + 1) / 2 * static_cast<T>(0.999) * static_cast<T>(tokens));
  return all;
}
/// The numbers of a matrix as those of its transposition.
numbers turned(const numbers& values, std::size_t rows) {
  const std::size_t columns = values.size() / rows;
  numbers turned;
  for (std::size_t c = 0; c < columns; ++c)
    for (std::size_t r = 0; r < rows; ++r) turned.push_back(values[r * columns + c]);
  return turned;
}

template <class Pair, class T> void check_pair(const std::string& what) {
  using tied = typename Pair::tied;
  using untied = typename Pair::untied;
  constexpr double near = is_double<T> ? 1e-13 : 2e-5;
  la::model<tied, T> one{la::seed{1}};
  la::model<untied, T> two{la::seed{2}};
  std::uint64_t seed = 10;
  for (const la::parameter& p : one.parameters) {
    const numbers values = as_numbers(drawn<double>(p.shape.size(), ++seed));
    assign(one.parameter(p.name.view()), values);
    assign(two.parameter(p.name.view()), values);
  }
  const auto weight = one.parameter("source.weight");
  const std::size_t rows = weight.shape()[0];
  assign(two.parameter("user.weight"), Pair::transposed ? turned(elements(weight), rows) : elements(weight));

  constexpr std::size_t in = tied::input_shape.size(), out = tied::output_shape.size();
  la::trainer of_one{one, la::mean_squared_error{}, la::sgd{}};
  la::trainer of_two{two, la::mean_squared_error{}, la::sgd{}};
  for (const std::size_t batch : {1u, 2u, 5u, 6u, 7u, 33u}) {
    const std::string where = joined(what, ", batch of ", std::to_string(batch));
    const std::vector<T> x = inputs_for<tied, T>(batch), t = drawn<T>(batch * out, 3);
    std::vector<T> y(batch * out), expected(batch * out);
    la::workspace<tied, T> room{batch};
    la::workspace<untied, T> other_room{batch};
    la::predict(one, x, y, room);
    la::predict(two, x, expected, other_room);
    check_near(where, as_numbers(y), as_numbers(expected), {near, near});
    const auto single = one(std::span<const T>(x).first(in));
    check_near(where + ", one sample", as_numbers(single), numbers(expected.begin(), expected.begin() + out),
               {near, near});
    const auto gradient = of_one.gradient(x, t);
    const auto shares = of_two.gradient(x, t);
    for (const la::parameter& p : one.parameters) {
      numbers sum = elements(shares(p.name.view()));
      if (p.name.view() == "source.weight") {
        const numbers user = elements(shares("user.weight"));
        const numbers more = Pair::transposed ? turned(user, user.size() / rows) : user;
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
      }
      check_near(joined(where, ": ", p.name.view()), elements(gradient(p.name.view())), sum, {near, near});
    }
  }
}

} // namespace

TEMPLATE_TEST_CASE("a shared weight is two that are equal, and its gradient the sum of theirs", "", double, float) {
  for_each(pairs{}, []<class E>() { check_pair<typename E::type, TestType>(E::text()); });
}

TEST_CASE("the update of a shared weight in one pass is that by the whole gradient") {
  using net = decoder<21, 5>::tied;
  using rules = list<entry<"sgd", la::sgd>, entry<"momentum", la::momentum>, entry<"adam", la::adam>>;
  for_each(rules{}, []<class E>() {
    using rule = typename E::type;
    for (const std::size_t batch : {1u, 7u}) {
      la::model<net, double> one{la::seed{1}}, two{la::seed{1}}, three{la::seed{1}};
      la::trainer in_one_pass{one, la::mean_squared_error{}, rule{.learning_rate = 0.05}};
      la::trainer by_norm{two, la::mean_squared_error{}, rule{.learning_rate = 0.05} | la::clip_by_global_norm{1e9}};
      la::trainer gathered{three, la::mean_squared_error{},
                           rule{.learning_rate = 0.05} | la::accumulate_gradients{.count = 2}};
      const auto x = drawn<double>(batch * 21, 1), t = drawn<double>(batch * 21, 2);
      for (int step = 0; step < 5; ++step) {
        in_one_pass.step(x, t), by_norm.step(x, t);
        gathered.step(x, t), gathered.step(x, t); // the same batch twice: its mean
      }
      check_near(E::text(", by norm"), parameters_of(one), parameters_of(two), {1e-11, 1e-12});
      check_near(E::text(", gathered"), parameters_of(one), parameters_of(three), {1e-11, 1e-12});
    }
  });
}

TEST_CASE("threads change no bit of a language model with tied weights") {
  using net = language<9, 70, 37>::tied;
  const auto trained = [](std::size_t count) {
    la::model<net> model{la::seed{1}};
    la::trainer trainer{model, la::mean_squared_error{}, la::adam{}, la::threads{count}};
    const auto x = inputs_for<net, float>(120), t = drawn<float>(120 * 9 * 70, 2);
    for (int step = 0; step < 3; ++step) trainer.step(x, t);
    return bytes_of(model);
  };
  const image one = trained(1);
  CHECK(trained(2) == one);
  CHECK(trained(3) == one);
}

TEST_CASE("a weight is looked for where its user stands, and then around it") {
  struct net : la::network<la::input<9>, la::named<"a", la::dense<9>>,
                           la::residual<la::named<"a", la::dense<9>>, la::tanh, la::dense<9, la::weight_of<"a">>>,
                           la::residual<la::tanh, la::dense<9, la::weight_of<"a">>>, la::dense<9>,
                           la::dense<9, la::weight_of<"1.a">>, la::dense<9, la::weight_of<"3">>> {};
  const auto source_of = [](std::string_view user) {
    for (const auto& leaf : net::leaf_table.leaves)
      if (leaf.name.view() == user && leaf.source != la::detail::none)
        return net::leaf_table.leaves[leaf.source].name.view();
    return std::string_view{"none"};
  };
  CHECK(source_of("1.2") == "1.a");
  CHECK(source_of("2.1") == "a");
  CHECK(source_of("4") == "1.a");
  CHECK(source_of("5") == "3");
}

TEST_CASE("lsuv scales a shared weight by the layer whose own it is") {
  using net = decoder<21, 5>::tied;
  la::model<net, double> model{la::seed{1}};
  la::dataset<la::values> data{21, 1};
  for (std::uint64_t m = 0; m < 100; ++m) data.push_back(drawn<float>(21, m), {0});
  la::lsuv(model, data);
  double sum = 0, squares = 0;
  for (std::size_t m = 0; m < data.size(); ++m)
    for (std::size_t n = 0; n < 5; ++n) {
      double z = 0;
      for (std::size_t k = 0; k < 21; ++k)
        z += model.parameter("source.weight")(n, k) * static_cast<double>(data.input(m)[k]);
      sum += z, squares += z * z;
    }
  CHECK(squares / 500 - sum / 500 * sum / 500 == Approx(1).epsilon(0.02));
}

TEST_CASE("a line search on shared weights goes down") {
  using net = decoder<21, 5>::tied;
  la::model<net, double> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::backtracking{}};
  const auto x = drawn<double>(30 * 21, 1), t = drawn<double>(30 * 21, 2);
  double last = trainer.loss(x, t);
  for (int step = 0; step < 10; ++step) {
    trainer.step(x, t);
    const double now = trainer.loss(x, t);
    CHECK(now < last);
    last = now;
  }
}

TEST_CASE("a stream of a language model with tied weights is its window") {
  using net = language<9, 70, 37>::tied;
  la::model<net, double> model{la::seed{1}};
  const std::vector<double> x = inputs_for<net, double>(1);
  const auto window = model(std::span<const double>(x));
  la::stream<net, double> stream{model};
  numbers steps(window.size());
  stream.process(x, steps);
  check_near("stream", steps, as_numbers(window), {1e-13, 1e-13});
}
