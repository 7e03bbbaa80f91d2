#pragma once
#include <cstddef>
#include <cstring>
#include <span>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/model/model.hpp>
#include <lamina/model/workspace.hpp>
#include <lamina/network/streamable.hpp>

namespace lamina {

template <Network Net, class Scalar, class Arch> struct voices; // lamina.hpp

namespace detail {

/// Many streams of one network that advance together, a step of all at a time: their products are those of a batch.
///
///     voices<amplifier> all{model, 16};
///     all(in, out);                        // one step of each
///
/// Each has a past of its own, as a `stream` has. Steps are given voice by voice: the first voice's numbers, then the
/// second one's. Allocates when it is made and never again. Errors: a network that is not `Streamable` does not
/// compile; argument_error for no voices, wrong lengths, or a number that is no token. Example:
/// examples/28_amplifier.cpp.
template <Network Net, class Scalar, class Arch> class voices_body {
  using pass = forward_pass<Net, Scalar, Arch, in_streaming>;
  using places = stream_state<plan<Net, in_streaming>, Scalar, Arch>;
  static constexpr std::size_t stride = places::size;

public:
  /// Numbers of a voice's step.
  static constexpr std::size_t inputs = Net::input_shape.rank == 2 ? Net::input_shape[1] : 1;
  static constexpr std::size_t outputs = Net::output_shape.rank == 2 ? Net::output_shape[1] : Net::output_shape.size();

  template <class Storage>
  voices_body(const model<Net, Scalar, Storage, Arch>& model, std::size_t count)
      : block_{model.data()}, count_{count}, past_{count * stride}, positions_{count} {
    if (count == 0) throw argument_error(expected_got("voices", "at least 1", "0"));
    memory_.reserve(count);
  }

  /// The next step of every voice. Gives nothing back where an argument is wrong, and changes nothing.
  void operator()(std::span<const Scalar> in, std::span<Scalar> out) {
    if (in.size() != count_ * inputs || out.size() != count_ * outputs)
      throw argument_error(expected_got(
          "step of voices", detail::joined_text({count_ * inputs, " numbers in and ", count_ * outputs, " out"}),
          detail::joined_text({in.size(), " in and ", out.size(), " out"})));
    point_rows<Scalar>(memory_.inputs(), in.data(), inputs, count_);
    for (std::size_t m = 0; m < count_; ++m) require_tokens<Net>(memory_.inputs()[m], m, 1);
    arena<Scalar> arena = memory_.arena();
    arena.past = past_.data(), arena.past_stride = stride, arena.positions = positions_.data();
    pass::run(block_, memory_.inputs(), count_, arena);
    for (std::size_t m = 0; m < count_; ++m) {
      std::memcpy(out.data() + m * outputs, memory_.output() + m * memory_.output_stride, outputs * sizeof(Scalar));
      ++positions_.data()[m];
    }
  }

  std::size_t count() const { return count_; }
  /// Forgets the past of one voice, or of all. Errors: argument_error for a voice that is not there.
  void reset(std::size_t voice) {
    if (voice >= count_) throw argument_error(expected_got("voice", detail::joined_text({"below ", count_}), voice));
    for (std::size_t i = 0; i < stride; ++i) past_.data()[voice * stride + i] = Scalar(0);
    positions_.data()[voice] = 0;
  }
  void reset() {
    for (std::size_t voice = 0; voice < count_; ++voice) reset(voice);
  }

private:
  const Scalar* block_;
  std::size_t count_;
  arena_memory<Net, Scalar, Arch, in_streaming> memory_;
  aligned_block<Scalar> past_;
  aligned_block<std::size_t> positions_;
};

} // namespace detail

} // namespace lamina
