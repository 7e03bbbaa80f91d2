#pragma once
#include <cstddef>
#include <cstring>
#include <span>

#include <lamina/core/error.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/core/text.hpp>
#include <lamina/model/model.hpp>
#include <lamina/model/tokens.hpp>
#include <lamina/network/streamable.hpp>

namespace lamina {

template <Network Net, class Scalar, class Arch> struct stream; // lamina.hpp, so that its message names the user's line

namespace detail {

/// A network run one time step at a time: what it was trained for on windows, on a signal without end.
///
///     stream<amplifier> voice{model};
///     float y = voice(x)[0];
///
/// The past is the stream's own: one stream for each voice, channel or sequence, all of them on one model, which must
/// outlive them. Step t gives what the network gives at step t of a window that begins where the stream was reset; a
/// layer that gives its last step alone gives that of the window so far. No call allocates, locks or throws, but where
/// its argument is wrong. Where NaN or infinity came in, what comes out is undefined until `reset`. Errors: a network
/// that is not `Streamable` does not compile; argument_error for a wrong number of features or a number that is no
/// token. Example: examples/28_amplifier.cpp.
template <Network Net, class Scalar, class Arch> class stream_body {
  template <std::size_t Steps> using pass = forward_one<Net, Scalar, Arch, in_streaming, Steps>;
  using places = stream_state<plan<Net, in_streaming>, Scalar, Arch>;

  static constexpr dimensions features_of(dimensions shape) {
    return shape.rank == 2 ? dimensions{1, {shape[1]}} : shape;
  }

public:
  using network = Net;
  using scalar = Scalar;
  /// Numbers of a step.
  static constexpr std::size_t inputs = Net::input_shape.rank == 2 ? Net::input_shape[1] : 1;
  static constexpr std::size_t outputs = features_of(Net::output_shape).size();
  using output = tensor<Scalar, features_of(Net::output_shape)>;

  /// The past of a stream as a value: what `snapshot` gives and `restore` takes.
  class state {
    friend stream_body;
    alignas(block_alignment) Scalar numbers_[places::size + 1]{};
    std::size_t position_ = 0;
  };

  template <class Storage>
  explicit stream_body(const model<Net, Scalar, Storage, Arch>& model) : block_{model.data()} {}

  /// The next step.
  output operator()(std::span<const Scalar> input) {
    if (input.size() != inputs)
      throw argument_error(expected_got("step of a stream", detail::joined_text({inputs, " numbers"}), input.size()));
    return step(input.data());
  }
  output operator()(Scalar input)
    requires(inputs == 1)
  {
    return step(&input);
  }
  /// The next steps: `in` holds whole steps, `out` receives as many. They may be the same memory where a step takes as
  /// many numbers as it gives. A block takes less time than its steps one by one, the more so the less of the network
  /// is recurrent.
  void process(std::span<const Scalar> in, std::span<Scalar> out) {
    const std::size_t steps = in.size() / inputs;
    if (in.size() % inputs || out.size() != steps * outputs)
      throw argument_error(expected_got(
          "block of a stream", detail::joined_text({"whole steps of ", inputs, " numbers in and ", outputs, " out"}),
          detail::joined_text({in.size(), " in and ", out.size(), " out"})));
    require_tokens<Net>(in.data(), 0, steps);
    for (std::size_t t = 0; t < steps;) {
      const std::size_t left = steps - t;
      t += left == 1
               ? some<1>(in.data() + t * inputs, out.data() + t * outputs, 1)
               : some<together>(in.data() + t * inputs, out.data() + t * outputs, left < together ? left : together);
    }
  }

  /// Forgets the past.
  void reset() { past_ = {}; }
  state snapshot() const { return past_; }
  void restore(const state& past) { past_ = past; }
  /// Steps since the last reset.
  std::size_t position() const { return past_.position_; }

private:
  /// Inlined, so that what comes out stays in registers: its way through memory takes as long as a layer.
  [[gnu::always_inline]] output step(const Scalar* input) {
    require_tokens<Net>(input, 0, 1);
    output result;
    pass<1>::run(block_, input, result.data(), past_.numbers_, past_.position_);
    ++past_.position_;
    return result;
  }
  /// The next `count` steps, `Most` or fewer. What comes out may overwrite what comes in.
  template <std::size_t Most>
  [[gnu::noinline]] std::size_t some(const Scalar* input, Scalar* result, std::size_t count) {
    if constexpr (Most == 1) count = 1;
    Scalar now[Most * inputs];
    std::memcpy(now, input, count * inputs * sizeof(Scalar));
    pass<Most>::run(block_, now, result, past_.numbers_, past_.position_, count);
    past_.position_ += count;
    return count;
  }
  /// Steps of a block that go through the network together: what stands between the stages stays in the first cache.
  static constexpr std::size_t together = [] {
    constexpr std::size_t step = (pass<1>::layout.elements_per_sample + inputs) * sizeof(Scalar), most = 16384 / step;
    return most < 2 ? std::size_t{1} : most < 32 ? most : std::size_t{32};
  }();

  const Scalar* block_;
  state past_;
};

} // namespace detail

} // namespace lamina
