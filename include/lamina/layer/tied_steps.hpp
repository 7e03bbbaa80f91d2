#pragma once
#include <array>
#include <cstddef>
#include <cstring>

#include <lamina/layer/per_step.hpp>
#include <lamina/layer/tied_dense.hpp>
#include <lamina/simd/pixels.hpp>

namespace lamina {

namespace detail {

/// The steps of all samples as rows, one after the other: the epilogue of a row, counted from `first`.
template <std::size_t Steps, std::size_t Features, class Epilogue> struct step_of_row {
  static constexpr bool light = Epilogue::light;
  Epilogue inner;
  std::size_t first = 0;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t row, std::size_t n, V v) const {
    inner((first + row) / Steps, (first + row) % Steps, n, v, Features - n);
  }
};

/// Adds what it is given to what is there.
template <class T> struct add_to_sums {
  static constexpr bool light = true;
  T* sums;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t offset, V v) const {
    (v + V::load_aligned(sums + offset)).store_aligned(sums + offset);
  }
  [[gnu::always_inline]] void prefetch(std::size_t) const {}
};

/// y[t] = W x[t] + b with the table (tokens, features) of an embedding, for all steps of all samples at once.
template <std::size_t Outputs, bool Biased> struct tied_steps {
  static constexpr std::size_t parameter_tensors = Biased ? 2 : 1;
  static constexpr bool accepts_formula = true, needs_input = false, needs_output = false, of_sequences = true;
  template <dimensions In> using table = dense<In.last(), no_bias, in_panels>;
  static constexpr dimensions outputs{1, {Outputs}};

  template <class T, class Arch, dimensions In>
  static constexpr std::size_t forward_scratch = table<In>::template scratch<T, Arch, outputs>;
  template <class T, class Arch, dimensions In> static constexpr std::size_t scratch = 0;
  template <class T, class Arch, dimensions In> static constexpr std::size_t stride = simd::padded<T, Arch>(In.last());
  /// x, as rows of whole vectors.
  template <class T, class Arch, dimensions In> static constexpr std::size_t work = In[0] * stride<T, Arch, In>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t weight_block = Outputs * stride<T, Arch, In>;
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t gathered = weight_block<T, Arch, In> + (Biased ? simd::padded<T, Arch>(Outputs) : 0);

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t r = 0; r < at.batch * In[0]; ++r)
      pack_row<T, Arch>(at.rows[r / In[0]] + r % In[0] * In.last(), In.last(), at.work + r * stride<T, Arch, In>);
    const auto product = [&]<class End>(const End& end) {
      table<In>::template backward_input<T, Arch, outputs>(
          batch_view<T>{nullptr, at.batch * In[0], at.block, at.offsets, at.scratch},
          gradient_view<T>{at.work, stride<T, Arch, In>}, step_of_row<In[0], Outputs, End>{end});
    };
    if constexpr (Biased)
      product(with_bias<T, Arch, Epilogue>{at.block + at.offsets[1], epilogue});
    else
      product(epilogue);
  }

  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>& at, const gradient_view<T>& gradient, const Epilogue& epilogue) {
    for_rows<T, In, 48>(gradient, at.batch, [&](const T* const* rows, std::size_t first, std::size_t count) {
      table<In>::template forward<T, Arch, outputs>(batch_view<T>{rows, count, at.block, at.offsets, at.scratch},
                                                    step_of_row<In[0], In.last(), Epilogue>{epilogue, first});
    });
  }

  template <class T, class Arch, dimensions In>
  static void gather_gradient(const batch_view<T>& at, const gradient_view<T>& gradient, T* sums) {
    static constexpr std::size_t from_the_start[1]{};
    std::memset(sums, 0, weight_block<T, Arch, In> * sizeof(T));
    for_rows<T, In, 512>(gradient, at.batch, [&](const T* const* rows, std::size_t first, std::size_t count) {
      table<In>::template backward_parameters<T, Arch, outputs>(
          batch_view<T>{rows, count, at.block, from_the_start, at.scratch},
          gradient_view<T>{at.work + first * stride<T, Arch, In>, stride<T, Arch, In>}, add_to_sums<T>{sums});
    });
    if constexpr (Biased)
      simd::pixel_sums<T, Arch, Outputs, In[0]>(
          gradient.rows, at.batch, [bias = sums + weight_block<T, Arch, In>](std::size_t f, simd::vector<T, Arch> v) {
            v.store_aligned(bias + f);
          });
  }
  template <class T, class Arch, dimensions In, class Sink>
  static void give_gradient(const std::size_t* offsets, const T* sums, const T* more, const Sink& sink) {
    if constexpr (Biased)
      hand_over_blocks<T, Arch>(std::array<std::size_t, 2>{weight_block<T, Arch, In>, simd::padded<T, Arch>(Outputs)},
                                offsets, sums, more, sink);
    else
      hand_over_block<T, Arch>(sums, more, weight_block<T, Arch, In>, offsets[0], sink);
  }

private:
  /// Calls `visit(rows, first, count)` for so many of the steps' gradients at a time.
  template <class T, dimensions In, std::size_t Most, class Visit>
  static void for_rows(const gradient_view<T>& gradient, std::size_t batch, const Visit& visit) {
    const T* rows[Most];
    const std::size_t all = batch * In[0];
    for (std::size_t first = 0; first < all; first += Most) {
      const std::size_t count = all - first < Most ? all - first : Most;
      for (std::size_t i = 0; i < count; ++i)
        rows[i] = gradient.rows[(first + i) / In[0]] + (first + i) % In[0] * Outputs;
      visit(rows, first, count);
    }
  }
};

} // namespace detail

/// An affine map of every step with the weight of another layer, and a bias of its own unless `no_bias`.
/// Shape: (L, F) → (L, N). Parameters: bias (N). `per_step<dense<N, weight_of<"words">>>`: the table of an `embedding`
/// of N tokens, the last layer of a language model; or the weight (N, F) of another `per_step<dense<N>>`. Forward: y[t]
/// = W x[t] + b. Backward keeps: x. Errors: those of `dense` with `weight_of`; a dense layer of a row and a transposed
/// weight are a tied_weight. Source: Press and Wolf 2017; PyTorch's `decoder.weight = encoder.weight`. Example:
/// tests/layer/tied.cpp.
template <std::size_t Outputs, class... Options>
  requires(detail::is_tie<Options> || ...)
struct per_step<dense<Outputs, Options...>>
    : detail::tied_layer<per_step<typename detail::without_tie<dense<Outputs, Options...>>::type>, Options...> {
  using untied = typename per_step::untied;

  static constexpr bool borrows(detail::lent what) {
    return !per_step::tied.transposed && (what == detail::lent::filters || what == detail::lent::table);
  }
  template <class Source>
  using head = std::conditional_t<detail::lent_by<Source>() == detail::lent::table,
                                  detail::tied_steps<Outputs, untied::biased>, untied>;
};

} // namespace lamina
