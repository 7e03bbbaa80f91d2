#pragma once
#include <cstddef>

/// Elementwise loops written with intrinsics (AVX-512, or AVX2 with FMA; where the machine has neither, plain loops).
/// Blocks are aligned to 64 bytes, n is a multiple of 16.
namespace by_hand {

const char* instructions();

void tanh_forward(const float* x, float* y, std::size_t n);
void tanh_backward(const float* y, const float* g, float* d, std::size_t n); // d = g (1 - y^2)
void relu_forward(const float* x, float* y, std::size_t n);
void relu_backward(const float* y, const float* g, float* d, std::size_t n);
void gelu_forward(const float* x, float* y, std::size_t n); // the exact one, with erf
void gelu_backward(const float* x, const float* g, float* d, std::size_t n);
void adam(const float* g, float* w, float* m, float* v, std::size_t n, float rate, float c2); // c2 = 1/(1 - beta2^t)

// Nothing but traffic, with the same streams: what the caches and the memory give at most. What is read and written
// stays as it is.
void stream_1_1(const float* a, float* b, std::size_t n);                     // one read, one written
void stream_2_1(const float* a, const float* b, float* c, std::size_t n);     // two read, one written
void stream_4_3(const float* g, float* w, float* m, float* v, std::size_t n); // four read, three of them written

float stream_1_0(const float* a, std::size_t n);              // one read: the sum
void stream_3_3(float* w, float* m, float* v, std::size_t n); // three read and written

} // namespace by_hand
