// What a model, its storage, a workspace and predict refuse: the type of exception, the text, and nothing changed.
#include <array>
#include <io/files.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct net : la::network<la::input<5>, la::dense<3>, la::relu, la::dense<2>> {};
std::string refused(const auto& action) { return message_of<la::argument_error>(action); }

} // namespace

TEST_CASE("a sample of another length is refused where its length is known at run time alone") {
  const la::model<net> model{la::seed{1}};
  const std::vector<float> short_sample(4);
  CHECK(refused([&] { model(short_sample); }) == "input of the model: expected 5 numbers, got 4");
  CHECK(refused([&] { model(std::vector<float>{}); }) == "input of the model: expected 5 numbers, got 0");
}

TEST_CASE("a parameter that is not there is refused with the names of those that are") {
  la::model<net> model{la::seed{1}};
  const std::string expected =
      "parameter of the model: expected one of 0.weight, 0.bias, 2.weight, 2.bias, got 1.weight";
  CHECK(refused([&] { model.parameter("1.weight"); }) == expected);
  CHECK(refused([&] { std::as_const(model).parameter("1.weight"); }) == expected);
  const std::vector<float> x(5), t(2);
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{}};
  CHECK(refused([&] { trainer.gradient(x, t)("1.weight"); }) == expected);
}

TEST_CASE("a buffer that is too small or not aligned is refused, and not written to") {
  using model_type = la::model<net, float, la::external>;
  constexpr std::size_t size = model_type::block_size;
  alignas(64) std::array<float, size + 16> buffer;
  buffer.fill(7);
  const std::string got = std::to_string(size - 1);
  CHECK(refused([&] { model_type{la::seed{1}, std::span<float>(buffer).first(size - 1)}; }) ==
        "buffer of a model: expected " + std::to_string(size) + " elements, got " + got);
  CHECK(refused([&] { model_type{la::seed{1}, std::span<float>(buffer).subspan(1, size)}; }) ==
        "buffer of a model: expected an address aligned to 64 bytes, got one that is not");
  CHECK(refused([&] { model_type{la::seed{1}, std::span<float>{}}; }).find("got 0") != std::string::npos);
  for (const float value : buffer) CHECK(value == 7);
}

TEST_CASE("a workspace for no sample is refused") {
  CHECK(refused([] { la::workspace<net>{0}; }) == "workspace: expected room for at least 1 sample, got 0");
  CHECK(la::workspace<net>{3}.capacity() == 3);
}

TEST_CASE("predict refuses lengths that are no whole samples or do not belong together") {
  const la::model<net> model{la::seed{1}};
  la::workspace<net> workspace{4};
  const std::vector<float> inputs(11);
  std::vector<float> outputs(4, 7.0f);
  CHECK(refused([&] { la::predict(model, inputs, outputs, workspace); }) ==
        "inputs of predict: expected a multiple of 5 numbers, got 11");
  CHECK(refused([&] { la::predict(model, std::span(inputs).first(5), outputs, workspace); }) ==
        "outputs of predict: expected 2 numbers, got 4");
  CHECK(outputs == std::vector<float>(4, 7.0f));
  la::predict(model, {}, {}, workspace); // no samples are no mistake
}

TEST_CASE("the output of a model is a value with the network's shape") {
  struct shaped : la::network<la::input<5>, la::dense<6>, la::reshape<2, 3>> {};
  const la::model<shaped> model{la::seed{1}};
  const std::array<float, 5> x{1, 2, 3, 4, 5};
  const auto y = model(x), again = model(std::span<const float>(x));
  static_assert(decltype(y)::shape == la::shape<2, 3>);
  CHECK(y == again);
  CHECK(y(1, 2) == y[5]);
  CHECK(la::argmax(la::model<net>::output{{1, 3}}) == 1);
  CHECK(la::argmax(la::model<net>::output{{3, 3}}) == 0); // the first among equals
}
