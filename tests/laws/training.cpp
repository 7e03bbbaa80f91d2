// What training must be whatever it trains: a function of the seed, without an allocation, the same wherever it is
// stored.
#include "allocations.hpp"
#include "networks.hpp"
#include "support.hpp"
#include <array>

using namespace laws;

namespace {

using model_type = la::model<relu_5_33_4>;
constexpr std::size_t batch = 12;
const std::vector<float> inputs = drawn<float>(batch * 5, 1);
const std::vector<la::label> labels = drawn_labels(batch, 4, 2);

la::dataset<la::label> samples() {
  la::dataset<la::label> data{5};
  for (std::size_t m = 0; m < batch; ++m) data.push_back(std::span<const float>(inputs).subspan(m * 5, 5), labels[m]);
  return data;
}

template <class Model> void train(Model& model, std::size_t epochs = 4) {
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.01}};
  trainer.fit(samples(), {.epochs = epochs, .batch_size = 5});
}

} // namespace

TEMPLATE_TEST_CASE("nothing is allocated after construction and the first batch of a size", "", float, double) {
  using T = TestType;
  for_each(list<entry<"after_softmax", after_softmax>, entry<"nested", nested>,
                entry<"normalized_paths", normalized_paths>, entry<"tied", tied>>{},
           []<class E>() {
             INFO(E::name);
             using net = typename E::type;
             constexpr std::size_t in = net::input_shape.size(), out = net::output_shape.size();
             la::model<net, T> model{la::seed{1}};
             la::workspace<net, T> workspace{8};
             la::trainer trainer{model, la::mean_squared_error{}, la::adamw{}};
             const std::vector<T> x = drawn<T>(20 * in, 1), t = drawn<T>(20 * out, 2);
             std::vector<T> y(20 * out);
             const std::span<const T> some_x{x.data(), 9 * in}, some_t{t.data(), 9 * out};
             T sum = 0;
             CHECK(allocations_in([&] { sum += model(std::span<const T, in>(x.data(), in))[0]; }) == 0);
             CHECK(allocations_in([&] { sum += model(std::span<const T>(x.data(), in))[0]; }) == 0);
             CHECK(allocations_in([&] { la::predict(model, x, y, workspace); }) == 0);
             trainer.step(x, t);
             CHECK(allocations_in([&] { trainer.step(x, t), trainer.step(some_x, some_t), trainer.step(x, t); }) == 0);
             CHECK(allocations_in([&] { trainer.loss(x, t), trainer.loss(some_x, some_t); }) == 0);
             CHECK(std::isfinite(sum));
           });
  model_type model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{}};
  trainer.step(inputs, labels);
  CHECK(allocations_in([&] { trainer.step(inputs, labels); }) == 0);
  la::model<relu_5_33_4, float, la::in_place> here{la::seed{1}};
  CHECK(allocations_in([&] { la::model<relu_5_33_4, float, la::in_place>{la::seed{1}}; }) == 0);
}

TEST_CASE("fit allocates for its epochs once, not for its batches") {
  model_type model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{}};
  const auto data = samples();
  const auto count = [&](std::size_t batch_size) {
    return allocations_in([&] { trainer.fit(data, {.epochs = 2, .batch_size = batch_size}); });
  };
  count(12); // the arena of the largest batch
  CHECK(count(1) == count(12));
}

TEST_CASE("training is a function of the seed") {
  model_type one{la::seed{7}}, again{la::seed{7}}, other{la::seed{8}};
  train(one), train(again), train(other);
  CHECK(bytes_of(one) == bytes_of(again));
  CHECK(bytes_of(one) != bytes_of(other));
  // Of the order of the samples too, not of the first values alone.
  model_type same_start{la::seed{8}};
  for (const la::parameter& p : model_type::parameters)
    assign(same_start.parameter(p.name.view()), elements(model_type{la::seed{7}}.parameter(p.name.view())));
  train(same_start);
  CHECK(bytes_of(same_start) != bytes_of(one));
}

TEST_CASE("two calls of fit are one with as many epochs") {
  model_type one{la::seed{7}}, in_two{la::seed{7}};
  la::trainer trainer{one, la::softmax_cross_entropy{}, la::adam{}};
  la::trainer in_parts{in_two, la::softmax_cross_entropy{}, la::adam{}};
  const auto data = samples();
  trainer.fit(data, {.epochs = 5, .batch_size = 5});
  in_parts.fit(data, {.epochs = 2, .batch_size = 5});
  const la::history rest = in_parts.fit(data, {.epochs = 3, .batch_size = 5});
  CHECK(bytes_of(one) == bytes_of(in_two));
  CHECK(rest.back().epoch == 5);
  CHECK(in_parts.steps() == 15);
}

TEST_CASE("where a model is stored changes no bit") {
  model_type heap{la::seed{3}};
  la::model<relu_5_33_4, float, la::in_place> here{la::seed{3}};
  alignas(64) std::array<float, model_type::block_size + 16> buffer;
  buffer.fill(99);
  la::model<relu_5_33_4, float, la::external> there{la::seed{3}, buffer};
  CHECK(bytes_of(heap) == bytes_of(here));
  CHECK(bytes_of(heap) == bytes_of(there));
  CHECK(there.data() == buffer.data());
  CHECK(buffer.back() == 99);
  train(heap), train(here), train(there);
  CHECK(bytes_of(heap) == bytes_of(here));
  CHECK(bytes_of(heap) == bytes_of(there));
  const std::span<const float> sample{inputs.data(), 5};
  CHECK(heap(sample) == here(sample));
  CHECK(heap(sample) == there(sample));
}

TEST_CASE("a copy of a model is a model of its own; of an external one, a second view") {
  model_type original{la::seed{3}};
  model_type copy{original};
  const image before = bytes_of(original);
  train(copy);
  CHECK(bytes_of(original) == before);
  CHECK(bytes_of(copy) != before);
  model_type assigned{la::seed{4}};
  assigned = copy;
  CHECK(bytes_of(assigned) == bytes_of(copy));
  assigned.parameter("0.bias")(0) += 1;
  CHECK(bytes_of(assigned) != bytes_of(copy));
  const image trained = bytes_of(copy);
  const model_type moved{std::move(copy)};
  CHECK(bytes_of(moved) == trained);
  CHECK(moved.drawn_from().value == 3);

  la::model<relu_5_33_4, float, la::in_place> here{la::seed{3}};
  auto here_copy = here;
  here_copy.parameter("0.bias")(0) += 1;
  CHECK(bytes_of(here) == before);

  alignas(64) std::array<float, model_type::block_size> buffer;
  la::model<relu_5_33_4, float, la::external> there{la::seed{3}, buffer};
  auto view = there;
  view.parameter("0.bias")(0) = 5;
  CHECK(there.parameter("0.bias")(0) == 5);
}

TEST_CASE("a step is forward, gradient and the rule, and loss and gradient change nothing") {
  for_each(optimizers{}, []<class O>() {
    INFO(O::name);
    model_type model{la::seed{3}}, untouched{la::seed{3}};
    typename O::type optimizer{};
    if constexpr (requires { optimizer.learning_rate; }) optimizer.learning_rate = 0.01;
    la::trainer trainer{model, la::softmax_cross_entropy{}, optimizer};
    la::trainer looking{untouched, la::softmax_cross_entropy{}, optimizer};
    const double loss = looking.loss(inputs, labels);
    const auto gradient = looking.gradient(inputs, labels);
    CHECK(bytes_of(model) == bytes_of(untouched));
    CHECK(looking.steps() == 0);
    CHECK(trainer.step(inputs, labels) == Approx(loss).epsilon(1e-6));
    CHECK(trainer.steps() == 1);
    // Every rule goes downhill at first.
    const numbers before = parameters_of(untouched), after = parameters_of(model);
    const numbers g = all_of<model_type>([&](std::string_view name) { return gradient(name); });
    double along = 0;
    for (std::size_t i = 0; i < g.size(); ++i) along += g[i] * (after[i] - before[i]);
    CHECK(along < 0);
    CHECK(trainer.loss(inputs, labels) < loss);
    looking.step(inputs, labels);
    CHECK(bytes_of(model) == bytes_of(untouched));
  });
}

TEST_CASE("hyper-parameters may change between steps") {
  model_type model{la::seed{3}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{.learning_rate = 0.1}};
  trainer.step(inputs, labels);
  const image before = bytes_of(model);
  trainer.optimizer().learning_rate = 0;
  trainer.step(inputs, labels);
  CHECK(bytes_of(model) == before);
  trainer.optimizer().learning_rate = 0.1;
  trainer.step(inputs, labels);
  CHECK(bytes_of(model) != before);
}
