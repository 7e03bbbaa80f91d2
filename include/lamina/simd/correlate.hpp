#pragma once
#include <cstddef>
#include <lamina/simd/convolution.hpp>
#include <lamina/simd/depthwise.hpp>
#include <lamina/simd/run_sweep.hpp>

namespace lamina::simd {

namespace detail {

/// A convolution as one sweep over the large side.
constexpr sweep sweep_of(const convolution& g, const window& pools = {}) {
  const sweep p{.channels = g.channels,
                .height = g.height,
                .width = g.width,
                .depth = g.group_channels(),
                .out_height = g.out_height,
                .out_width = g.out_width,
                .kernel_height = g.kernel_height,
                .kernel_width = g.kernel_width,
                .stride_y = g.stride_y,
                .stride_x = g.stride_x,
                .top = static_cast<std::ptrdiff_t>(g.top),
                .left = static_cast<std::ptrdiff_t>(g.left),
                .dilation_y = g.dilation_y,
                .dilation_x = g.dilation_x,
                .first = 0,
                .step_y = g.out_width,
                .step_x = 1};
  return pools.size() > 1 ? p.pooled(pools) : p.flattened();
}

} // namespace detail

/// Numbers of scratch that `correlate` needs.
template <class T, class Arch, convolution G>
inline constexpr std::size_t correlate_scratch = [] {
  using layout = convolution_weights<T, Arch, G>;
  if constexpr (G.depthwise())
    return depthwise_scratch<T, typename layout::arch, detail::sweep_of(G)>();
  else
    return sweep_scratch<T, typename layout::arch, detail::sweep_of(G), layout::rows>();
}();

/// Whether `correlate` can hold windows of its output in registers for an epilogue that pools them.
template <class T, class Arch, convolution G, window W>
inline constexpr bool correlate_holds = [] {
  using layout = convolution_weights<T, Arch, G>;
  if constexpr (G.depthwise() || G.out_height < W.height || G.out_width < W.width ||
                W.width > detail::most_pixels<typename layout::arch>(detail::sweep_vectors<typename layout::arch>))
    return false;
  else // by the same way, with as much scratch at most
    return prefers_winograd<T, typename layout::arch, detail::sweep_of(G, W), layout::rows> ==
               prefers_winograd<T, typename layout::arch, detail::sweep_of(G), layout::rows> &&
           sweep_scratch<T, typename layout::arch, detail::sweep_of(G, W), layout::rows>() <=
               correlate_scratch<T, Arch, G>;
}();

/// The forward pass of a convolution: small(p, f) = Σ_k large(…) · w(f, k), as `convolution` defines it.
///
/// `large` are pointers to `batch` images, channels last, of which nothing beyond the end is read; `weights` is the
/// block that `convolution_weights` lays out; `scratch` are `correlate_scratch<T, Arch, G>` aligned numbers. Calls
/// `epilogue(m, p, f, v, lanes)` for each sample m, pixel p = y·out_width + x and vector v of filters f … f+lanes-1:
/// each number exactly once, in no certain order. `lanes` ≥ V::size means all of v. An epilogue that pools
/// (simd/pooled.hpp) windows which `correlate_holds` is handed each of them once instead.
template <class T, class Arch, convolution G, class Epilogue>
void correlate(const T* const* large, std::size_t batch, const T* weights, T* scratch, const Epilogue& epilogue) {
  using layout = convolution_weights<T, Arch, G>;
  using arch = typename layout::arch;
  constexpr sweep p = detail::sweep_of(G, window_of<Epilogue>);
  if constexpr (G.depthwise())
    run_depthwise<T, arch, p, tap_order{0, G.kernel_width, 1, G.depth()}>(large, batch, weights, scratch, epilogue);
  else
    for (std::size_t g = 0; g < layout::groups; ++g)
      run_sweep<T, arch, p, layout::rows>(large, g * p.depth, batch, weights + g * layout::group_size, scratch,
                                          g * layout::rows, epilogue);
}

} // namespace lamina::simd
