// Networks whose layers share weights train as PyTorch's, and are saved and loaded as their state_dict.
#include <golden/formula.hpp>
#include <golden/golden.hpp>
#include <io/files.hpp>
#include <laws/catalogue.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct autoencoder
    : la::network<la::input<12>, la::named<"outer", la::dense<7>>, la::tanh, la::named<"inner", la::dense<3>>, la::tanh,
                  la::dense<7, la::transposed_weight_of<"inner">>, la::tanh,
                  la::named<"decoder", la::dense<12, la::transposed_weight_of<"outer">>>> {};
struct repeated
    : la::network<la::input<5>, la::dense<9>, la::named<"again", la::dense<9>>, la::tanh,
                  la::dense<9, la::weight_of<"again">>, la::tanh, la::dense<9, la::transposed_weight_of<"again">>> {};
struct language
    : la::network<la::token_input<7, 11>, la::named<"words", la::embedding<6>>, la::gru<6, la::return_sequence>,
                  la::named<"head", la::per_step<la::dense<11, la::weight_of<"words">>>>> {};
struct images
    : la::network<la::input<2, 7, 5>, la::named<"down", la::conv2d<4, la::kernel<3>, la::stride<2>, la::padding<1>>>,
                  la::tanh, la::named<"inside", la::conv2d<4, la::kernel<3>, la::padding<1>, la::groups<2>>>, la::tanh,
                  la::conv2d<4, la::kernel<3>, la::padding<1>, la::groups<2>, la::weight_of<"inside">>, la::tanh,
                  la::named<"up", la::conv_transpose2d<2, la::kernel<3>, la::stride<2>, la::padding<1>,
                                                       la::weight_of<"down">>>> {};

constexpr std::size_t steps = 10, batch = 4;

const golden::records& all_records() {
  static const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/tied.txt");
  return all;
}

template <class Net, class T> void assign_drawn(la::model<Net, T>& model, const std::string& name) {
  for (const la::parameter& p : model.parameters) {
    const auto view = model.parameter(p.name.view());
    numbers values = golden::drawn(joined(name, "/", p.name.view()), view.size());
    for (double& v : values) v /= 2;
    assign(view, values);
  }
}
/// The inputs of a batch, the targets, and the loss between them.
template <class Net> numbers inputs_of(const std::string& name) {
  constexpr std::size_t count = batch * Net::input_shape.size();
  if constexpr (Net::input_shape.tokens > 0) {
    const auto drawn = golden::tokens(name + "/x", Net::input_shape.tokens, count);
    return numbers(drawn.begin(), drawn.end());
  } else {
    return golden::drawn(name + "/x", count);
  }
}
template <class Net> constexpr bool describes_itself = Net::output_shape == Net::input_shape;
template <class Net> auto targets_of(const std::string& name) {
  constexpr std::size_t classes = Net::output_shape.last(), rows = batch * Net::output_shape.size() / classes;
  if constexpr (describes_itself<Net>) {
    return inputs_of<Net>(name);
  } else {
    const auto drawn = golden::tokens(name + "/target", classes, rows);
    return std::vector<la::label>(drawn.begin(), drawn.end());
  }
}
template <class Net> auto loss_of() {
  if constexpr (describes_itself<Net>)
    return la::mean_squared_error{};
  else
    return la::softmax_cross_entropy{};
}

template <class Net> void check_curve(const std::string& name, const std::string& rule, const auto& optimizer) {
  const std::string curve = name + "/" + rule;
  la::model<Net, double> model{la::seed{1}};
  assign_drawn(model, name);
  la::trainer trainer{model, loss_of<Net>(), optimizer};
  const numbers x = inputs_of<Net>(name);
  const auto target = targets_of<Net>(name);
  numbers losses;
  for (std::size_t step = 0; step < steps; ++step) losses.push_back(trainer.step(x, target));
  check_near(curve, losses, all_records().at(curve + "/loss"), {1e-9, 0});
  for (const la::parameter& p : model.parameters) {
    const std::string record = joined(curve, "/final/", p.name.view());
    check_near(record, golden::digest(record, elements(model.parameter(p.name.view()))), all_records().at(record),
               {1e-9, 1e-9});
  }
}
template <class Net> void check_network(const std::string& name) {
  la::model<Net, double> model{la::seed{1}};
  assign_drawn(model, name);
  const numbers x = inputs_of<Net>(name), &y = all_records().at(name + "/y");
  numbers outputs(y.size());
  la::workspace<Net, double> workspace{batch};
  la::predict(model, x, outputs, workspace);
  check_near(name, outputs, y, {1e-12, 1e-12});
  check_curve<Net>(name, "sgd", la::sgd{.learning_rate = 0.1});
  check_curve<Net>(name, "sgd_clip_by_global_norm", la::sgd{.learning_rate = 0.5} | la::clip_by_global_norm{0.25});
  check_curve<Net>(name, "adam", la::adam{.learning_rate = 0.01});
  check_curve<Net>(name, "adam_clip_by_global_norm", la::adam{.learning_rate = 0.01} | la::clip_by_global_norm{1});
}

} // namespace

TEST_CASE("an autoencoder whose decoder has the encoder's weights trains as PyTorch's") {
  check_network<autoencoder>("autoencoder");
}
TEST_CASE("a weight that is used three times trains as PyTorch's") { check_network<repeated>("repeated"); }
TEST_CASE("a language model whose last layer has the table of the first trains as PyTorch's") {
  check_network<language>("language");
}
TEST_CASE("convolutions that share filters, and their adjoint, train as PyTorch's") { check_network<images>("images"); }

namespace {

/// A file of the golden values through a model in float.
template <class Net> void check_loaded(const std::string& file, const std::string& name) {
  la::model<Net> model{la::seed{1}};
  la::load(model, LAMINA_TESTS_DIRECTORY "/golden/" + file);
  const auto x = as<float>(inputs_of<Net>(name));
  std::vector<float> y(batch * Net::output_shape.size());
  la::workspace<Net> workspace{batch};
  la::predict(model, x, y, workspace);
  check_near(file, as_numbers(y), all_records().at(name + "/y"), {1e-5, 1e-5});
}

} // namespace

TEST_CASE("the state_dict of a network with tied weights loads, and what is saved has its names") {
  check_loaded<autoencoder>("tied.safetensors", "autoencoder");
  std::vector<std::string_view> names;
  for (const la::parameter& p : la::model<autoencoder>::parameters) names.push_back(p.name.view());
  CHECK(names == std::vector<std::string_view>{"outer.weight", "outer.bias", "inner.weight", "inner.bias", "4.bias",
                                               "decoder.bias"});
}

TEST_CASE("a weight that stands in a file under the name of each layer that uses it loads, if it is the same") {
  check_loaded<language>("tied_language.safetensors", "language");
  std::string bytes = content_of(LAMINA_TESTS_DIRECTORY "/golden/tied_language.safetensors");
  bytes.back() = static_cast<char>(bytes.back() ^ 1); // of head.weight, which stands last
  const scratch_folder folder;
  const std::string changed = folder.write("changed.safetensors", bytes);
  la::model<language> model{la::seed{1}};
  const image before = bytes_of(model);
  CHECK_THROWS_WITH(la::load(model, changed),
                    Catch::Contains("head.weight") && Catch::Contains("the numbers of words.weight"));
  CHECK(bytes_of(model) == before);
}
