// One training step and one inference of a small ResNet and a depthwise layer, to be looked at as compiled: see
// indirect_calls.
#include <span>

#include <lamina/lamina.hpp>

namespace la = lamina;

template <std::size_t Channels>
using block = la::residual<la::conv2d<Channels, la::kernel<3>, la::padding<1>>, la::batch_norm, la::relu,
                           la::conv2d<Channels, la::kernel<3>, la::padding<1>>, la::batch_norm>;
template <std::size_t Channels>
using down = la::residual<la::shortcut<la::conv2d<Channels, la::kernel<1>, la::stride<2>>>,
                          la::conv2d<Channels, la::kernel<3>, la::stride<2>, la::padding<1>>, la::batch_norm>;
using depthwise = la::conv2d<16, la::kernel<3>, la::padding<1>, la::groups<16>>;

struct small_resnet
    : la::network<la::input<3, 16, 16>, la::named<"stem", la::conv2d<8, la::kernel<3>, la::padding<1>>>, la::relu,
                  block<8>, la::relu, down<16>, la::relu, depthwise, la::relu, la::global_avg_pool, la::dense<4>> {};
using trainer =
    decltype(la::trainer{std::declval<la::model<small_resnet>&>(), la::softmax_cross_entropy{}, la::adamw{}});

extern "C" float lamina_step(trainer& t, std::span<const float> inputs, std::span<const la::label> targets) {
  return float(t.step(inputs, targets));
}
extern "C" float lamina_infer(const la::model<small_resnet>& model, std::span<const float, 768> input) {
  return model(input)[3];
}
extern "C" void lamina_predict(const la::model<small_resnet>& model, std::span<const float> inputs,
                               std::span<float> outputs, la::workspace<small_resnet>& workspace) {
  la::predict(model, inputs, outputs, workspace);
}
