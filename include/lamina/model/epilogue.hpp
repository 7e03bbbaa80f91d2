#pragma once
#include <cstddef>
#include <cstdint>

#include <lamina/core/shape.hpp>
#include <lamina/expression/cost.hpp>
#include <lamina/expression/evaluate.hpp>
#include <lamina/expression/kept.hpp>
#include <lamina/simd/non_temporal.hpp>
#include <lamina/simd/normals.hpp>
#include <lamina/simd/partial.hpp>
#include <lamina/simd/pixels.hpp>
#include <lamina/simd/pooled.hpp>
#include <lamina/simd/random.hpp>
#include <lamina/simd/traits.hpp>

/// What kernels do with finished vectors. Their types depend on the formula alone, so layers of one kind share a
/// kernel.
namespace lamina::detail {

/// Where the draws of a training step come from.
struct draw_source {
  std::uint64_t seed = 0, step = 0;
};

template <class Formula> inline constexpr bool draws_uniform = contains<Formula, terms::term<"noise">>;
template <class Formula> inline constexpr bool draws_normal = contains<Formula, terms::term<"normal">>;
template <class Formula> inline constexpr bool draws_by_channel = contains<Formula, terms::term<"channel_noise">>;
template <class Formula>
inline constexpr bool draws = draws_uniform<Formula> || draws_normal<Formula> || draws_by_channel<Formula>;

/// The noise of a stage's formula: a function of the seed, the step, the layer, the sample and the feature or the
/// channel, drawn in forward and once more in backward instead of being kept. Nothing for a formula without noise.
template <class T, class Arch, class Formula> struct noise_of {
  constexpr noise_of() = default;
  constexpr noise_of(const draw_source&, std::size_t, std::size_t, std::size_t = 0) {}
  template <class E, class, class... Bindings>
  [[gnu::always_inline]] auto evaluate(std::size_t, std::size_t, const Bindings&... given) const {
    return lamina::evaluate<E>(given...);
  }
};
template <class T, class Arch, class Formula>
  requires draws<Formula>
struct noise_of<T, Arch, Formula> {
  simd::random_stream stream;
  std::size_t channels; ///< of the image whose number n is at pixel n / channels
  std::size_t first;    ///< sample of the batch

  noise_of(const draw_source& from, std::size_t leaf, std::size_t channels_of_image, std::size_t first_sample = 0)
      : stream{from.seed, first_stream + (from.step << 12) + leaf}, channels{channels_of_image}, first{first_sample} {}
  template <class E, class V, class... Bindings>
  [[gnu::always_inline]] auto evaluate(std::size_t m, std::size_t n, const Bindings&... given) const {
    using width = typename V::arch_type;
    const std::uint64_t sample = std::uint64_t{first + m} << 32;
    if constexpr (draws_normal<E>)
      return lamina::evaluate<E>(given..., terms::normal = simd::normals_at<T, width>(stream, sample + n));
    else if constexpr (draws_uniform<E>)
      return lamina::evaluate<E>(given..., terms::noise = simd::uniforms<T, width>(stream, sample + n));
    else if constexpr (draws_by_channel<E>)
      return lamina::evaluate<E>(given...,
                                 terms::channel_noise = simd::cyclic_uniforms<T, width>(stream, sample, n, channels));
    else
      return lamina::evaluate<E>(given...);
  }

private:
  static constexpr std::uint64_t first_stream = std::uint64_t{1} << 61;
};
template <class Formula>
inline constexpr bool is_light = operation_count<Formula> <= light_operations && !draws<Formula>;

/// y = formula(z): the end of a forward stage; keeps z where backward reads it.
template <class T, class Arch, class Formula, bool KeepsInput, class Store = simd::temporal_store> struct store_output {
  static constexpr bool light = is_light<Formula>;
  T* y;
  T* z;
  std::size_t stride;
  std::size_t channels; ///< of a pixel
  [[no_unique_address]] noise_of<T, Arch, Formula> noise;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    if constexpr (KeepsInput) v.store_aligned(z + m * stride + n);
    V(noise.template evaluate<Formula, V>(m, n, terms::x = v)).store_aligned(y + m * stride + n);
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    const std::size_t n = p * channels + f, at = m * stride + n;
    if constexpr (KeepsInput) Store::template store<T, typename V::arch_type>(z + at, lanes, v);
    const V result = noise.template evaluate<Formula, V>(m, n, terms::x = v);
    Store::template store<T, typename V::arch_type>(y + at, lanes, result);
  }
  auto non_temporal() const {
    return store_output<T, Arch, Formula, KeepsInput, simd::non_temporal_store>{y, z, stride, channels, noise};
  }
};

/// The same into a slice of a concatenation, whose pixels are longer; or whose rows are, where rows are joined.
template <class T, class Arch, class Formula, bool KeepsInput, bool Pixels> struct store_slice {
  static constexpr bool light = is_light<Formula>, in_pieces = Pixels;
  T* y;
  T* z;
  std::size_t y_stride, y_pixel; ///< from sample to sample and from pixel to pixel of the concatenation
  std::size_t stride, channels;  ///< of z
  [[no_unique_address]] noise_of<T, Arch, Formula> noise;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    (*this)(m, 0, n, v, channels - n);
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    const std::size_t n = p * channels + f;
    if constexpr (KeepsInput) simd::store_lanes<T, typename V::arch_type>(z + m * stride + n, lanes, v);
    const V result = noise.template evaluate<Formula, V>(m, n, terms::x = v);
    simd::store_lanes<T, typename V::arch_type>(y + m * y_stride + p * y_pixel + f, lanes, result);
  }
};

/// The same at the end of a network for one sample: straight into the result, which has no padding.
template <class T, class Arch, class Formula, std::size_t Features> struct store_result {
  static constexpr bool light = operation_count<Formula> <= light_operations;
  T* y;
  std::size_t channels;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t, std::size_t n, V v) const {
    const V result = evaluate<Formula>(terms::x = v);
    if (n + V::size <= Features)
      result.store_unaligned(y + n);
    else
      simd::store_partial<T, typename V::arch_type, Features % V::size>(y + n, result);
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    const V result = evaluate<Formula>(terms::x = v);
    if constexpr (Features < 4) // all of it, a few numbers
      simd::store_partial<T, typename V::arch_type, Features>(y + p * channels + f, result);
    else
      simd::store_lanes<T, typename V::arch_type>(y + p * channels + f, lanes, result);
  }
};

/// y = pooled formula(z), the windows of `Pool` over an image `Image` filled as its numbers come: for inference.
template <class T, class Arch, class Formula, class Pool, dimensions Image> struct store_pooled {
  static constexpr bool light = is_light<Formula>;
  T* y;
  std::size_t stride, pixel;

  /// Windows of which nothing was seen, for so many samples.
  void begin(std::size_t batch) const {
    constexpr std::size_t channels = Image[0], windows = Pool::infer(Image).output.size() / channels;
    using V = simd::vector<T, Arch>;
    for (std::size_t m = 0; m < batch; ++m)
      for (std::size_t q = 0; q < windows; ++q)
        for (std::size_t f = 0; f < channels; f += V::size)
          simd::store_lanes<T, Arch>(y + m * stride + q * pixel + f, channels - f, Pool::template start<V>());
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    const V value = evaluate<Formula>(terms::x = v);
    Pool::template put<T, Image>(p, value, lanes, [&](std::size_t q) { return y + m * stride + q * pixel + f; });
  }
};

/// The same where the kernel holds the windows in registers (simd/pooled.hpp).
template <class T, class Arch, class Formula, class Pool> struct store_windows {
  static constexpr bool light = is_light<Formula>;
  static constexpr simd::window window = Pool::whole_window;
  T* y;
  std::size_t stride, pixel;

  void begin(std::size_t) const {}
  template <class V> [[gnu::always_inline]] static V start() { return Pool::template start<V>(); }
  template <class V> [[gnu::always_inline]] V join(V so_far, V v) const {
    return Pool::join(so_far, V(evaluate<Formula>(terms::x = v)));
  }
  template <class V>
  [[gnu::always_inline]] void store(std::size_t m, std::size_t q, std::size_t f, V v, std::size_t lanes) const {
    simd::store_lanes<T, typename V::arch_type>(y + m * stride + q * pixel + f, lanes, v);
  }
};

/// Adds the output of another stage before the rest of the epilogue.
template <class T, class Arch, class Epilogue> struct with_addend {
  static constexpr bool light = Epilogue::light, in_pieces = !simd::in_one_piece<Epilogue>;
  const T* const* rows;
  std::size_t features, channels;
  Epilogue inner;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    inner(m, n, v + simd::load_lanes<T, typename V::arch_type>(rows[m] + n, features - n));
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    inner(m, p, f, before(m, p, f, v, lanes), lanes);
  }
  template <class V>
  [[gnu::always_inline]] V before(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    return v + simd::load_lanes<T, typename V::arch_type>(rows[m] + p * channels + f, lanes);
  }
  auto non_temporal() const
    requires simd::StoresNonTemporally<Epilogue>
  {
    return with_addend<T, Arch, decltype(inner.non_temporal())>{rows, features, channels, inner.non_temporal()};
  }
};

/// Scales and shifts each channel before the rest of the epilogue: a batch norm at inference.
template <class T, class Arch, class Epilogue> struct with_norm {
  static constexpr bool light = Epilogue::light;
  const T* scale;
  const T* shift;
  Epilogue inner;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    inner(m, n, math::fma(v, V::load_unaligned(scale + n), V::load_unaligned(shift + n)));
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    inner(m, p, f, before(m, p, f, v, lanes), lanes);
  }
  template <class V> [[gnu::always_inline]] V before(std::size_t, std::size_t, std::size_t f, V v, std::size_t) const {
    return math::fma(v, V::load_unaligned(scale + f), V::load_unaligned(shift + f));
  }
  auto non_temporal() const
    requires simd::StoresNonTemporally<Epilogue>
  {
    return with_norm<T, Arch, decltype(inner.non_temporal())>{scale, shift, inner.non_temporal()};
  }
};

/// dL/dz = dL/dy · formula'(z or y): the end of backward through the input of the stage above. Where several stages
/// read y, each adds its share to what is there, and the last one multiplies. Padding becomes 0, whatever the
/// derivative is.
template <class T, class Arch, class Formula, bool Adds = false, class Store = simd::temporal_store>
struct store_gradient {
  using product = decltype(terms::g * backward_formula<Formula>{});
  static constexpr bool light = is_light<product>;
  T* dz;
  const T* y;
  const T* z;
  std::size_t stride, features, channels;
  std::size_t y_stride, y_pixel; ///< y may be a slice
  [[no_unique_address]] noise_of<T, Arch, Formula> noise;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t m, std::size_t n, V v) const {
    const std::size_t at = m * stride + n;
    if constexpr (Adds) v += V::load_aligned(dz + at);
    if constexpr (kept<Formula> == keeps::output)
      v = noise.template evaluate<product, V>(m, n, terms::g = v, terms::y = V::load_unaligned(y + m * y_stride + n));
    else if constexpr (kept<Formula> == keeps::input)
      v = noise.template evaluate<product, V>(m, n, terms::g = v, terms::x = V::load_aligned(z + at));
    else
      v = noise.template evaluate<product, V>(m, n, terms::g = v);
    if (n + V::size > features) v = simd::first_lanes<T, Arch>(v, features - n);
    v.store_aligned(dz + at);
  }
  template <class V>
  [[gnu::always_inline]] void operator()(std::size_t m, std::size_t p, std::size_t f, V v, std::size_t lanes) const {
    using A = typename V::arch_type;
    const std::size_t n = p * channels + f, at = m * stride + n;
    if constexpr (Adds) v += simd::load_lanes<T, A>(dz + at, lanes);
    if constexpr (kept<Formula> == keeps::output)
      v = noise.template evaluate<product, V>(
          m, n, terms::g = v, terms::y = simd::load_lanes<T, A>(y + m * y_stride + p * y_pixel + f, lanes));
    else if constexpr (kept<Formula> == keeps::input)
      v = noise.template evaluate<product, V>(m, n, terms::g = v, terms::x = simd::load_lanes<T, A>(z + at, lanes));
    else
      v = noise.template evaluate<product, V>(m, n, terms::g = v);
    Store::template store<T, A>(dz + at, lanes, v);
  }
  auto non_temporal() const
    requires(!Adds)
  {
    return store_gradient<T, Arch, Formula, Adds, simd::non_temporal_store>{
        dz, y, z, stride, features, channels, y_stride, y_pixel, noise};
  }
};

/// Keeps the gradient as it is, for those who want to see all of it before the update.
template <class T, class Arch> struct store_parameter_gradient {
  static constexpr bool light = true;
  T* gradient;

  template <class V> [[gnu::always_inline]] void operator()(std::size_t offset, V v) const {
    v.store_aligned(gradient + offset);
  }
  [[gnu::always_inline]] void prefetch(std::size_t) const {}
  template <class V> void keep(std::size_t, V) const {} // who looks at a gradient changes nothing
};

} // namespace lamina::detail
