#pragma once
#include <array>
#include <cstddef>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/initializer.hpp>
#include <lamina/layer/options.hpp>
#include <lamina/layer/stage.hpp>
#include <lamina/layer/time.hpp>
#include <lamina/simd/fitting.hpp>

/// What layers share that carry H units from step to step.
namespace lamina::detail {

/// Directions: 1, from the first step to the last one, or 2, the other way as well.
template <std::size_t H, std::size_t Directions, class... Options> struct unrolled {
  static constexpr bool accepts_formula = true, needs_input = true, needs_output = false, of_sequences = true,
                        streams = Directions == 1, goes_back_through_time = true;
  static constexpr bool sequence = has_option<return_sequence, Options...>;
  static constexpr std::size_t horizon = horizon_of<Options...>, features = Directions * H;

  static constexpr shape_answer infer(dimensions in) {
    if (!(is_time_option<Options> && ...)) return does_not_fit(reason::unknown_option, {}, {});
    if (H == 0 || horizon == 0) return does_not_fit(reason::out_of_range, {}, {});
    if (in.rank != 2) return wrong_rank(2, in);
    return fits(sequence ? dimensions{2, {in[0], features}} : dimensions{1, {features}});
  }

protected:
  /// The matrix (G·H, inputs) of G gates, or their bias where there are no inputs.
  static constexpr parameter of_gates(const char* name, std::size_t gates, std::size_t inputs) {
    parameter p{};
    p.name.append(name);
    p.shape = inputs ? dimensions{2, {gates * H, inputs}} : dimensions{1, {gates * H}};
    p.matrix = inputs > 0;
    p.gates = gates;
    p.fan_in = H; // PyTorch draws everything from ±1/√H
    p.fan_out = gates * H;
    p.draw = draw_uniform_by_fan_in;
    return p;
  }

  template <class T, class Arch> using arch = simd::gate_arch<T, Arch, H>;
  template <class T, class Arch> static constexpr std::size_t units = simd::padded<T, arch<T, Arch>>(H);
  static constexpr std::size_t together = samples_together;

  /// The step that a walk in this direction comes to after so many others.
  template <std::size_t Direction> static constexpr std::size_t step(std::size_t walked, std::size_t steps) {
    return Direction == 0 ? walked : steps - 1 - walked;
  }
  /// Whether the output after so many steps leaves the layer, and as which step.
  static constexpr bool leaves(std::size_t walked, std::size_t steps) { return sequence || walked + 1 == steps; }
  template <std::size_t Direction> static constexpr std::size_t leaves_as(std::size_t walked, std::size_t steps) {
    return sequence ? step<Direction>(walked, steps) : 0;
  }
  /// One sample: `advance(x, give)` is called for every step and gives `give(n, v, lanes)` its units, of which those
  /// that leave go to the epilogue.
  template <dimensions In, std::size_t Direction, class T, class Advance, class Epilogue>
  static void one_by_one(const T* x, const Advance& advance, const Epilogue& epilogue) {
    for (std::size_t s = 0; s < In[0]; ++s) {
      const T* const now = x + step<Direction>(s, In[0]) * In.last();
      if (leaves(s, In[0]))
        advance(now, [&](std::size_t n, auto v, std::size_t lanes) {
          epilogue(0, leaves_as<Direction>(s, In[0]), Direction * H + n, v, lanes);
        });
      else
        advance(now, [](std::size_t, auto, std::size_t) {});
    }
  }
  /// Calls `work(first, count)` for samples that go through time together: products of many rows, and what they read
  /// and leave stays in the cache.
  template <class Work> static void in_groups(std::size_t batch, const Work& work) {
    for (std::size_t first = 0; first < batch; first += together)
      work(first, batch - first < together ? batch - first : together);
  }
  /// The gradient at units n … of what leaves there: of one sample.
  template <class T, class Arch, std::size_t Direction>
  static auto gradient_of_output(const T* dz, std::size_t walked, std::size_t steps, std::size_t n) {
    return simd::load_lanes<T, arch<T, Arch>>(dz + leaves_as<Direction>(walked, steps) * features + Direction * H + n,
                                              H - n);
  }
};

} // namespace lamina::detail
