// One training step of an amplifier and steps of its stream, to be looked at as compiled: see indirect_calls.
#include <span>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct amplifier : la::network<la::input<256, 1>, la::causal_conv1d<8, la::kernel<3>>, la::tanh,
                               la::causal_conv1d<8, la::kernel<3>, la::dilation<4>>, la::tanh,
                               la::gru<16, la::return_sequence>, la::per_step<la::dense<1>>> {};
using trainer = decltype(la::trainer{std::declval<la::model<amplifier>&>(), la::mean_squared_error{},
                                     la::adam{} | la::clip_by_global_norm{1}});

extern "C" float lamina_step(trainer& t, std::span<const float> inputs, std::span<const float> targets) {
  return float(t.step(inputs, targets));
}
extern "C" float lamina_infer(const la::model<amplifier>& model, std::span<const float, 256> input) {
  return model(input)[3];
}
extern "C" float lamina_stream_step(la::stream<amplifier>& stream, float x) { return stream(x)[0]; }
extern "C" void lamina_stream(la::stream<amplifier>& stream, std::span<const float> in, std::span<float> out) {
  stream.process(in, out);
}
extern "C" void lamina_voices(la::voices<amplifier>& voices, std::span<const float> in, std::span<float> out) {
  voices(in, out);
}
