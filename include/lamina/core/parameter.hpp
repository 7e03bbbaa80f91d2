#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <lamina/core/shape.hpp>

namespace lamina {

/// A short text that is built while compiling: the name of a layer or of a parameter.
struct short_text {
  static constexpr std::size_t capacity = 63;
  char text[capacity + 1]{};
  std::size_t length = 0;

  constexpr short_text() = default;
  constexpr short_text(std::string_view s) { append(s); }

  constexpr short_text& append(std::string_view s) {
    for (const char c : s) put(c);
    return *this;
  }
  constexpr short_text& append(std::size_t number) {
    char digits[20]{};
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while (number /= 10);
    while (count) put(digits[--count]);
    return *this;
  }
  constexpr std::string_view view() const { return {text, length}; }
  constexpr operator std::string_view() const { return view(); }

private:
  static void longer_than_63_characters() {} // not constexpr: called while compiling, it is the error
  constexpr void put(char c) {
    if (length == capacity) return longer_than_63_characters();
    text[length++] = c;
  }
};

/// Where the elements of a parameter stand in the model's block. A matrix (N, K) is stored in panels of `columns`
/// outputs, K rows each, the last panel narrower; a vector, and a matrix of few outputs, as rows (see the map, "Numbers
/// in memory"). Where K counts the numbers of an image, (channels, positions), they stand channels last.
struct parameter_layout {
  std::size_t offset = 0;                             ///< of the first element in the block
  std::size_t stored = 0;                             ///< elements in the block, with padding
  std::size_t columns = 0;                            ///< outputs per full panel; 0 where it is stored as rows
  std::size_t rows = 0;                               ///< N of a group, in panels padded to the vector width
  std::size_t depth = 1;                              ///< K
  std::size_t stride = 1;                             ///< from row to row, where it is stored as rows
  std::size_t channels = 1;                           ///< K = channels · positions
  std::size_t positions = 1;                          ///< 1: no image
  std::size_t outputs = static_cast<std::size_t>(-1); ///< N of a group
  std::size_t group = 0;                              ///< from one group's block to the next one's
  std::size_t gates = 0;   ///< that the outputs, or the numbers of a vector, belong to; 0: they are no gates
  std::size_t units = 1;   ///< numbers of a gate
  std::size_t lanes = 1;   ///< the vectors of a gate's numbers: those of all gates stand side by side
  bool transposed = false; ///< N and K are those of the transposed matrix

  /// Where number n of all gates, one gate after the other, stands.
  constexpr std::size_t place_of(std::size_t n) const {
    const std::size_t unit = n % units;
    return (unit / lanes * gates + n / units) * lanes + unit % lanes;
  }

  /// The position of element `index`, counted row-major in PyTorch's layout.
  constexpr std::size_t position(std::size_t index) const {
    if (transposed) index = index % outputs * depth + index / outputs;
    const std::size_t k = index % depth, row = index / depth, start = offset + row / outputs * group;
    if (gates && columns == 0) return start + place_of(k);
    const std::size_t n = gates ? place_of(row) : row % outputs;
    const std::size_t place = k % positions * channels + k / positions; // k itself where there is no image
    if (columns == 0) return start + n * stride + place;
    const std::size_t panel = n / columns;
    const std::size_t left = rows - panel * columns, width = left < columns ? left : columns;
    return start + panel * columns * depth + place * width + n % columns;
  }
};

/// One parameter of a network, as data: what to call it, its shape in PyTorch's layout and how its first values are
/// drawn.
struct parameter {
  /// Draws element `index` from (seed, stream); fan-in and fan-out are the parameter's.
  using draw_function = double (*)(const parameter& self, std::uint64_t seed, std::uint64_t stream, std::size_t index);

  short_text name{};
  dimensions shape{};
  std::size_t fan_in = 1, fan_out = 1;
  draw_function draw = nullptr;
  bool matrix = false;     ///< stored in panels: shape[0] outputs over the product of the other extents
  bool transposed = false; ///< a table, stored as the panels of its transposition: row after row while one is enough
  bool fitted = false;     ///< in panels of vectors no wider than its outputs need (simd/fitting.hpp)
  bool narrow = false;     ///< in rows where its outputs are few (simd/narrow.hpp), though it is fitted
  std::size_t groups = 1;  ///< that its outputs are cut into, each a matrix of its own
  std::size_t gates = 0;   ///< of a recurrent layer that its outputs, or its numbers, belong to; 0: no gates
  std::size_t channels = 1, positions = 1; ///< of the image that a row's numbers are, stored channels last
  bool trainable = true;                   ///< false for running statistics: saved and loaded, not updated
  parameter_layout layout{};
};

/// A parameter of a model, seen in PyTorch's layout whatever the layout in memory: `view(n, k)`, or `view[i]`
/// row-major.
template <class T> class parameter_view {
public:
  parameter_view(T* block, const parameter& described) : block_{block}, described_{&described} {}

  std::string_view name() const { return described_->name; }
  const dimensions& shape() const { return described_->shape; }
  std::size_t size() const { return described_->shape.size(); }
  const parameter& described() const { return *described_; }

  T& operator[](std::size_t index) const { return block_[described_->layout.position(index)]; }
  template <class... Index> T& operator()(Index... index) const {
    std::size_t position = 0, axis = 0;
    ((position = position * described_->shape[axis++] + static_cast<std::size_t>(index)), ...);
    return (*this)[position];
  }

private:
  T* block_;
  const parameter* described_;
};

} // namespace lamina
