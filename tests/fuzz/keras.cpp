// Any bytes as a file of Keras' weights: a model has all of them and they are finite, or it is as it was.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <lamina/core/error.hpp>
#include <lamina/io/keras_file.hpp>
#include <lamina/lamina.hpp>

namespace la = lamina;

namespace {
struct net : la::network<la::input<4, 1>, la::gru<1>, la::dense<1>, la::relu> {};
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using model = la::model<net>;
  try {
    lamina::memory_source source{"net", {bytes, size}};
    const auto loaded = la::detail::keras_reader<model>{source}.read();
    if (loaded.size() != model::parameters.size()) abort();
    for (const auto& [name, numbers] : loaded) {
      if (numbers.size() != model::find(name).shape.size()) abort();
      for (const double number : numbers)
        if (!std::isfinite(number)) abort();
    }
  } catch (const la::file_error&) {
  }
  return 0;
}
