// What training refuses: the type of exception, a text that names what, where, expected and got, and the model as it
// was.
#include <io/files.hpp>
#include <laws/support.hpp>
#include <limits>

using namespace laws;

namespace {

struct net : la::network<la::input<3>, la::dense<4>, la::tanh, la::dense<2>> {};

struct fixture {
  la::model<net> model{la::seed{1}};
  la::trainer<net, float, la::heap, xsimd::default_arch, la::softmax_cross_entropy, la::adam, la::no_error> trainer{
      model, la::softmax_cross_entropy{}, la::adam{}};
  image before = bytes_of(model);

  /// What an action says that is refused; the model and the count of steps must be as before.
  std::string refused(const auto& action) {
    const std::string text = message_of<la::argument_error>(action);
    CHECK(bytes_of(model) == before);
    CHECK(trainer.steps() == 0);
    return text;
  }
};

la::dataset<la::label> samples(std::size_t input_size, std::size_t count, std::size_t classes) {
  la::dataset<la::label> data{input_size};
  for (std::size_t m = 0; m < count; ++m) data.push_back(drawn<float>(input_size, m), la::label{m % classes});
  return data;
}
const std::vector<la::label> two_labels{la::label{0}, la::label{1}};

} // namespace

TEST_CASE_METHOD(fixture, "a batch whose lengths are no whole samples or do not belong together is refused") {
  const std::vector<float> x(6), broken(7), none;
  const std::vector<la::label> three(3);
  const std::string inputs = "inputs of a batch: expected a positive multiple of 3 numbers, got ";
  CHECK(refused([&] { trainer.step(broken, two_labels); }) == inputs + "7");
  CHECK(refused([&] { trainer.step(none, two_labels); }) == inputs + "0");
  CHECK(refused([&] { trainer.loss(broken, two_labels); }) == inputs + "7");
  CHECK(refused([&] { trainer.gradient(broken, two_labels); }) == inputs + "7");
  CHECK(refused([&] { trainer.step(x, three); }) == "targets of a batch: expected 2 labels, got 3");
  CHECK(refused([&] { trainer.step(x, std::span<const float>(x).first(3)); }) ==
        "targets of a batch: expected 4 numbers, got 3");
}

TEST_CASE_METHOD(fixture, "a label that is no class is refused") {
  const std::vector<float> x(6);
  const std::vector<la::label> labels{la::label{0}, la::label{2}};
  CHECK(refused([&] { trainer.step(x, labels); }) == "label 1 of a batch: expected below 2, got 2");
  CHECK(refused([&] { trainer.loss(x, labels); }) == "label 1 of a batch: expected below 2, got 2");
  const auto data = samples(3, 5, 3);
  CHECK(refused([&] { trainer.fit(data, {}); }) == "dataset: label of sample 2: expected below 2, got 2");
  CHECK(refused([&] { la::accuracy(model, data); }) == "dataset: label of sample 2: expected below 2, got 2");
  CHECK(refused([&] { la::mean_loss(model, la::softmax_cross_entropy{}, data); }) ==
        "dataset: label of sample 2: expected below 2, got 2");
}

TEST_CASE_METHOD(fixture, "fit refuses no epochs, no batch, no samples and samples that do not fit") {
  const auto good = samples(3, 5, 2), wide = samples(4, 5, 2), empty = samples(3, 0, 2);
  CHECK(refused([&] { trainer.fit(good, {.epochs = 0}); }) == "fit: epochs: expected at least 1, got 0");
  CHECK(refused([&] { trainer.fit(good, {.batch_size = 0}); }) == "fit: batch_size: expected at least 1, got 0");
  CHECK(refused([&] { trainer.fit(empty, {}); }) == "dataset: expected at least one sample, got none");
  CHECK(refused([&] { trainer.fit(wide, {}); }) == "fit: input size of the data set: expected 3, got 4");
  CHECK(refused([&] { trainer.fit(good, {.validation = &wide}); }) ==
        "fit: validation: input size of the data set: expected 3, got 4");
  CHECK(refused([&] { trainer.fit(good, {.validation = &empty}); }) ==
        "dataset: expected at least one sample, got none");
  la::dataset<la::values> narrow{3, 1};
  narrow.push_back({1, 2, 3}, {1});
  CHECK(refused([&] { trainer.fit(narrow, {}); }) == "fit: target size of the data set: expected 2, got 1");
  CHECK(refused([&] { la::accuracy(model, wide); }) == "accuracy: input size of the data set: expected 3, got 4");
  CHECK(refused([&] { la::mean_loss(model, la::softmax_cross_entropy{}, wide); }) ==
        "mean_loss: input size of the data set: expected 3, got 4");
}

TEST_CASE_METHOD(fixture, "a schedule that looks at the validation loss needs one") {
  la::dataset<la::values> data{3, 2};
  data.push_back({1, 2, 3}, {1, 0});
  la::trainer plateau{model, la::mean_squared_error{}, la::sgd{} | la::reduce_on_plateau{}};
  CHECK(refused([&] { plateau.fit(data, {}); }) ==
        "fit: a schedule that looks at the validation loss: expected a validation set, got none");
  CHECK(plateau.fit(data, {.epochs = 2, .validation = &data}).size() == 2);
}

TEST_CASE(
    "a loss that is not finite stops fit, names epoch and step, and leaves the parameters as they were before it") {
  la::dataset<la::values> data{3, 2};
  for (int m = 0; m < 6; ++m) data.push_back({1, 2, 3}, {static_cast<float>(m), 0});
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{.learning_rate = 1e30}};
  const std::string text = message_of<la::training_error>([&] { trainer.fit(data, {.epochs = 3, .batch_size = 2}); });
  CHECK(text.starts_with("fit: epoch 1, step 2: expected a finite loss, got "));

  // One broken sample among good ones: training goes on up to its batch.
  la::dataset<la::values> broken{3, 2};
  for (int m = 0; m < 6; ++m) broken.push_back({1, 2, 3}, {0, 1});
  broken.push_back({1, 2, std::numeric_limits<float>::quiet_NaN()}, {0, 1});
  la::model<net> stopped{la::seed{2}}, by_hand{la::seed{2}};
  la::trainer one_by_one{stopped, la::mean_squared_error{}, la::adam{}};
  la::trainer stepping{by_hand, la::mean_squared_error{}, la::adam{}};
  const std::string named = message_of<la::training_error>([&] { one_by_one.fit(broken, {.batch_size = 1}); });
  const std::size_t steps = one_by_one.steps();
  REQUIRE(steps < 7);
  CHECK(named == "fit: epoch 1, step " + std::to_string(steps + 1) + ": expected a finite loss, got nan");
  const std::vector<float> x{1, 2, 3}, t{0, 1};
  for (std::size_t step = 0; step < steps; ++step) stepping.step(x, t);
  CHECK(bytes_of(stopped) == bytes_of(by_hand));
  CHECK(one_by_one.step(x, t) == stepping.step(x, t)); // and could go on
}
