// RTNeural's method on xsimd: an activation vector is an array of registers; a dense layer keeps its weights by input
// (column-major), and adds input k times that column to all outputs; one output is a product and one sum over the
// register.
#include "rtneural.hpp"
#include <algorithm>
#include <xsimd/xsimd.hpp>

namespace peers {
namespace {

using vector = xsimd::batch<float>;
constexpr int width = static_cast<int>(vector::size);
constexpr int vectors(int n) { return (n + width - 1) / width; }

float sum(vector v) {
#if XSIMD_VERSION_MAJOR >= 9
  return xsimd::reduce_add(v);
#else
  return xsimd::hadd(v);
#endif
}

template <int In, int Out> struct dense {
  vector outs[vectors(Out)], bias[vectors(Out)], weight[In][vectors(Out)];

  void forward(const vector (&in)[vectors(In)]) {
    constexpr int inner = std::min(width, In);
    for (int i = 0; i < vectors(Out); ++i) outs[i] = bias[i];
    alignas(64) float scalar[width]{};
    for (int k = 0; k < vectors(In); ++k) {
      in[k].store_aligned(scalar);
      for (int i = 0; i < vectors(Out); ++i)
        for (int j = 0; j < inner; ++j) outs[i] += scalar[j] * weight[k * width + j][i];
    }
  }
  void load(const float*& p) {
    for (int i = 0; i < vectors(Out); ++i) {
      alignas(64) float column[width];
      for (int k = 0; k <= In; ++k) {
        for (int j = 0; j < width; ++j) {
          const int n = i * width + j;
          column[j] = n >= Out ? 0 : k < In ? p[n * In + k] : p[Out * In + n];
        }
        (k < In ? weight[k][i] : bias[i]) = vector::load_aligned(column);
      }
    }
    p += Out * (In + 1);
  }
};

template <int In> struct dense<In, 1> {
  vector outs[1], weight[vectors(In)];
  float bias;

  void forward(const vector (&in)[vectors(In)]) {
    vector y(0.f);
    for (int k = 0; k < vectors(In); ++k) y += in[k] * weight[k];
    outs[0] = vector(sum(y) + bias);
  }
  void load(const float*& p) {
    for (int k = 0; k < vectors(In); ++k)
      weight[k] = vector::load_unaligned(p + k * width); // In is a multiple of the width here
    bias = p[In];
    p += In + 1;
  }
};

template <int N> struct tanh {
  vector outs[vectors(N)];
  void forward(const vector (&in)[vectors(N)]) {
    for (int i = 0; i < vectors(N); ++i) outs[i] = xsimd::tanh(in[i]);
  }
};
template <int N> struct relu {
  vector outs[vectors(N)];
  void forward(const vector (&in)[vectors(N)]) {
    for (int i = 0; i < vectors(N); ++i) outs[i] = xsimd::max(in[i], vector(0.f));
  }
};

template <class Net, class Model, int In, int Out> void run(const float* in, float* out) {
  static Model& net = *[] {
    auto* m = new Model;
    m->template load<Net>();
    return m;
  }();
  vector x[vectors(In)];
  if constexpr (In % width == 0) {
    for (int i = 0; i < vectors(In); ++i) x[i] = vector::load_aligned(in + i * width);
  } else {
    alignas(64) float padded[vectors(In) * width]{};
    std::copy_n(in, In, padded);
    for (int i = 0; i < vectors(In); ++i) x[i] = vector::load_aligned(padded + i * width);
  }
  const auto& y = net(x);
  alignas(64) float all[vectors(Out) * width];
  for (int i = 0; i < vectors(Out); ++i) y[i].store_aligned(all + i * width);
  std::copy_n(all, Out, out);
}

using rtneural::model;
using tiny_model = model<dense<8, 32>, tanh<32>, dense<32, 32>, tanh<32>, dense<32, 1>>;
using small_model = model<dense<16, 64>, tanh<64>, dense<64, 64>, tanh<64>, dense<64, 4>>;
using digits_model = model<dense<784, 128>, relu<128>, dense<128, 10>>;

} // namespace

extern const inference_peer rtneural_xsimd_inference{
    "RTNeural xsimd", run<tiny, tiny_model, 8, 1>, run<small, small_model, 16, 4>, run<digits, digits_model, 784, 10>};

} // namespace peers
