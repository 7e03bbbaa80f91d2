#pragma once
#include <cstddef>
#include <string>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>

namespace lamina::detail {

/// Refuses a number that is no token of the network, before an embedding looks it up.
template <class Net, class T>
void require_tokens(const T* sample, std::size_t index, std::size_t steps = Net::input_shape.size()) {
  constexpr std::size_t tokens = Net::input_shape.tokens;
  if constexpr (tokens > 0)
    for (std::size_t t = 0; t < steps; ++t)
      if (!(sample[t] >= 0 && sample[t] < static_cast<T>(tokens)) ||
          sample[t] != static_cast<T>(static_cast<std::size_t>(sample[t])))
        throw argument_error(expected_got(joined_text({"token ", t, " of sample ", index}),
                                          joined_text({"a whole number below ", tokens}), std::to_string(sample[t])));
}

} // namespace lamina::detail
