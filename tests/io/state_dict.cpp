// A state_dict that PyTorch wrote, loaded into the same layers, gives the outputs that PyTorch gave.
#include <golden/formula.hpp>
#include <golden/golden.hpp>
#include <laws/image_networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

template <class Net> void check_loaded(const std::string& name) {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/image_networks.txt");
  constexpr std::size_t in = Net::input_shape.size(), samples = 3;
  la::model<Net> model{la::seed{1}};
  la::load(model, LAMINA_TESTS_DIRECTORY "/golden/" + name + ".safetensors");
  const auto inputs = as<float>(golden::drawn(name + "/x", samples * in));
  numbers outputs;
  for (std::size_t m = 0; m < samples; ++m)
    for (const float y : model(std::span<const float>(inputs).subspan(m * in, in))) outputs.push_back(y);
  check_near(name, outputs, all.at(name + "/y"), {1e-5, 1e-5});
  std::vector<float> together(outputs.size());
  la::workspace<Net, float> workspace{samples};
  la::predict(model, inputs, together, workspace);
  check_near(name + ", as a batch", as_numbers(together), all.at(name + "/y"), {1e-5, 1e-5});
}

} // namespace

TEST_CASE("PyTorch's state_dict of LeNet loads and gives PyTorch's outputs") { check_loaded<lenet>("lenet"); }
TEST_CASE("PyTorch's state_dict of separable convolutions loads and gives PyTorch's outputs") {
  check_loaded<separable>("separable");
}
TEST_CASE("PyTorch's state_dict of a decoder loads and gives PyTorch's outputs") { check_loaded<decoder>("decoder"); }
