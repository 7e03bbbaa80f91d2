// One training step of a recurrent network and steps of its stream, to be looked at as compiled: see indirect_calls.
#include <span>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct effect
    : la::network<la::input<16, 1>, la::causal_conv1d<8, la::kernel<3>>, la::tanh, la::gru<8, la::return_sequence>,
                  la::lstm<8, la::return_sequence>, la::per_step<la::dense<1>>> {};
using trainer = decltype(la::trainer{std::declval<la::model<effect>&>(), la::mean_squared_error{}, la::adam{}});

extern "C" float lamina_step(trainer& t, std::span<const float> inputs, std::span<const float> targets) {
  return float(t.step(inputs, targets));
}
extern "C" float lamina_infer(const la::model<effect>& model, std::span<const float, 16> input) {
  return model(input)[3];
}
extern "C" float lamina_stream_step(la::stream<effect>& stream, float x) { return stream(x)[0]; }
extern "C" void lamina_stream(la::stream<effect>& stream, std::span<const float> in, std::span<float> out) {
  stream.process(in, out);
}
extern "C" void lamina_voices(la::voices<effect>& voices, std::span<const float> in, std::span<float> out) {
  voices(in, out);
}
