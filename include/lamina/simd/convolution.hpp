#pragma once
#include <cstddef>
#include <lamina/simd/fitting.hpp>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/traits.hpp>

namespace lamina::simd {

/// The geometry of a convolution: `large` is the side with height×width pixels of `channels` numbers, `small` the side
/// with out_height×out_width pixels of `filters` numbers. A structural type, so that it can be a template argument.
///
/// small(oy, ox, f) = Σ_{ky,kx,c} large(oy·stride_y + ky·dilation_y − top, ox·stride_x + kx·dilation_x − left, c) ·
/// w(f, (ky·kernel_width + kx)·channels/groups + c), where pixels outside count as zero and c runs over the channels of
/// f's group. Images are stored channels last, pixel after pixel.
struct convolution {
  std::size_t channels, height, width;
  std::size_t filters, out_height, out_width;
  std::size_t kernel_height, kernel_width;
  std::size_t stride_y = 1, stride_x = 1;
  std::size_t top = 0, left = 0; ///< zero padding before the image; as much follows as is needed
  std::size_t dilation_y = 1, dilation_x = 1;
  std::size_t groups = 1;

  constexpr bool operator==(const convolution&) const = default;

  /// One filter for each channel, which sees no other.
  constexpr bool depthwise() const { return groups > 1 && groups == channels && filters == channels; }
  constexpr std::size_t group_channels() const { return channels / groups; }
  constexpr std::size_t group_filters() const { return filters / groups; }
  /// Inputs of a filter.
  constexpr std::size_t depth() const { return kernel_height * kernel_width * group_channels(); }
};

/// How the weights of a convolution are stored: a panel block of the matrix filters × depth for each group; for a
/// depthwise convolution one block of the matrix channels × (kernel_height·kernel_width). Panels are those of the
/// vectors that fit; each block is padded to whole vectors of `Arch`.
template <class T, class Arch, convolution G> struct convolution_weights {
  static constexpr std::size_t groups = G.depthwise() ? 1 : G.groups;
  static constexpr std::size_t rows = G.filters / groups; ///< of a group's matrix
  static constexpr std::size_t columns = G.depth();
  using arch = fitting<T, Arch, rows>;
  using layout = panels<T, arch>;
  static constexpr std::size_t group_size = padded<T, Arch>(layout::size(rows, columns));
  static constexpr std::size_t size = groups * group_size;

  /// Where the weight of filter f for input k = (ky·kernel_width + kx)·group_channels + c is.
  static constexpr std::size_t offset(std::size_t f, std::size_t k) {
    return f / rows * group_size + layout::offset(f % rows, k, rows, columns);
  }
};

/// Numbers of the weight block of a convolution.
template <class T, class Arch, convolution G>
inline constexpr std::size_t convolution_block = convolution_weights<T, Arch, G>::size;

} // namespace lamina::simd
