#pragma once
#include <lamina/expression/formula.hpp>

/// The activations as formulas, in PyTorch's definitions; what backward needs is derived from each.
namespace lamina::formulas {
using terms::x;

// clang-format off: it takes products in templates for pointers
inline constexpr auto identity = x;
inline constexpr auto step = select(x >= 0, 1, 0);
inline constexpr auto sigmoid = terms::sigmoid(x);
inline constexpr auto hard_sigmoid = clamp(x + 3, 0, 6) / 6.0;
inline constexpr auto tanh = terms::tanh(x);
inline constexpr auto hard_tanh = clamp(x, -1, 1);
inline constexpr auto relu = max(x, 0);
inline constexpr auto relu6 = clamp(x, 0, 6);
template <double Slope = 0.01> inline constexpr auto leaky_relu = select(x > 0, x, Slope * x);
template <double Alpha = 1.0> inline constexpr auto elu = select(x > 0, x, Alpha * expm1(x));
inline constexpr double selu_alpha = 1.6732632423543772, selu_scale = 1.0507009873554805;
inline constexpr auto selu = select(x > 0, selu_scale * x, selu_scale * selu_alpha * expm1(x));
template <double Alpha = 1.0> inline constexpr auto celu = select(x > 0, x, Alpha * expm1(x / Alpha));
inline constexpr auto gelu = 0.5 * x * (1 + erf(x * 0.7071067811865476)); // √½
inline constexpr auto gelu_tanh = 0.5 * x * (1 + terms::tanh(0.7978845608028654 * (x + 0.044715 * pow(x, 3)))); // √(2/π)
inline constexpr auto silu = x * terms::sigmoid(x);
namespace detail { // tanh(softplus(x)) = n / (n + 2) with n = eˣ (eˣ + 2): one exponential; above 20 it is 1
inline constexpr auto mish_exp = exp(min(x, 20));
inline constexpr auto mish_n = mish_exp * (mish_exp + 2);
} // namespace detail
inline constexpr auto mish = x * (detail::mish_n / (detail::mish_n + 2));
inline constexpr auto softplus = terms::softplus(x);
inline constexpr auto softsign = x / (1 + abs(x));
inline constexpr auto hard_swish = select(x < -3, 0, select(x <= 3, x * (x + 3) / 6.0, x));
// clang-format on

} // namespace lamina::formulas
