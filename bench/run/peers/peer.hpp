#pragma once
#include <cstddef>
#include <memory>
#include <vector>

/// The opponents of the races (C++17: that is what the headers of some of them can take). Each peer lives in a file of
/// its own, compiled with the flags that suit it best; a peer whose library is absent is not compiled and not in the
/// lists. All do the same mathematics from the same initial parameters.
namespace peers {

// ---- a training step of 784-128-10: ReLU, softmax cross-entropy, mean over the batch

inline constexpr int inputs = 784, hidden = 128, classes = 10;
inline constexpr std::size_t parameter_count = std::size_t{hidden} * inputs + hidden + classes * hidden + classes;
inline constexpr float sgd_rate = 0.01f, adam_rate = 1e-3f, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;

struct trainee {
  virtual ~trainee() = default;
  /// One step on the batch of x (batch x 784) and y (class indices); returns the mean loss before the update.
  virtual float step(const float* x, const int* y) = 0;
};

struct training_peer {
  const char* name;
  std::unique_ptr<trainee> (*make)(int batch, bool adam);
};

/// Those that were compiled, in the order of the table.
const std::vector<training_peer>& training_peers();

/// Initial parameters: weight (128,784), bias, weight (10,128), bias, the same numbers for everyone.
inline void initialize(float* parameters, std::size_t count, float scale = .07f) {
  unsigned state = 1;
  for (std::size_t i = 0; i < count; ++i)
    parameters[i] = (static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) / 16777216.f - .5f) * scale;
}

// ---- one sample through a small network

using inference_function = void (*)(const float* in, float* out); // `in` and `out` are aligned to 64 bytes

struct inference_peer {
  const char* name;
  inference_function tiny, small, digits; // 8-32-32-1 tanh · 16-64-64-4 tanh · 784-128-10 relu
};

const std::vector<inference_peer>& inference_peers();

/// Layer sizes of the three, and their parameters: weight (N,K), bias, ... in one vector.
struct tiny {
  static constexpr int sizes[] = {8, 32, 32, 1};
};
struct small {
  static constexpr int sizes[] = {16, 64, 64, 4};
};
struct digits {
  static constexpr int sizes[] = {784, 128, 10};
};

template <class Net> std::vector<float> parameters_of(float scale = .3f) {
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < std::size(Net::sizes); ++i)
    count += static_cast<std::size_t>(Net::sizes[i + 1]) * static_cast<std::size_t>(Net::sizes[i] + 1);
  std::vector<float> all(count);
  initialize(all.data(), all.size(), std::size(Net::sizes) == 3 ? .07f : scale);
  return all;
}

// ---- each file's entries

std::unique_ptr<trainee> make_openblas(int batch, bool adam);
std::unique_ptr<trainee> make_openblas_fused(int batch, bool adam);
std::unique_ptr<trainee> make_eigen(int batch, bool adam);
std::unique_ptr<trainee> make_torch(int batch, bool adam);
std::unique_ptr<trainee> make_aten(int batch, bool adam);
std::unique_ptr<trainee> make_dlib(int batch, bool adam);

extern const inference_peer eigen_inference, rtneural_eigen_inference, rtneural_xsimd_inference, onednn_inference,
    dlib_inference, torch_inference, aten_inference;

/// One thread for the libraries that would take more, and what each may say about itself.
void openblas_one_thread();
void torch_one_thread();
const char* openblas_core();

} // namespace peers
