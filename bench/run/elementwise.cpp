// Elementwise work: activations forward and backward, and Adam. Over a million numbers against nothing but the traffic
// of the same streams, measured in the same run; over 16 thousand (in the cache) against loops written with intrinsics.
// A ratio is the other's time over lamina's: 1 is as fast.
//
// usage: elementwise [--json FILE]
#include "peers/intrinsics.hpp"
#include "race.hpp"
#include <cmath>
#include <lamina/lamina.hpp>
#include <memory>
#include <new>

namespace la = lamina;
namespace simd = la::simd;

namespace {

/// Aligned blocks whose beginnings lie at different places of a page, filled with numbers of an activation's usual
/// size.
struct blocks {
  std::size_t n;
  std::unique_ptr<char, void (*)(char*)> memory;
  explicit blocks(std::size_t n_)
      : n{n_}, memory{static_cast<char*>(::operator new(4 * stride(), std::align_val_t{4096})),
                      [](char* p) { ::operator delete(p, std::align_val_t{4096}); }} {
    unsigned s = 3;
    for (std::size_t b = 0; b < 4; ++b)
      for (std::size_t i = 0; i < n; ++i)
        (*this)[b][i] = (static_cast<float>((s = s * 1664525u + 1013904223u) >> 8) / 16777216.f - .5f) * 6;
  }
  std::size_t stride() const { return (n * sizeof(float) + 4095) / 4096 * 4096 + 576; }
  float* operator[](std::size_t b) const { return reinterpret_cast<float*>(memory.get() + b * stride()); }
};

template <class Formula> void forward(const float* x, float* y, std::size_t n) {
  simd::map<float>(
      n, [](const auto& a, auto& b) { b = la::evaluate<Formula>(la::terms::x = a); }, simd::in{x}, simd::out{y});
}

/// `kept` is what backward needs of this activation: its output or its input.
template <class Formula> void backward(const float* kept, const float* g, float* d, std::size_t n) {
  using product = decltype(la::terms::g * la::backward_formula<Formula>{});
  simd::map<float>(
      n,
      [](const auto& a, const auto& b, auto& c) {
        if constexpr (la::kept<Formula> == la::keeps::output)
          c = la::evaluate<product>(la::terms::g = b, la::terms::y = a);
        else
          c = la::evaluate<product>(la::terms::g = b, la::terms::x = a);
      },
      simd::in{kept}, simd::in{g}, simd::out{d});
}

using update = la::compiled_rule<la::adam::update()>;

void adam(const float* g, float* w, float* m, float* v, std::size_t n, double step) {
  double numbers[update::uniform_count + 1]{};
  update::prepare(numbers, la::adam{}, step);
  using V = simd::vector<float>;
  V uniforms[update::uniform_count + 1];
  for (std::size_t i = 0; i < update::uniform_count; ++i) uniforms[i] = V(static_cast<float>(numbers[i]));
  simd::map<float>(
      n,
      [&](const V& a, V& b, V& c, V& d) {
        V slots[] = {c, d};
        update::apply(b, a, slots, uniforms);
        c = slots[0], d = slots[1];
      },
      simd::in{g}, simd::inout{w}, simd::inout{m}, simd::inout{v});
}

bool close(const float* a, const float* b, std::size_t n, const char* what) {
  for (std::size_t i = 0; i < n; ++i)
    if (!(std::abs(a[i] - b[i]) <= 2e-6f * std::max(1.f, std::abs(b[i])))) {
      std::printf("%s: element %zu is %.8g where intrinsics give %.8g\n", what, i, double(a[i]), double(b[i]));
      return false;
    }
  return true;
}

template <class Formula>
void activation(race::report& report, const char* name, void (*hand_forward)(const float*, float*, std::size_t),
                void (*hand_backward)(const float*, const float*, float*, std::size_t), bool arithmetic_bound = false) {
  constexpr bool output = la::kept<Formula> == la::keeps::output;
  const auto both = [](const blocks& b, auto f, auto g) { // x -> y, then the gradient through what backward keeps
    f(b[0], b[1], b.n);
    g(output ? b[1] : b[0], b[2], b[3], b.n);
  };
  const blocks ours{16384}, others{16384};
  both(ours, forward<Formula>, backward<Formula>);
  both(others, hand_forward, hand_backward);
  if (!close(ours[1], others[1], ours.n, name) || !close(ours[3], others[3], ours.n, name)) std::exit(2);
  const auto run = [&](const char* size, const blocks& b, bool against_traffic) {
    report.race(std::string(name) + size, against_traffic ? .85 : 1 / 1.3,
                {race::entry("lamina", [&] { both(b, forward<Formula>, backward<Formula>); }),
                 race::entry("by hand", [&] { both(b, hand_forward, hand_backward); }),
                 race::entry("traffic", [&] { both(b, by_hand::stream_1_1, by_hand::stream_2_1); })},
                against_traffic ? "of the bandwidth" : "of by hand", against_traffic ? "traffic" : "by hand");
  };
  run(", 16 K", ours, false);
  const blocks million{1 << 20};
  run(", 1 M", million, !arithmetic_bound);
}

} // namespace

int main(int argc, char** argv) {
  race::prepare(argv);
  race::report report{"elementwise, float, one thread", argc, argv};
  std::printf("by hand: %s\n", by_hand::instructions());
  activation<la::frozen<la::formulas::relu>>(report, "relu", by_hand::relu_forward, by_hand::relu_backward);
  activation<la::frozen<la::formulas::tanh>>(report, "tanh", by_hand::tanh_forward, by_hand::tanh_backward);
  activation<la::frozen<la::formulas::gelu>>(report, "gelu", by_hand::gelu_forward, by_hand::gelu_backward, true);

  const auto hand = [](const blocks& b, double step) {
    by_hand::adam(b[0], b[1], b[2], b[3], b.n, static_cast<float>(1e-3 / (1 - std::pow(.9, step))),
                  static_cast<float>(1 / (1 - std::pow(.999, step))));
  };
  const auto start = [](const blocks& b) { std::fill_n(b[2], b.n, 0.f), std::fill_n(b[3], b.n, 0.f); };
  const blocks ours{16384}, others{16384};
  start(ours), start(others);
  for (int t = 1; t <= 3; ++t) adam(ours[0], ours[1], ours[2], ours[3], ours.n, t), hand(others, t);
  if (!close(ours[1], others[1], ours.n, "Adam")) return 2;
  const auto run = [&](const char* size, const blocks& b, bool against_traffic) {
    report.race(std::string("Adam") + size, against_traffic ? .85 : 1 / 1.3,
                {race::entry("lamina", [&, t = 3.]() mutable { adam(b[0], b[1], b[2], b[3], b.n, ++t); }),
                 race::entry("by hand", [&, t = 3.]() mutable { hand(b, ++t); }),
                 race::entry("traffic", [&] { by_hand::stream_4_3(b[0], b[1], b[2], b[3], b.n); })},
                against_traffic ? "of the bandwidth" : "of by hand", against_traffic ? "traffic" : "by hand");
  };
  run(", 16 K", ours, false);
  const blocks million{1 << 20};
  start(million);
  run(", 1 M", million, true);
  return 0;
}
