#pragma once
#include <cstddef>
#include <lamina/simd/panels.hpp>
#include <lamina/simd/sweep.hpp>
#include <lamina/simd/sweep_tile.hpp>
#include <utility>

namespace lamina::simd {

namespace detail {

/// How the rows of a sweep are cut for tiles of NV vectors.
template <class Arch, sweep P, std::size_t NV> inline constexpr row_plan sweep_rows{P, sweep_pixels<Arch, P>(NV)};

template <class Arch, sweep P, std::size_t NV>
inline constexpr bool sweep_borders = needs_border(P, sweep_rows<Arch, P, NV>, NV);

/// Every pixel of an image, for NV vectors of filters.
template <class T, class Arch, sweep P, std::size_t Columns, std::size_t NV, std::size_t Lanes, class Epilogue>
[[gnu::always_inline]] inline void sweep_image(const T* image, const T* weights, std::size_t m, std::size_t f,
                                               const Epilogue& epilogue) {
  each_run<sweep_rows<Arch, P, NV>>([&]<pieces At>() __attribute__((always_inline)) {
    sweep_pieces<T, Arch, P, sweep_shape{At, NV, Columns}, Lanes>(image, weights, m, f, epilogue);
  });
}

/// All images, for NV vectors of filters of a panel that has `Columns`.
template <class T, class Arch, sweep P, std::size_t Columns, std::size_t NV, std::size_t Lanes, class Epilogue>
[[gnu::always_inline]] inline void sweep_batch(const T* const* images, std::size_t channel, std::size_t batch,
                                               const T* weights, [[maybe_unused]] T* scratch, std::size_t f,
                                               const Epilogue& epilogue) {
  if constexpr (sweep_borders<Arch, P, NV>) {
    for (std::size_t m = 0; m < batch; ++m) {
      copy_with_border<T, P, P.depth>(images[m] + channel, scratch);
      sweep_image<T, Arch, P.bordered(P.depth), Columns, NV, Lanes>(scratch, weights, m, f, epilogue);
    }
  } else {
    for (std::size_t m = 0; m < batch; ++m)
      sweep_image<T, Arch, P, Columns, NV, Lanes>(images[m] + channel, weights, m, f, epilogue);
  }
}

/// A panel, `Lanes` columns of which are in use, in as many tiles as its vectors take.
template <class T, class Arch, sweep P, std::size_t Lanes, class Epilogue>
[[gnu::always_inline]] inline void sweep_panel(const T* const* images, std::size_t channel, std::size_t batch,
                                               const T* weights, T* scratch, std::size_t f, const Epilogue& epilogue) {
  constexpr std::size_t W = width<T, Arch>, tile = sweep_vectors<Arch>, columns = padded<T, Arch>(Lanes),
                        vectors = columns / W;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (sweep_batch<T, Arch, P, columns, (vectors - I * tile < tile ? vectors - I * tile : tile),
                 lanes_of<tile * W, Lanes>(I)>(images, channel, batch, weights + I * tile * W, scratch,
                                               f + I * tile * W, epilogue),
     ...);
  }(std::make_index_sequence<(vectors + tile - 1) / tile>{});
}

} // namespace detail

/// Numbers of scratch that `run_direct` needs for N filters.
template <class T, class Arch, sweep P, std::size_t N> constexpr std::size_t direct_scratch() {
  constexpr std::size_t vectors = padded<T, Arch>(N) / width<T, Arch>, tile = detail::sweep_vectors<Arch>;
  constexpr bool borders =
      (vectors >= tile && detail::sweep_borders<Arch, P, tile>) ||
      (vectors % tile != 0 && detail::sweep_borders<Arch, P, (vectors % tile == 0 ? tile : vectors % tile)>);
  return borders ? P.bordered(P.depth).height * P.bordered(P.depth).row() : 0;
}

/// `run_sweep` (run_sweep.hpp), each product of its definition as it is.
template <class T, class Arch, sweep P, std::size_t N, class Epilogue>
void run_direct(const T* const* images, std::size_t channel, std::size_t batch, const T* weights, T* scratch,
                std::size_t first, const Epilogue& epilogue) {
  constexpr std::size_t columns = panels<T, Arch>::columns, whole = N / columns * columns,
                        panel = columns * P.kernel_height * P.kernel_width * P.depth;
  for (std::size_t f = 0; f < whole; f += columns, weights += panel)
    detail::sweep_panel<T, Arch, P, columns>(images, channel, batch, weights, scratch, first + f, epilogue);
  if constexpr (N > whole)
    detail::sweep_panel<T, Arch, P, N - whole>(images, channel, batch, weights, scratch, first + whole, epilogue);
}

} // namespace lamina::simd
