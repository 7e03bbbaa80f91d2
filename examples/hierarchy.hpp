#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Dense>

/// Eight things and what is true of them, a tree of three levels: all have the first feature; the four of a kingdom,
/// the two of a class, and each alone have one more. Source: Saxe, McClelland, Ganguli 2013 and 2019, after Rumelhart.
namespace hierarchy {

inline constexpr std::size_t items = 8, features = 15;
inline constexpr std::array<const char*, items> item{"canary", "robin", "salmon", "sunfish",
                                                     "oak",    "pine",  "rose",   "daisy"};

/// Item i as an input is 1 at place i.
inline const std::vector<double> inputs = [] {
  std::vector<double> rows(items * items);
  for (std::size_t i = 0; i < items; ++i) rows[i * items + i] = 1;
  return rows;
}();

/// Its features as a target.
inline const std::vector<double> targets = [] {
  std::vector<double> rows(items * features);
  for (std::size_t i = 0; i < items; ++i)
    for (const std::size_t has : {std::size_t{0}, 1 + i / 4, 3 + i / 2, 7 + i}) rows[i * features + has] = 1;
  return rows;
}();

/// The map to be learned, features × items.
inline Eigen::MatrixXd truth() { return Eigen::Map<const Eigen::MatrixXd>(targets.data(), features, items); }

/// The map that a linear model is: what it makes of every item.
Eigen::MatrixXd map_of(const auto& model) {
  Eigen::MatrixXd map(features, items);
  for (std::size_t i = 0; i < items; ++i) {
    const auto output = model(std::span<const double, items>{inputs.data() + i * items, items});
    for (std::size_t f = 0; f < features; ++f) map(Eigen::Index(f), Eigen::Index(i)) = output[f];
  }
  return map;
}

/// A model's weights as a matrix.
Eigen::MatrixXd matrix_of(const auto& weight) {
  const Eigen::Index rows = Eigen::Index(weight.shape()[0]), columns = Eigen::Index(weight.shape()[1]);
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&](Eigen::Index i, Eigen::Index j) { return weight(i, j); });
}

} // namespace hierarchy
