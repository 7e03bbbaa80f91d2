// A state_dict of a network on sequences that PyTorch wrote, loaded into the same layers, gives the outputs that
// PyTorch gave: as a batch, a window at a time, and as a stream.
#include <golden/sequence_networks.hpp>
#include <io/files.hpp>

using namespace laws;

namespace {

template <class Net> void check_loaded(const std::string& name) {
  constexpr std::size_t in = Net::input_shape.size(), out = Net::output_shape.size(), samples = 3;
  const numbers& expected = sequence_network_records().at(name + "/y");
  la::model<Net> model{la::seed{1}};
  la::load(model, LAMINA_TESTS_DIRECTORY "/golden/" + name + ".safetensors");
  const auto inputs = golden_inputs<Net, float>(name + "/x", samples);
  std::vector<float> together(samples * out);
  la::workspace<Net> workspace{samples};
  la::predict(model, inputs, together, workspace);
  check_near(name, as_numbers(together), expected, {1e-5, 1e-5});
  numbers one_by_one, streamed;
  for (std::size_t m = 0; m < samples; ++m) {
    const auto window = std::span<const float>(inputs).subspan(m * in, in);
    for (const float y : model(window)) one_by_one.push_back(y);
    if constexpr (la::Streamable<Net>) {
      la::stream<Net> stream{model};
      std::vector<float> steps(out);
      stream.process(window, steps);
      streamed.insert(streamed.end(), steps.begin(), steps.end());
    }
  }
  check_near(name + ", a window", one_by_one, expected, {1e-5, 1e-5});
  if constexpr (la::Streamable<Net>) check_near(name + ", a stream", streamed, expected, {1e-5, 1e-5});

  const scratch_folder folder;
  la::save(model, folder / "again");
  la::model<Net> again{la::seed{2}};
  la::load(again, folder / "again");
  CHECK(bytes_of(again) == bytes_of(model));
}

/// Another network's weights: what the error says, and that nothing was loaded.
template <class Net> std::string refused(const std::string& name) {
  la::model<Net> model{la::seed{1}};
  const image before = bytes_of(model);
  const std::string said =
      message_of<la::file_error>([&] { la::load(model, LAMINA_TESTS_DIRECTORY "/golden/" + name + ".safetensors"); });
  CHECK(bytes_of(model) == before);
  return said;
}
struct larger : la::network<la::token_input<16, 31>, la::embedding<12>, la::gru<25, la::return_sequence>,
                            la::per_step<la::dense<31>>> {};
struct other_alphabet : la::network<la::token_input<16, 30>, la::embedding<12>, la::gru<24, la::return_sequence>,
                                    la::per_step<la::dense<31>>> {};
struct other_layer : la::network<la::token_input<16, 31>, la::embedding<12>, la::lstm<24, la::return_sequence>,
                                 la::per_step<la::dense<31>>> {};
struct one_direction : la::network<la::input<9, 3>, la::lstm<8, la::return_sequence>, la::gru<6>, la::dense<4>> {};

} // namespace

TEST_CASE("PyTorch's state_dicts of sequences load and give PyTorch's outputs") {
  check_loaded<golden_amplifier>("amplifier");
  check_loaded<golden_language>("language");
  check_loaded<golden_attention>("attention");
  check_loaded<golden_both_directions>("both_directions");
}

TEST_CASE("weights of another hidden size, alphabet or layer are refused by name and shape, and nothing is loaded") {
  const auto names = [](const std::string& said, auto... parts) {
    INFO(said);
    CHECK(((said.find(parts) != std::string::npos) && ...));
  };
  names(refused<larger>("language"), "language.safetensors", "1.weight_ih_l0", "(75, 12)", "(72, 12)");
  names(refused<other_alphabet>("language"), "0.weight", "(30, 12)", "(31, 12)");
  names(refused<other_layer>("language"), "1.weight_ih_l0", "(96, 12)", "(72, 12)");
  names(refused<one_direction>("both_directions"), "1.weight_ih_l0", "(18, 8)", "(18, 16)");
}
