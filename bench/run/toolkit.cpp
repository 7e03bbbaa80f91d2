// What the training toolkit costs: every optimizer's pass over a million numbers against the traffic of its streams,
// composed optimizers against the bare one, and regularized training against libtorch.
//
// usage: toolkit [--json FILE]
#include "peers/peer.hpp"
#include "race.hpp"
#include <lamina/lamina.hpp>
#include <memory>
#include <new>

namespace la = lamina;
namespace simd = la::simd;

namespace peers {
void torch_one_thread();
std::unique_ptr<trainee> torch_regularized(int batch, bool batch_norm);
} // namespace peers

namespace {

constexpr std::size_t million = 1 << 20;

/// Four aligned blocks whose beginnings lie at different places of a page.
struct blocks {
  static constexpr std::size_t stride = (million * sizeof(float) + 4095) / 4096 * 4096 + 576;
  std::unique_ptr<char, void (*)(char*)> memory{static_cast<char*>(::operator new(4 * stride, std::align_val_t{4096})),
                                                [](char* p) { ::operator delete(p, std::align_val_t{4096}); }};
  blocks() {
    for (std::size_t b = 0; b < 4; ++b)
      for (std::size_t i = 0; i < million; ++i) (*this)[b][i] = 0.001f * static_cast<float>(i % 997) - 0.4f;
    for (std::size_t b = 2; b < 4; ++b) std::fill_n((*this)[b], million, 0.5f);
  }
  float* operator[](std::size_t b) const { return reinterpret_cast<float*>(memory.get() + b * stride); }
};

/// Calls `f(g, w, slots…)` for every vector of the streams of an optimizer with so many slots.
template <std::size_t Slots, class F> void over(const blocks& b, const F& f) {
  if constexpr (Slots == 0)
    simd::map<float>(million, f, simd::in{b[0]}, simd::inout{b[1]});
  else if constexpr (Slots == 1)
    simd::map<float>(million, f, simd::in{b[0]}, simd::inout{b[1]}, simd::inout{b[2]});
  else
    simd::map<float>(million, f, simd::in{b[0]}, simd::inout{b[1]}, simd::inout{b[2]}, simd::inout{b[3]});
}

template <class O> void pass(const blocks& b, O& optimizer, std::size_t step) {
  using rule = la::compiled_rule<O::update()>;
  using V = simd::vector<float>;
  double numbers[rule::uniform_count + 1]{};
  if constexpr (requires { optimizer.advance(step); }) optimizer.advance(step);
  rule::prepare(numbers, la::detail::scheduled(optimizer, step), static_cast<double>(step));
  V uniforms[rule::uniform_count + 1];
  for (std::size_t i = 0; i < rule::uniform_count; ++i) uniforms[i] = V(static_cast<float>(numbers[i]));
  over<rule::slot_count>(b, [&](const V& g, V& w, auto&... slots) {
    V s[] = {slots..., V(0.f)};
    rule::apply(w, g, s, uniforms);
    std::size_t i = 0;
    ((slots = s[i++]), ...);
  });
}

template <class O> race::contender contender(const char* name, const blocks& b, O optimizer) {
  return race::entry(name, [&b, optimizer, step = std::size_t{0}]() mutable { pass(b, optimizer, ++step); });
}

template <class O> void against_traffic(race::report& report, const char* name, const blocks& b, O optimizer) {
  using V = simd::vector<float>;
  report.race(std::string(name) + ", 1 M", .8,
              {contender("lamina", b, optimizer), race::entry("traffic",
                                                              [&b] {
                                                                over<la::compiled_rule<O::update()>::slot_count>(
                                                                    b, [](const V& g, V& w, auto&... slots) {
                                                                      w = w + g;
                                                                      ((slots = slots + g), ...);
                                                                    });
                                                              })},
              "of the bandwidth");
}

template <class Norm>
struct regularized : la::network<la::input<784>, la::dense<256>, Norm, la::relu, la::dropout<0.2>, la::dense<128>, Norm,
                                 la::relu, la::dropout<0.2>, la::dense<10>> {};

template <class Net> struct ours final : peers::trainee {
  static constexpr std::size_t batch = 64;
  la::model<Net> model{la::seed{1}};
  decltype(la::trainer{std::declval<la::model<Net>&>(), la::softmax_cross_entropy{}, la::adamw{}}) trainer{
      model, la::softmax_cross_entropy{}, la::adamw{}};
  std::vector<la::label> labels{batch};

  float step(const float* x, const int* y) override {
    for (std::size_t i = 0; i < batch; ++i) labels[i] = la::label(y[i]);
    return static_cast<float>(trainer.step(std::span<const float>{x, batch * 784}, std::span<const la::label>{labels}));
  }
};

void train(race::report& report, const char* name, std::unique_ptr<peers::trainee> mine, bool batch_norm) {
  std::vector<float> x(64 * 784);
  std::vector<int> y(64);
  unsigned s = 7;
  const auto draw = [&] { return (s = s * 1664525u + 1013904223u) >> 8; };
  for (float& v : x) v = draw() % 5 == 0 ? static_cast<float>(draw() % 256) / 255 : 0;
  for (int& v : y) v = static_cast<int>(draw() % 10);
  volatile float sink = 0;
  std::vector<race::contender> racing{race::entry("lamina", [&] { sink = mine->step(x.data(), y.data()); })};
#if LAMINA_PEER_TORCH
  const std::shared_ptr<peers::trainee> torch = peers::torch_regularized(64, batch_norm);
  racing.push_back(race::entry("libtorch", [&, torch] { sink = torch->step(x.data(), y.data()); }));
#else
  (void)batch_norm;
#endif
  if (racing.size() > 1) report.race(name, 2, racing);
}

} // namespace

int main(int argc, char** argv) {
  race::prepare(argv);
#if LAMINA_PEER_TORCH
  peers::torch_one_thread();
#endif
  race::report report{"optimizers over 1 M floats, and regularized training 784-256-128-10 at batch 64", argc, argv};
  const blocks b;
  against_traffic(report, "sgd", b, la::sgd{});
  against_traffic(report, "momentum", b, la::momentum{});
  against_traffic(report, "nesterov", b, la::nesterov{});
  against_traffic(report, "adagrad", b, la::adagrad{});
  against_traffic(report, "rmsprop", b, la::rmsprop{});
  against_traffic(report, "adadelta", b, la::adadelta{});
  against_traffic(report, "adam", b, la::adam{});
  against_traffic(report, "adamax", b, la::adamax{});
  against_traffic(report, "nadam", b, la::nadam{});
  against_traffic(report, "adamw", b, la::adamw{});
  against_traffic(report, "lion", b, la::lion{});
  report.race("adam composed, 1 M", 1 / 1.1,
              {contender("composed", b,
                         la::adam{} | la::clip_by_value{1} | la::weight_decay{1e-2} | la::linear_warmup{.steps = 100} |
                             la::cosine_annealing{.steps = 10000}),
               contender("adam alone", b, la::adam{})});
  train(report, "layer norm", std::make_unique<ours<regularized<la::layer_norm>>>(), false);
  train(report, "batch norm", std::make_unique<ours<regularized<la::batch_norm>>>(), true);
  return 0;
}
