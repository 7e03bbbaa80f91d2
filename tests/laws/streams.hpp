#pragma once
// Networks that stream, small ones of odd sizes: one here is under every law of streams.
#include "catalogue.hpp"
#include "support.hpp"

namespace laws {

/// That of contract 10, smaller: contexts that reach behind the beginning.
struct amplifier_stream : la::network<la::input<24, 1>, la::causal_conv1d<8, la::kernel<3>>, la::tanh,
                                      la::causal_conv1d<8, la::kernel<3>, la::dilation<4>>, la::tanh,
                                      la::gru<16, la::return_sequence>, la::per_step<la::dense<1>>> {};
/// Groups, blocks, two paths that are added, rows that are measured.
struct blocks_stream
    : la::network<la::input<13, 3>, la::causal_conv1d<6, la::kernel<3>, la::groups<3>, la::no_bias>, la::relu,
                  la::residual<la::causal_conv1d<6, la::kernel<2>, la::dilation<3>>, la::tanh>, la::layer_norm,
                  la::branches<la::add, la::path<la::gru<5, la::return_sequence>>,
                               la::path<la::causal_conv1d<5, la::kernel<4>, la::dilation<5>>>>,
                  la::softmax> {};
/// Each kind of recurrent layer, the last one by its last step, and layers of a row behind it.
struct last_step_stream
    : la::network<la::input<11, 2>, la::rnn<9, la::return_sequence>, la::softplus,
                  la::jordan_rnn<5, la::return_sequence>, la::rms_norm, la::residual<la::lstm<5, la::return_sequence>>,
                  la::dropout<0.2>, la::lstm<19>, la::tanh, la::batch_norm, la::dense<3>> {};
/// Wider than a vector on every architecture, and not its multiple.
struct wide_stream : la::network<la::input<7, 18>, la::gru<33, la::return_sequence>, la::lstm<20, la::return_sequence>,
                                 la::per_step<la::dense<17>>> {};
/// Few outputs: weights in rows, one's own and another's.
struct few_stream : la::network<la::input<8, 2>, la::lstm<24, la::return_sequence>,
                                la::named<"few", la::per_step<la::dense<2>>>, la::tanh, la::per_step<la::dense<24>>,
                                la::relu, la::per_step<la::dense<2, la::weight_of<"few">, la::no_bias>>> {};
/// That of contract 11, smaller.
struct language_stream : la::network<la::token_input<10, 11>, la::embedding<5>, la::gru<12, la::return_sequence>,
                                     la::per_step<la::dense<11>>> {};
/// What knows where it stands.
struct placed_stream : la::network<la::token_input<9, 11>, la::embedding<11, 7>, la::positional_encoding,
                                   la::jordan_rnn<6, la::return_sequence>, la::positional_encoding, la::rnn<3>> {};

/// A language model whose last layer reads the table of the first; wider than a panel of doubles.
struct tied_stream
    : la::network<la::token_input<8, 11>, la::named<"words", la::embedding<37>>, la::gru<37, la::return_sequence>,
                  la::per_step<la::dense<11, la::weight_of<"words">>>> {};
struct tied_filters_stream
    : la::network<la::input<12, 5>, la::named<"first", la::causal_conv1d<5, la::kernel<3>>>, la::tanh,
                  la::causal_conv1d<5, la::kernel<3>, la::dilation<2>, la::weight_of<"first">>, la::silu,
                  la::named<"mix", la::per_step<la::dense<5>>>, la::tanh,
                  la::residual<la::per_step<la::dense<5, la::no_bias, la::weight_of<"mix">>>>> {};

/// A recurrent layer, behind it rows much wider than its own: buffers stand over each other.
struct wide_head_stream
    : la::network<la::input<13, 2>, la::causal_conv1d<8, la::kernel<3>>, la::tanh, la::gru<16, la::return_sequence>,
                  la::per_step<la::dense<128>>, la::relu, la::per_step<la::dense<1>>> {};
struct wide_row_stream : la::network<la::input<9, 2>, la::rnn<3, la::return_sequence>, la::per_step<la::dense<60>>,
                                     la::tanh, la::per_step<la::dense<3>>, la::rnn<60>, la::named<"e", la::dense<100>>,
                                     la::tanh, la::dense<60, la::transposed_weight_of<"e">>> {};

using streams =
    list<entry<"amplifier", amplifier_stream>, entry<"blocks", blocks_stream>, entry<"last_step", last_step_stream>,
         entry<"wide", wide_stream>, entry<"few", few_stream>, entry<"language", language_stream>,
         entry<"placed", placed_stream>, entry<"tied", tied_stream>, entry<"tied_filters", tied_filters_stream>,
         entry<"wide_head", wide_head_stream>, entry<"wide_row", wide_row_stream>>;

/// Numbers, or tokens, for so many steps.
template <class Net, class T> std::vector<T> steps_for(std::size_t steps, std::uint64_t seed) {
  constexpr std::size_t tokens = Net::input_shape.tokens;
  std::vector<T> all = drawn<T>(steps * la::stream<Net, T>::inputs, seed);
  if constexpr (tokens > 0)
    for (T& v : all) v = std::floor((v + 1) / 2 * static_cast<T>(tokens) * static_cast<T>(0.999));
  return all;
}

/// Feeds all of `in` to a stream, in blocks of the sizes that `next()` gives.
template <class Stream, class T, class Next>
std::vector<T> through(Stream& stream, const std::vector<T>& in, const Next& next) {
  const std::size_t steps = in.size() / Stream::inputs;
  std::vector<T> out(steps * Stream::outputs);
  for (std::size_t t = 0, count = 0; t < steps; t += count) {
    count = std::min<std::size_t>(next(), steps - t);
    stream.process(std::span{in}.subspan(t * Stream::inputs, count * Stream::inputs),
                   std::span{out}.subspan(t * Stream::outputs, count * Stream::outputs));
  }
  return out;
}
template <class Stream, class T> std::vector<T> through(Stream& stream, const std::vector<T>& in) {
  return through(stream, in, [&] { return in.size() + 1; });
}

/// A model whose running statistics and parameters are all drawn.
template <class Net, class T, class Arch = xsimd::default_arch> auto drawn_model() {
  la::model<Net, T, la::heap, Arch> model{la::seed{1}};
  std::uint64_t seed = 100;
  for (const la::parameter& p : model.parameters) {
    numbers values = elements(model.parameter(p.name.view()));
    const numbers more = drawn<double>(values.size(), ++seed);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += more[i] / 4; // no bias is 0, no two gates are alike
    for (double& v : values) v = p.name.view().ends_with("running_var") ? std::abs(v) + 0.1 : v;
    assign(model.parameter(p.name.view()), values);
  }
  return model;
}

/// A window, step by step and as a whole.
template <class Net, class T, class Arch = xsimd::default_arch> void check_stream_is_batch(const std::string& name) {
  const double near = is_double<T> ? 1e-12 : 1e-5;
  constexpr std::size_t steps = Net::input_shape[0];
  const auto model = drawn_model<Net, T, Arch>();
  la::stream<Net, T, Arch> stream{model};
  for (std::uint64_t sample = 0; sample < 2; ++sample) {
    const std::vector<T> in = steps_for<Net, T>(steps, sample);
    stream.reset();
    const std::vector<T> out = through(stream, in);
    CHECK(stream.position() == steps);
    const numbers whole = as_numbers(model(std::span<const T>{in})), streamed = as_numbers(out);
    check_near(name, numbers(streamed.end() - static_cast<std::ptrdiff_t>(whole.size()), streamed.end()), whole,
               {near, near});

    std::size_t state = 7;
    const auto one = [] { return std::size_t{1}; };
    const auto odd = [&] { return state = state * 5 % 13; };
    stream.reset();
    CHECK(through(stream, in, one) == out);
    stream.reset();
    CHECK(through(stream, in, odd) == out);
    stream.reset();
    std::vector<T> single;
    for (std::size_t t = 0; t < steps; ++t)
      for (const T y : stream(std::span<const T>{in}.subspan(t * stream.inputs, stream.inputs))) single.push_back(y);
    CHECK(single == out);
  }
}

} // namespace laws
