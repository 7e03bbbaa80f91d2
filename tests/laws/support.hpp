#pragma once
// What the laws share: drawn numbers, parameters as plain vectors, and comparisons that name what is worst.
#include <algorithm>
#include <catch.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <lamina/lamina.hpp>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace laws {
namespace la = lamina;
using numbers = std::vector<double>;

template <class T> constexpr bool is_double = std::is_same_v<T, double>;

/// Numbers between -1 and 1, the same on every machine.
template <class T> std::vector<T> drawn(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 engine{seed};
  std::vector<T> all(count);
  for (T& value : all) value = static_cast<T>(std::ldexp(static_cast<double>(engine() >> 11), -52) - 1);
  return all;
}

/// Labels below `classes`, the same on every machine.
inline std::vector<la::label> drawn_labels(std::size_t count, std::size_t classes, std::uint64_t seed) {
  std::mt19937_64 engine{seed};
  std::vector<la::label> all(count);
  for (la::label& value : all) value = la::label{engine() % classes};
  return all;
}

template <class Range> numbers as_numbers(const Range& range) { return numbers(range.begin(), range.end()); }
template <class T> std::vector<T> as(const numbers& values) {
  std::vector<T> all(values.size());
  std::transform(values.begin(), values.end(), all.begin(), [](double v) { return static_cast<T>(v); });
  return all;
}
template <class T> numbers elements(const la::parameter_view<T>& view) {
  numbers all(view.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<double>(view[i]);
  return all;
}
template <class T> void assign(const la::parameter_view<T>& view, const numbers& values) {
  REQUIRE(view.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) view[i] = static_cast<T>(values[i]);
}

/// All parameters, or all gradients, one after the other in PyTorch's order and layout.
template <class Model, class ByName> numbers all_of(const ByName& by_name) {
  numbers all;
  for (const la::parameter& p : Model::parameters) {
    const numbers some = elements(by_name(p.name.view()));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}
template <class Model> numbers parameters_of(const Model& model) {
  return all_of<Model>([&](std::string_view name) { return model.parameter(name); });
}

/// The block of a model bit for bit; a report shows no bytes.
struct image {
  std::string bytes;
  friend bool operator==(const image&, const image&) = default;
};
template <class Model> image bytes_of(const Model& model) {
  return {{reinterpret_cast<const char*>(model.data()), Model::block_size * sizeof(typename Model::scalar)}};
}

/// How near two numbers must be: |got - expected| <= absolute + relative |expected|.
struct nearness {
  double relative, absolute;
};

inline void check_near(const std::string& what, const numbers& got, const numbers& expected, nearness near) {
  INFO(what);
  REQUIRE(got.size() == expected.size());
  double worst = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double allowed = near.absolute + near.relative * std::abs(expected[i]);
    const double off = got[i] == expected[i] ? 0 : std::abs(got[i] - expected[i]) / allowed;
    if (!(off <= worst)) worst = off, at = i; // NaN is the worst
    if (std::isnan(off)) break;
  }
  INFO("element " << at << " of " << got.size() << ": got " << (got.empty() ? 0 : got[at]) << ", expected "
                  << (got.empty() ? 0 : expected[at]));
  CHECK(worst <= 1);
}

} // namespace laws
