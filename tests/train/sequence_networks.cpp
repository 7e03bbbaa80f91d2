// Networks on sequences train as PyTorch trains them: ten updates, with and without clipping.
#include <golden/sequence_networks.hpp>

using namespace laws;

namespace {

struct gru : la::network<la::input<9, 3>, la::gru<7, la::return_sequence>, la::per_step<la::dense<2>>> {};
struct lstm : la::network<la::input<9, 3>, la::lstm<6>, la::dense<4>> {};
struct stacked : la::network<la::token_input<7, 11>, la::embedding<5>, la::gru<6, la::return_sequence>,
                             la::lstm<7, la::return_sequence>, la::per_step<la::dense<11>>> {};
struct convolutions : la::network<la::input<11, 2>, la::causal_conv1d<8, la::kernel<3>>, la::tanh,
                                  la::causal_conv1d<8, la::kernel<3>, la::dilation<4>, la::groups<2>>, la::tanh,
                                  la::gru<5, la::return_sequence>, la::per_step<la::dense<1>>> {};
struct attention : la::network<la::token_input<6, 11>, la::embedding<8>, la::positional_encoding,
                               la::self_attention<2, la::causal>, la::per_step<la::dense<11>>> {};

constexpr std::size_t steps = 10, batch = 4;

/// Labels, one for each row of the output, where it has more than two columns; else numbers.
template <class Net> auto targets_of(const std::string& name) {
  constexpr std::size_t classes = Net::output_shape.last(), count = batch * Net::output_shape.size();
  if constexpr (classes > 2) {
    const auto drawn = golden::tokens(name, classes, count / classes);
    return std::vector<la::label>(drawn.begin(), drawn.end());
  } else {
    numbers drawn = golden::drawn(name, count);
    for (double& t : drawn) t *= 4;
    return drawn;
  }
}
template <class Net> auto loss_of() {
  if constexpr (Net::output_shape.last() > 2)
    return la::softmax_cross_entropy{};
  else
    return la::mean_squared_error{};
}

template <class Net> void check_curve(const std::string& network, const std::string& rule, const auto& optimizer) {
  const golden::records& all = sequence_network_records();
  const std::string name = "training/" + network, curve = name + "/" + rule;
  la::model<Net, double> model{la::seed{1}};
  for (const la::parameter& p : model.parameters) {
    const auto view = model.parameter(p.name.view());
    numbers values = golden::drawn(joined(name, "/", p.name.view()), view.size());
    for (double& v : values) v /= 2;
    assign(view, values);
  }
  la::trainer trainer{model, loss_of<Net>(), optimizer};
  const auto x = golden_inputs<Net, double>(name + "/x", batch);
  const auto target = targets_of<Net>(name + "/target");
  numbers losses;
  for (std::size_t step = 0; step < steps; ++step) losses.push_back(trainer.step(x, target));
  check_near(curve, losses, all.at(curve + "/loss"), {1e-9, 0});
  for (const la::parameter& p : model.parameters) {
    const std::string record = joined(curve, "/final/", p.name.view());
    check_near(record, golden::digest(record, elements(model.parameter(p.name.view()))), all.at(record), {1e-9, 1e-9});
  }
}
template <class Net> void check_curves(const std::string& network) {
  check_curve<Net>(network, "sgd", la::sgd{.learning_rate = 0.1});
  check_curve<Net>(network, "sgd_clip_by_global_norm", la::sgd{.learning_rate = 0.5} | la::clip_by_global_norm{0.25});
  check_curve<Net>(network, "adam", la::adam{.learning_rate = 0.01});
  check_curve<Net>(network, "adam_clip_by_global_norm", la::adam{.learning_rate = 0.01} | la::clip_by_global_norm{1});
}

} // namespace

TEST_CASE("recurrent networks train as PyTorch's") {
  check_curves<gru>("gru");
  check_curves<lstm>("lstm");
}
TEST_CASE("stacks on tokens train as PyTorch's") { check_curves<stacked>("stacked"); }
TEST_CASE("causal convolutions train as PyTorch's") { check_curves<convolutions>("convolutions"); }
TEST_CASE("attention trains as PyTorch's") {
  check_curve<attention>("attention", "sgd", la::sgd{.learning_rate = 0.1});
}
