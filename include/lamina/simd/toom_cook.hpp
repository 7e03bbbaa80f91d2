#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>

/// Minimal filtering along a row: O outputs of a filter of K taps with O + K − 1 products in place of O·K.
///
/// A filter and a piece of a row are polynomials; each is evaluated at O + K − 1 points, the values are multiplied, and
/// the outputs are what the products determine. Source: A. L. Toom (1963), S. A. Cook (1966); S. Winograd, Arithmetic
/// Complexity of Computations (1980); A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks (2015).
namespace lamina::simd {

/// A matrix of known numbers.
template <std::size_t Rows, std::size_t Columns> struct known_matrix {
  double at[Rows][Columns]{};
};

/// The three matrices: out = outputs · ((taps · w) ∘ (image · x)), where x are the O + K − 1 pixels that O neighbouring
/// outputs see. The points are 0, a, −a, 1/a, … and infinity: small numbers and their inverses, pairs of opposite sign.
template <std::size_t O, std::size_t K> struct toom_cook {
  static constexpr std::size_t points = O + K - 1;
  known_matrix<points, K> taps;
  known_matrix<points, points> image;
  known_matrix<O, points> outputs;

  constexpr explicit toom_cook(const double (&at)[points - 1]) {
    for (std::size_t i = 0; i < points; ++i) {
      const bool infinite = i + 1 == points;
      double scale = 1, power = 1;
      image.at[i][0] = 1; // the product of x − at[k] over the other points, coefficient by coefficient
      for (std::size_t k = 0, degree = 0; k + 1 < points; ++k) {
        if (k == i) continue;
        if (!infinite) scale *= at[i] - at[k];
        ++degree;
        for (std::size_t j = degree + 1; j-- > 0;)
          image.at[i][j] = (j > 0 ? image.at[i][j - 1] : 0) - at[k] * image.at[i][j];
      }
      for (std::size_t j = 0; j < points; ++j, power *= infinite ? 1 : at[i]) {
        if (j < K) taps.at[i][j] = infinite ? (j + 1 == K ? 1 : 0) : power / scale;
        if (j < O) outputs.at[j][i] = infinite ? (j + 1 == O ? 1 : 0) : power;
      }
    }
  }
};

/// to = M · from, all of it unrolled; what is known to be 0 or 1 is not multiplied.
template <known_matrix M, class V, std::size_t Rows, std::size_t Columns>
[[gnu::always_inline]] inline void multiply_known(V (&to)[Rows], const V (&from)[Columns]) {
  using T = typename V::value_type;
#pragma GCC unroll 16
  for (std::size_t i = 0; i < Rows; ++i) {
    bool first = true;
#pragma GCC unroll 16
    for (std::size_t j = 0; j < Columns; ++j) {
      const double a = M.at[i][j];
      if (a == 0) continue;
      if (first)
        to[i] = a == 1 ? from[j] : from[j] * V(T(a));
      else
        to[i] = a == 1 ? to[i] + from[j] : a == -1 ? to[i] - from[j] : multiply_add(from[j], V(T(a)), to[i]);
      first = false;
    }
  }
}

} // namespace lamina::simd
