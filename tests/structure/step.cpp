// One training step and one inference, to be looked at as compiled: see indirect_calls.
#include <span>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};
using trainer = decltype(la::trainer{std::declval<la::model<digits>&>(), la::softmax_cross_entropy{}, la::adam{}});

extern "C" float lamina_step(trainer& t, std::span<const float> inputs, std::span<const la::label> targets) {
  return float(t.step(inputs, targets));
}
extern "C" float lamina_infer(const la::model<digits>& model, std::span<const float, 784> input) {
  return model(input)[3];
}
extern "C" void lamina_predict(const la::model<digits>& model, std::span<const float> inputs, std::span<float> outputs,
                               la::workspace<digits>& workspace) {
  la::predict(model, inputs, outputs, workspace);
}
