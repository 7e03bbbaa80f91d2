#pragma once
#include <array>
#include <cstddef>
#include <cstring>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/layer/tied_weight.hpp>
#include <lamina/simd/normal.hpp>
#include <lamina/simd/panels.hpp>

namespace lamina {

namespace detail {

/// Rows of a table, looked up by tokens. `Rule::mean` says whether their mean leaves, or all of them.
template <std::size_t Features, bool Mean> struct table_lookup {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, of_sequences = true,
                        takes_tokens = true, streams = !Mean;
  static constexpr std::size_t parameter_tensors = 1;
  static constexpr lent lends = lent::table;

  static constexpr std::array<parameter, 1> parameters(dimensions in) {
    parameter weight{};
    weight.name.append("weight");
    weight.shape = {2, {in.tokens, Features}};
    weight.transposed = true;
    weight.fan_in = in.tokens, weight.fan_out = Features;
    weight.draw = [](const parameter&, std::uint64_t seed, std::uint64_t stream, std::size_t i) {
      return simd::normal<double>({seed, stream}, i);
    };
    return {weight};
  }
  static constexpr std::size_t forward_flops(dimensions in) { return Mean ? in[0] * Features : 0; }
  static constexpr std::size_t backward_flops(dimensions in) { return in[0] * Features; }
  template <class T, class Arch, dimensions In> static constexpr std::size_t scratch = 0;
  /// The rows of the table, and which of them were looked up.
  template <class T, class Arch, dimensions In>
  static constexpr std::size_t gathered =
      In.tokens * simd::padded<T, Arch>(Features) + simd::padded<T, Arch>(In.tokens);

  template <class T, class Arch, dimensions In, class Epilogue>
  static void forward(const batch_view<T>& at, const Epilogue& epilogue) {
    for (std::size_t m = 0; m < at.batch; ++m) sample<T, Arch, In>(m, at.rows[m], at.block, at.offsets, epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void forward_one(const T* x, const T* block, const std::size_t* offsets,
                                                 const Epilogue& epilogue) {
    sample<T, Arch, In>(0, x, block, offsets, epilogue);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  static void backward_input(const batch_view<T>&, const gradient_view<T>&, const Epilogue&) {} // tokens have none

  /// The gradients of the rows that these samples looked up; of the others nothing is written or read.
  template <class T, class Arch, dimensions In>
  static void gather_gradient(const batch_view<T>& at, const gradient_view<T>& gradient, T* sums) {
    using V = simd::vector<T, Arch>;
    T* const seen = sums + In.tokens * simd::padded<T, Arch>(Features);
    std::memset(seen, 0, In.tokens * sizeof(T));
    const V share(Mean ? T(1) / static_cast<T>(In[0]) : T(1));
    for (std::size_t m = 0; m < at.batch; ++m)
      for (std::size_t t = 0; t < In[0]; ++t) {
        const auto token = static_cast<std::size_t>(at.rows[m][t]);
        const bool is_new = seen[token] == T(0);
        const T* const dz = gradient.rows[m] + (Mean ? 0 : t * Features);
        constexpr std::size_t panel = simd::panels<T, Arch>::columns;
        for (std::size_t first = 0; first < Features; first += panel) {
          T* const row = sums + place<T, Arch, In>(token, first);
          for (std::size_t f = first; f < Features && f < first + panel; f += V::size) {
            const V before = is_new ? V(T(0)) : V::load_aligned(row + (f - first));
            math::fma(simd::load_lanes<T, Arch>(dz + f, Features - f), share, before).store_aligned(row + (f - first));
          }
        }
        seen[token] = T(1);
      }
  }
  template <class T, class Arch, dimensions In, class Sink>
  static void give_gradient(const std::size_t* offsets, const T* sums, const T* more, const Sink& sink) {
    using V = simd::vector<T, Arch>;
    constexpr std::size_t size = In.tokens * simd::padded<T, Arch>(Features);
    constexpr bool rests = requires { requires Sink::rests_without_gradient; };
    for (std::size_t token = 0; token < In.tokens; ++token) {
      const bool in_sums = sums[size + token] != T(0), in_more = more && more[size + token] != T(0);
      if (rests && !in_sums && !in_more) continue;
      for (std::size_t f = 0; f < Features; f += V::size) {
        const std::size_t at = place<T, Arch, In>(token, f);
        V v = in_sums ? V::load_aligned(sums + at) : V(T(0));
        if (in_more) v += V::load_aligned(more + at);
        sink(offsets[0] + at, v);
      }
    }
  }

private:
  /// Where the features from `f` on of a token's row stand: the table is the panels of its transposition.
  template <class T, class Arch, dimensions In> static std::size_t place(std::size_t token, std::size_t f) {
    return simd::panels<T, Arch>::offset(f, token, Features, In.tokens);
  }
  template <class T, class Arch, dimensions In, class Epilogue>
  [[gnu::always_inline]] static void sample(std::size_t m, const T* x, const T* block, const std::size_t* offsets,
                                            const Epilogue& epilogue) {
    using V = simd::vector<T, Arch>;
    const T* const table = block + offsets[0];
    const auto row = [&](std::size_t t, std::size_t f) __attribute__((always_inline)) {
      return V::load_aligned(table + place<T, Arch, In>(static_cast<std::size_t>(x[t]), f));
    };
    for (std::size_t f = 0; f < Features; f += V::size)
      if constexpr (Mean) {
        V sum(T(0));
        for (std::size_t t = 0; t < In[0]; ++t) sum += row(t, f);
        epilogue(m, 0, f, sum * V(T(1) / static_cast<T>(In[0])), Features - f);
      } else {
        for (std::size_t t = 0; t < In[0]; ++t) epilogue(m, t, f, row(t, f), Features - f);
      }
  }
};

} // namespace detail

/// Gives each token a row of a table: `embedding<D>`, or `embedding<V, D>` where the number of tokens is stated too.
/// Shape: (L) tokens below V → (L, D). Parameters: weight (V, D), drawn from N(0, 1). Forward: y[t] = W[x[t]]. Backward
/// keeps: x. An update touches the rows that were looked up and no others where its rule leaves the others as they are
/// (sgd, adagrad) and no layer shares the table. Errors: `tokens` where no `token_input` stands before it, input_size
/// for another V; a number that is no token is an argument_error of the call. Source: torch.nn.Embedding. Example:
/// examples/29_language.cpp.
template <std::size_t First, std::size_t Second = 0>
struct embedding : detail::table_lookup<Second ? Second : First, false> {
  static constexpr std::size_t features = Second ? Second : First;
  static constexpr shape_answer infer(dimensions in) {
    if (features == 0) return does_not_fit(reason::out_of_range, {}, {});
    if (Second && in.tokens != First) return does_not_fit(reason::input_size, {1, {First}}, {1, {in.tokens}});
    return fits({2, {in[0], features}});
  }
};

/// The mean of the tokens' rows, the bag of words that CBOW looks at.
/// Shape: (L) tokens below V → (D). Parameters: weight (V, D), drawn from N(0, 1). Forward: y = Σₜ W[x[t]] / L.
/// Backward keeps: x. Errors: as `embedding`. Source: torch.nn.EmbeddingBag. Example: examples/29_language.cpp.
template <std::size_t Features> struct mean_embedding : detail::table_lookup<Features, true> {
  static constexpr shape_answer infer(dimensions) {
    return Features == 0 ? does_not_fit(reason::out_of_range, {}, {}) : fits({1, {Features}});
  }
};

} // namespace lamina
