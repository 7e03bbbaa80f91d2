#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/shape.hpp>
#include <lamina/simd/non_temporal.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/pixels.hpp>
#include <lamina/simd/traits.hpp>

/// What every stage head works with. A *stage* is a head (a contraction, a softmax, or nothing: `pass`) and the
/// elementwise formula laminated onto it. A head offers, as static members:
///
/// * `infer(in)`: the shape that leaves it, or why `in` does not fit
/// * `parameters(in)`: an array of `parameter`, as long as `parameter_tensors` says
/// * `forward_flops(in)`, `backward_flops(in)`
/// * `accepts_formula`: whether elementwise layers after it become its epilogue
/// * `needs_input`, `needs_output`: what its backward reads, x and y
/// * `forward<T, Arch, In>(batch_view, epilogue)`: `epilogue(m, n, v)` with the numbers n … n+W−1 of row m
/// * `forward_one<T, Arch, In>(x, block, offsets, epilogue)`: the same for one sample; not needed where `forward` is as
///   good at it
/// * `backward_input<T, Arch, In>(batch_view, gradient_view, epilogue)`: `epilogue(m, k, v)` with dL/dx
/// * `backward_parameters<T, Arch, In>(batch_view, gradient_view, sink)`: `sink(offset, v)` with dL/dw at that place of
///   the block, `sink.keep(offset, v)` with what is stored there and is no gradient
/// * where the work on parameters can be shared by threads, `backward_parameters_of(…, simd::input_range)`, a range of
///   the `shared_inputs` of its weight (of its inputs, where it does not say), or, in place
///   of `backward_parameters`: `gathered<T, Arch, In>` numbers, `gather_gradient(batch_view, gradient_view, sums)` for
///   some samples, and `give_gradient(offsets, sums, more, sink)`
/// * or, with a member `backward_at_once` and in place of both, `backward<T, Arch, In>(batch_view, gradient_view,
///   epilogue, sink)`, where they come of the same sums
/// * `scratch<T, Arch, In>`: elements of `batch_view::scratch` that backward may use; `forward_scratch` likewise
/// * `of_images` where it takes samples of rank 2 and more channels last: H·W pixels of C numbers, with no padding
///   between them. Its epilogues are `epilogue(m, p, f, v, lanes)`: sample m, pixel p, channels f … f+lanes−1 in the
///   first lanes of v, which may be a vector of a narrower architecture. Where the epilogue is `in_one_piece`
///   (simd/pixels.hpp) they may be `epilogue(m, n, v)` as well, n = p·C + f
/// * `of_sequences` where it takes samples of rank 2 as L steps of F numbers: p is the step, f the feature. With
///   `goes_back_through_time` its `backward_input` is called whether or not anybody asks for the gradient by the input
/// * `work<T, Arch, In>`: elements a sample that live from its forward to its backward
/// * for streams: `streams` where a step of its output needs no later step of its input, `state<T, Arch>(in)` elements
///   of the past that it keeps and `stream_one<T, Arch, In>(x, block, offsets, state, position, epilogue)`; where many
///   streams together are better than one after the other, `stream<T, Arch, In>(batch_view, past_view, epilogue)`. With
///   `carried<T, Arch>`, made of the place of the state and handed to `stream_one` instead of it, numbers go from step
///   to step in registers.
///   Without a state it is called as for samples, for a single step
/// * `in_any_order(in)`, whether the order of the numbers does not matter to it; a parameter of the input's shape
///   follows the order
/// * `accepts_norm` where a batch norm after it can be a part of its epilogue, `accepts_pool` where a pooling can;
///   `holds_window<T, Arch, In, W>` whether forward hands such windows over whole (simd/pooled.hpp)
/// * `lends` where other layers may use its first parameter, a weight (layer/tied_weight.hpp)
/// * if it trains otherwise than it infers, `trains_differently` and `forward_training`, as `forward`; then also
///   `kept<T, Arch>(in)`: elements of `batch_view::kept` that it leaves for its backward
namespace lamina::detail {

/// The input side of a stage for a batch: samples where they stand, and the model's parameters.
template <class T> struct batch_view {
  const T* const* rows;
  std::size_t batch;
  const T* block;
  const std::size_t* offsets; ///< of the head's parameters in the block
  T* scratch;
  T* kept = nullptr; ///< what the head's training forward leaves for its backward beside its input and output
  T* work = nullptr; ///< `work<T, Arch, In>` numbers a sample, from forward to backward
};

/// Where a head finds the past of as many streams as a batch has rows.
template <class T> struct past_view {
  T* first;
  std::size_t stride;           ///< from stream to stream
  const std::size_t* positions; ///< of each stream, steps since it began
};

/// The output side in backward: dL/dz, and the output itself where the head needs it.
template <class T> struct gradient_view {
  const T* dz;
  std::size_t stride;
  const T* y = nullptr;
  std::size_t y_stride = 0;
  const T* const* rows = nullptr; ///< of dz
};

/// Adds a vector of parameters to what comes before the rest of the epilogue.
template <class T, class Arch, class Epilogue> struct with_bias {
  static constexpr bool light = Epilogue::light;
  const T* bias;
  Epilogue inner;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    inner(m, n, v + V::load_aligned(bias + n));
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    inner(m, p, f, before(m, p, f, v, lanes), lanes);
  }
  template <class V> [[gnu::always_inline]] V before(std::size_t, std::size_t, std::size_t f, V v, std::size_t) const {
    return v + V::load_unaligned(bias + f);
  }
  auto non_temporal() const
    requires simd::StoresNonTemporally<Epilogue>
  {
    return with_bias<T, Arch, decltype(inner.non_temporal())>{bias, inner.non_temporal()};
  }
};

/// Hands numbers n … of a row that is one pixel to an epilogue. Where it stores in one piece they are whole vectors:
/// who reads some lanes after a store of some lanes waits until it is in the cache.
template <class T, class Arch, class Epilogue>
[[gnu::always_inline]] inline void give_row(const Epilogue& epilogue, std::size_t n, simd::vector<T, Arch> v,
                                            std::size_t lanes) {
  if constexpr (simd::in_one_piece<Epilogue>)
    epilogue(0, n, v);
  else
    epilogue(0, 0, n, v, lanes);
}

/// The epilogue of a batch, for the kernel of one sample: sums begin at 0, or at the bias.
template <class T, class Arch, class Epilogue> struct only_row {
  static constexpr bool light = Epilogue::light;
  Epilogue inner;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t n, V v) const { inner(0, n, v); }
};
template <class T, class Arch, class Epilogue> struct only_row<T, Arch, with_bias<T, Arch, Epilogue>> {
  static constexpr bool light = Epilogue::light;
  with_bias<T, Arch, Epilogue> biased;

  [[gnu::always_inline]] auto start(std::size_t n) const {
    return simd::vector<T, Arch>::load_aligned(biased.bias + n);
  }
  template <class V> [[gnu::always_inline]] void operator()(std::size_t n, V v) const { biased.inner(0, n, v); }
};

/// A sink whose offsets count from the start of one parameter. It holds the sink itself: what a kernel has by value it
/// keeps in registers, what it only refers to it reads again after every store.
template <class Sink> struct sink_at {
  static constexpr bool light = Sink::light;
  std::size_t start;
  Sink inner;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t offset, V v) const { inner(start + offset, v); }
  [[gnu::always_inline]] void prefetch(std::size_t offset) const { inner.prefetch(start + offset); }
  template <class V> void keep(std::size_t offset, V v) const { inner.keep(start + offset, v); }
};

/// Hands the finished gradient of a weight block to a sink, whole vectors at a time.
template <class T, class Arch, class Sink>
void hand_over_block(const T* sums, const T* more, std::size_t size, std::size_t offset, const Sink& sink) {
  using V = simd::vector<T, Arch>;
  if (!more)
    for (std::size_t i = 0; i < size; i += V::size) sink(offset + i, V::load_aligned(sums + i));
  else
    for (std::size_t i = 0; i < size; i += V::size)
      sink(offset + i, V::load_aligned(sums + i) + V::load_aligned(more + i));
}

/// The same for all parameters of a head, whose gradients stand one after the other and take so many numbers.
template <class T, class Arch, std::size_t Count, class Sink>
void hand_over_blocks(const std::array<std::size_t, Count>& sizes, const std::size_t* offsets, const T* sums,
                      const T* more, const Sink& sink) {
  for (std::size_t i = 0; i < Count; ++i) {
    hand_over_block<T, Arch>(sums, more, sizes[i], offsets[i], sink);
    sums += sizes[i];
    if (more) more += sizes[i];
  }
}
template <std::size_t Count> constexpr std::size_t sum_of(const std::array<std::size_t, Count>& sizes) {
  std::size_t sum = 0;
  for (const std::size_t size : sizes) sum += size;
  return sum;
}

/// Hands a row that a head has finished to the epilogue; the row is aligned and padded.
template <class T, class Arch, class Epilogue>
void hand_over_row(std::size_t m, const T* values, std::size_t padded, const Epilogue& epilogue) {
  using V = simd::vector<T, Arch>;
  for (std::size_t n = 0; n < padded; n += V::size) epilogue(m, n, V::load_aligned(values + n));
}

/// Hands the pixels of an image to an epilogue.
template <class T, class Arch, dimensions In, class Epilogue>
void hand_over_pixels(std::size_t m, const T* x, Epilogue epilogue) {
  constexpr std::size_t channels = In[0], W = simd::width<T, Arch>;
  if constexpr (simd::in_one_piece<Epilogue>)
    for (std::size_t n = 0; n < In.size(); n += W) epilogue(m, n, simd::load_lanes<T, Arch>(x + n, In.size() - n));
  else
    for (std::size_t p = 0; p < In.size() / channels; ++p, x += channels)
      for (std::size_t f = 0; f < channels; f += W)
        epilogue(m, p, f, simd::load_lanes<T, Arch>(x + f, channels - f), channels - f);
}

/// An epilogue for backward where nobody asks for the gradient by the input.
struct to_nobody {
  static constexpr bool light = true;
  template <class V> [[gnu::always_inline]] void operator()(std::size_t, std::size_t, V) const {}
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t, std::size_t, std::size_t, V, std::size_t) const {}
};

/// What heads without parameters share.
struct head_without_parameters {
  static constexpr std::size_t parameter_tensors = 0;
  static constexpr std::size_t forward_flops(auto) { return 0; }
  static constexpr std::size_t backward_flops(auto) { return 0; }
  template <class T, class Arch, dimensions In> static constexpr std::size_t scratch = 0;
};

} // namespace lamina::detail
