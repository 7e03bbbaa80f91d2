// Networks in RTNeural's form of Keras' weights: loaded, they give what Keras' formulas give; what does not belong to
// the network is refused by its layer, and nothing changes.
#include <golden/golden.hpp>
#include <io/files.hpp>
#include <lamina/io/keras_file.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct dense_net : la::network<la::input<3>, la::dense<5>, la::tanh, la::dropout<0.5>, la::dense<4>, la::elu<>,
                               la::dense<6>, la::relu, la::dense<4>, la::softmax> {};
struct gru_net
    : la::network<la::input<7, 2>, la::gru<5, la::return_sequence>, la::per_step<la::dense<3>>, la::sigmoid> {};
struct lstm_net
    : la::network<la::input<6, 3>, la::named<"memory", la::lstm<4, la::return_sequence>>, la::per_step<la::dense<2>>> {
};
struct filters : la::network<la::input<12, 2>, la::causal_conv1d<5, la::dilation<2>, la::kernel<3>>, la::relu,
                             la::causal_conv1d<3, la::kernel<2>>, la::tanh> {};
struct stack_net : la::network<la::input<12, 2>, filters, la::lstm<6, la::return_sequence>,
                               la::gru<4, la::return_sequence>, la::per_step<la::dense<1>>> {};

const std::string golden_folder = LAMINA_TESTS_DIRECTORY "/golden/";

template <class T, class Net> void check_loaded(const std::string& name) {
  const golden::records all = golden::read(golden_folder + "keras.txt");
  la::model<Net, T> model{la::seed{1}};
  la::load_keras(model, golden_folder + "keras_" + name + ".json");
  const std::vector<T> x = as<T>(all.at(name + "/x"));
  const double near = is_double<T> ? 1e-12 : 1e-5;
  check_near(name, as_numbers(model(std::span<const T>(x))), all.at(name + "/y"), {near, near});
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  INFO(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

/// What loading this text says, and that the model stays as it was.
template <class Net> std::string refusal(const std::string& json) {
  const scratch_folder folder;
  const std::string path = folder.write("net.json", json);
  la::model<Net> model{la::seed{1}};
  const image before = bytes_of(model);
  const std::string message = message_of([&] { la::load_keras(model, path); });
  if (message != "nothing was thrown") CHECK(bytes_of(model) == before);
  return message.starts_with(path + ": ") ? message.substr(path.size() + 2) : message;
}

} // namespace

TEMPLATE_TEST_CASE("networks of Keras' weights give what Keras' formulas give", "", double, float) {
  check_loaded<TestType, dense_net>("dense");
  check_loaded<TestType, gru_net>("gru");
  check_loaded<TestType, lstm_net>("lstm");
  check_loaded<TestType, stack_net>("stack");
}

TEST_CASE("turning all axes round twice changes nothing, and turns indices round once") {
  const la::detail::keras_array a{{2, 3, 4}, as_numbers(drawn<double>(24, 1))};
  const la::detail::keras_array turned = la::detail::reversed_axes(a);
  CHECK(turned.shape == std::vector<std::size_t>{4, 3, 2});
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 4; ++k) CHECK(turned.numbers[(k * 3 + j) * 2 + i] == a.numbers[(i * 3 + j) * 4 + k]);
  CHECK(la::detail::reversed_axes(turned).numbers == a.numbers);
}

TEST_CASE("a file of another network is refused by its layer") {
  const std::string good = content_of(golden_folder + "keras_gru.json");
  CHECK(refusal<gru_net>(good) == "nothing was thrown");
  CHECK(refusal<lstm_net>(good) == "in_shape: expected 3 features, got 2");
  struct wider
      : la::network<la::input<7, 2>, la::gru<6, la::return_sequence>, la::per_step<la::dense<3>>, la::sigmoid> {};
  CHECK(refusal<wider>(good) == "layer 0: expected shape 6, got 5");
  struct other
      : la::network<la::input<7, 2>, la::lstm<5, la::return_sequence>, la::per_step<la::dense<3>>, la::sigmoid> {};
  CHECK(refusal<other>(good) == "layer 0: expected lstm, as the network's layer 0, got \"gru\"");
  struct linear : la::network<la::input<7, 2>, la::gru<5, la::return_sequence>, la::per_step<la::dense<3>>> {};
  CHECK(refusal<linear>(good) == "layer 1 (dense): expected the end of the layers, got \"sigmoid\"");
  struct rectified
      : la::network<la::input<7, 2>, la::gru<5, la::return_sequence>, la::per_step<la::dense<3>>, la::relu> {};
  CHECK(refusal<rectified>(good) == "layer 1 (dense): expected relu, as the network's layer 2, got \"sigmoid\"");
  struct longer : la::network<la::input<7, 2>, la::gru<5, la::return_sequence>, la::per_step<la::dense<3>>, la::sigmoid,
                              la::tanh> {};
  CHECK(refusal<longer>(good) == "layer 2: expected tanh, as the network's layer 3, got the end of the layers");
  struct softened : la::network<la::input<7, 2>, la::gru<5, la::return_sequence>, la::gelu, la::per_step<la::dense<3>>,
                                la::sigmoid> {};
  CHECK(refusal<softened>(good) ==
        "layer 1: expected a layer that such files do not have, as the network's layer 1, got \"dense\"");
  const std::string stack = content_of(golden_folder + "keras_stack.json");
  CHECK(refusal<stack_net>(replaced(stack, "\"dilation\": [2]", "\"dilation\": 3")) ==
        "layer 0: expected dilation 2, got 3");
  CHECK(refusal<stack_net>(replaced(stack, "\"kernel_size\": [3]", "\"kernel_size\": [4]")) ==
        "layer 0: expected kernel_size 3, got 4");
  CHECK(refusal<stack_net>(replaced(stack, "\"activation\": \"relu\"", "\"activation\": \"\"")) ==
        "layer 1: expected relu, as the network's layer 0.1, got \"conv1d\"");
}

TEST_CASE("a file that is malformed is refused where it is") {
  const std::string good = content_of(golden_folder + "keras_lstm.json");
  CHECK(refusal<lstm_net>("").find("expected JSON") != std::string::npos);
  CHECK(refusal<lstm_net>("[1, 2").find("expected JSON") != std::string::npos);
  CHECK(refusal<lstm_net>("[]") == "expected an object, the file, got something else");
  CHECK(refusal<lstm_net>("{}") == "expected \"layers\", got none");
  CHECK(refusal<lstm_net>("{\"layers\": 1, \"in_shape\": [null, 3]}") ==
        "layers: expected an array of layers, got something else");
  CHECK(refusal<lstm_net>("{\"layers\": [], \"in_shape\": [null]}") == "in_shape: expected a size, got something else");
  CHECK(refusal<lstm_net>("{\"layers\": [\"x\"], \"in_shape\": [3]}") ==
        "layer 0: expected an object, a layer, got something else");
  CHECK(refusal<lstm_net>("{\"layers\": [{}], \"in_shape\": [3]}") ==
        "layer 0: expected lstm, as the network's layer memory, got \"\"");
  CHECK(refusal<lstm_net>(replaced(good, "\"weights\"", "\"weight\"")) == "layer 0: expected \"weights\", got none");
  CHECK(refusal<lstm_net>(replaced(good, "\"type\": \"dense\"", "\"type\": 3")) ==
        "layer 1: expected a string \"type\", got something else");
  CHECK(refusal<lstm_net>(replaced(good, "\"weights\": [[", "\"weights\": [[], [")) ==
        "layer 0: expected 3 arrays of weights, got 4");
  CHECK(refusal<lstm_net>(replaced(good, "\"weights\": [[", "\"weights\": [[[1], ")) ==
        "layer 0, weights 0: expected shape (3, 16), got 4 along axis 0");
  CHECK(refusal<lstm_net>(replaced(good, "\"weights\": [[[", "\"weights\": [[[7, ")) ==
        "layer 0, weights 0: expected shape (3, 16), got 17 along axis 1");
  CHECK(refusal<lstm_net>(replaced(good, "\"activation\": \"tanh\"", "\"activation\": \"relu\"")) ==
        "layer 0 (lstm): expected activation tanh, got \"relu\"");
  const std::size_t number = good.find("\"weights\": [[[") + 14, end = good.find(',', number);
  const auto instead = [&](const std::string& other) {
    return refusal<lstm_net>(good.substr(0, number) + other + good.substr(end));
  };
  for (const char* wrong : {"null", "1e39", "-4e38"})
    CHECK(instead(wrong) == "layer 0, weights 0: expected shape (3, 16) of finite numbers, got another one at 0");
  for (const char* wrong : {"\"1\"", "[1]", "{}", "true"})
    CHECK(instead(wrong).find("expected an array of one kind of values, got another value") != std::string::npos);
  for (const char* wrong : {"1e999", "nan", "", "1 2"})
    CHECK(instead(wrong).find("expected JSON") != std::string::npos);
  CHECK(instead(std::string(200'000, '[')).find("expected values nested at most 32 deep") != std::string::npos);
  CHECK(refusal<lstm_net>(good + std::string(1, '\0')).find("a zero byte") != std::string::npos);
  CHECK(refusal<lstm_net>(replaced(good, "\"type\"", "\"shape\"")).find("expected every key once") !=
        std::string::npos);
  for (std::size_t size = 0; size < good.size(); size += 41)
    CHECK(refusal<lstm_net>(good.substr(0, size)) != "nothing was thrown");
}
