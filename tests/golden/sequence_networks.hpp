#pragma once
// The networks of make_sequence_networks.py, and what they are given.
#include <golden/formula.hpp>
#include <golden/golden.hpp>
#include <laws/catalogue.hpp>
#include <laws/support.hpp>

namespace laws {

struct golden_amplifier : la::network<la::input<64, 1>, la::causal_conv1d<8, la::kernel<3>>, la::tanh,
                                      la::causal_conv1d<8, la::kernel<3>, la::dilation<4>>, la::tanh,
                                      la::gru<16, la::return_sequence>, la::per_step<la::dense<1>>> {};
struct golden_language : la::network<la::token_input<16, 31>, la::embedding<12>, la::gru<24, la::return_sequence>,
                                     la::per_step<la::dense<31>>> {};
struct golden_attention : la::network<la::token_input<12, 31>, la::embedding<16>, la::positional_encoding,
                                      la::self_attention<4, la::causal>, la::per_step<la::dense<31>>> {};
struct golden_both_directions
    : la::network<la::input<9, 3>, la::bidirectional<la::lstm<8, la::return_sequence>>, la::gru<6>, la::dense<4>> {};

/// The inputs of a batch: numbers or tokens.
template <class Net, class T> std::vector<T> golden_inputs(const std::string& name, std::size_t batch) {
  constexpr std::size_t count = Net::input_shape.size();
  if constexpr (Net::input_shape.tokens > 0) {
    const auto drawn = golden::tokens(name, Net::input_shape.tokens, batch * count);
    return std::vector<T>(drawn.begin(), drawn.end());
  } else {
    return as<T>(golden::drawn(name, batch * count));
  }
}

inline const golden::records& sequence_network_records() {
  static const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/sequence_networks.txt");
  return all;
}

} // namespace laws
