#pragma once
// Layers of sequences against PyTorch: outputs, loss, and the gradients by the input and by every parameter; and what
// they give as a stream.
#include <golden/formula.hpp>
#include <golden/golden.hpp>
#include <laws/catalogue.hpp>
#include <laws/support.hpp>

namespace laws {

/// Layers on a sequence, the batch, and the name of their records in golden/sequences.txt.
template <la::fixed_string Name, std::size_t Batch, class Input, class... Layers> struct sequence_case {
  static constexpr std::string_view name = Name.view();
  static constexpr std::size_t batch = Batch;
};

namespace sequence_cases {

/// Whether the targets are numbers: PyTorch's loss is cross-entropy where a linear layer ends a network on tokens.
template <class Case> inline constexpr bool all_values = true;
template <la::fixed_string Name, std::size_t Batch, std::size_t L, std::size_t V, class... Layers>
inline constexpr bool all_values<sequence_case<Name, Batch, la::token_input<L, V>, Layers...>> = sizeof...(Layers) == 1;

/// The layers behind slopes of 1, whose gradient shows that by the input; their names count from 0.
template <class Case> struct with_slopes;
template <la::fixed_string Name, std::size_t Batch, std::size_t L, std::size_t F, class... Layers>
struct with_slopes<sequence_case<Name, Batch, la::input<L, F>, Layers...>>
    : la::network<la::input<L * F>, la::named<"slopes", la::prelu<L * F>>, la::named<"shape", la::reshape<L, F>>,
                  Layers...> {};
/// Tokens have no gradient.
template <la::fixed_string Name, std::size_t Batch, std::size_t L, std::size_t V, class... Layers>
struct with_slopes<sequence_case<Name, Batch, la::token_input<L, V>, Layers...>>
    : la::network<la::token_input<L, V>, Layers...> {};

template <class Case> struct alone;
template <la::fixed_string Name, std::size_t Batch, class Input, class... Layers>
struct alone<sequence_case<Name, Batch, Input, Layers...>> : la::network<Input, Layers...> {};

struct records_of_case {
  const golden::records& all;
  std::string name;
  double near;

  std::string of(std::string_view what) const { return name + "/" + std::string{what}; }
  /// Compares a tensor, or its digest, with the record.
  void check(std::string_view what, const numbers& tensor) const {
    const std::string record = of(what);
    const numbers& expected = all.at(record);
    if (tensor.size() <= 64) {
      double longest = 0;
      for (const double v : expected) longest = std::max(longest, std::abs(v));
      check_near(record, tensor, expected, {near, near * longest + 1e-14});
    } else {
      check_near(record, golden::digest(record, tensor), expected, {near, near * expected[0] + 1e-14});
    }
  }
};

template <class T, class Case> std::vector<T> inputs_of(const records_of_case& golden) {
  using net = alone<Case>;
  constexpr std::size_t count = Case::batch * net::input_shape.size(), tokens = net::input_shape.tokens;
  if constexpr (tokens > 0) {
    const auto drawn = golden::tokens(golden.of("x"), tokens, count);
    return std::vector<T>(drawn.begin(), drawn.end());
  } else {
    numbers drawn = golden::drawn(golden.of("x"), count);
    for (double& v : drawn) v = v / 2 - 0.75;
    return as<T>(drawn);
  }
}

/// Parameters are drawn halves.
template <class Model> void put_parameters(Model& model, const records_of_case& golden) {
  for (const la::parameter& p : model.parameters) {
    const auto view = model.parameter(p.name.view());
    numbers drawn = golden::drawn(golden.of(p.name.view()), view.size());
    for (double& v : drawn) v = p.name.view() == "slopes.weight" ? 1 : v / 2;
    assign(view, drawn);
  }
}

template <class Net, class T, class Target>
void check_training(const records_of_case& golden, la::model<Net, T>& model, const std::vector<T>& x,
                    const Target& target, auto loss) {
  la::trainer trainer{model, loss, la::sgd{}};
  golden.check("loss", {trainer.loss(x, target)});
  const auto gradient = trainer.gradient(x, target);
  for (const la::parameter& p : model.parameters) {
    const numbers got = elements(gradient(p.name.view()));
    if (p.name.view() != "slopes.weight") golden.check("gradient/" + std::string{p.name.view()}, got);
  }
}

/// The gradient by the input, which the slopes' is times the input, summed over the batch.
template <class Net, class T>
void check_input_gradient(const records_of_case& golden, la::model<Net, T>& model, const std::vector<T>& x,
                          const std::vector<T>& target) {
  constexpr std::size_t in = Net::input_shape.size(), out = Net::output_shape.size();
  const std::size_t batch = x.size() / in;
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{}};
  numbers all;
  for (std::size_t m = 0; m < batch; ++m) { // one sample at a time, so that nothing is summed
    const std::span<const T> sample{x.data() + m * in, in}, wanted{target.data() + m * out, out};
    const auto gradient = trainer.gradient(sample, wanted);
    for (std::size_t i = 0; i < in; ++i)
      all.push_back(static_cast<double>(gradient("slopes.weight")[i]) / static_cast<double>(sample[i]) /
                    static_cast<double>(batch));
  }
  golden.check("gradient/x", all);
}

/// Blocks of any size through a stream give what the window gives.
template <class Net, class T> void check_stream(const la::model<Net, T>& model, const std::vector<T>& x, double near) {
  using stream = la::stream<Net, T>;
  constexpr std::size_t in = Net::input_shape.size(), steps = Net::input_shape[0];
  stream voice{model};
  for (std::size_t m = 0; m < x.size() / in; ++m) {
    voice.reset();
    std::vector<T> given(steps * stream::outputs);
    for (std::size_t t = 0, count = 0; t < steps; t += count) {
      count = std::min<std::size_t>(1 + (t + m) % 3, steps - t);
      voice.process({x.data() + m * in + t * stream::inputs, count * stream::inputs},
                    {given.data() + t * stream::outputs, count * stream::outputs});
    }
    numbers expected = as_numbers(model(std::span<const T>{x.data() + m * in, in})), got = as_numbers(given);
    if (expected.size() < got.size()) got.erase(got.begin(), got.end() - static_cast<std::ptrdiff_t>(expected.size()));
    check_near("stream of sample " + std::to_string(m), got, expected, {near, near});
  }
}

template <class Case, class T> void check(const golden::records& all, double near) {
  using net = alone<Case>;
  constexpr std::size_t out = net::output_shape.size();
  const records_of_case golden{all, std::string{Case::name}, near};
  INFO(golden.name);
  const std::vector<T> x = inputs_of<T, Case>(golden);

  la::model<net, T> plain{la::seed{1}};
  put_parameters(plain, golden);
  std::vector<T> y(Case::batch * out);
  la::workspace<net, T> workspace{Case::batch};
  la::predict(plain, x, y, workspace);
  golden.check("y", as_numbers(y));
  for (std::size_t m = 0; m < Case::batch; ++m) {
    const std::span<const T> sample{x.data() + m * net::input_shape.size(), net::input_shape.size()};
    check_near(golden.name + ": one sample", as_numbers(plain(sample)),
               as_numbers(std::span<const T>{y.data() + m * out, out}), {near, near});
  }
  if constexpr (la::Streamable<net>) check_stream(plain, x, is_double<T> ? 1e-12 : 1e-5);

  if constexpr (is_double<T>) { // the gradients do not depend on the scalar's width: one is enough to compile
    using trained = with_slopes<Case>;
    la::model<trained, T> model{la::seed{1}};
    put_parameters(model, golden);
    constexpr bool classes = net::input_shape.tokens > 0 && !all_values<Case>;
    if constexpr (classes) {
      const auto drawn =
          golden::tokens(golden.of("target"), net::output_shape.last(), Case::batch * out / net::output_shape.last());
      const std::vector<la::label> target(drawn.begin(), drawn.end());
      check_training(golden, model, x, target, la::softmax_cross_entropy{});
    } else {
      const std::vector<T> target = as<T>(golden::drawn(golden.of("target"), Case::batch * out));
      check_training(golden, model, x, target, la::mean_squared_error{});
      if constexpr (net::input_shape.tokens == 0) check_input_gradient(golden, model, x, target);
    }
  }
}

} // namespace sequence_cases

template <class... Cases> void check_sequence_cases(list<Cases...> cases) {
  static const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/sequences.txt");
  for_each(cases, []<class Case>() {
    sequence_cases::check<Case, double>(all, 1e-10);
    if constexpr (Case::name.back() % 2 == 0) sequence_cases::check<Case, float>(all, 1e-5);
  });
}

} // namespace laws
