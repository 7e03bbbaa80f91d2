#pragma once
#include <cstddef>
#include <utility>
#include <vector>

#include <lamina/search/space.hpp>

namespace lamina::search {

/// `{.points = 5}`: on each range, both ends among them, evenly or by the logarithm; a choice is taken whole.
struct grid_options {
  std::size_t points = 5;
};

/// Every combination of the points of all axes; the last axis turns fastest.
/// Errors: argument_error for no points. Example: tests/search/search.cpp.
template <Searchable Space, class Score>
trials<typename Space::settings> grid(const Space& space, const grid_options& options, Score score) {
  if (options.points == 0) throw argument_error(expected_got("search::grid: points", "at least 1", "0"));
  const std::vector<std::vector<double>> points = space.grid(options.points);
  std::vector<std::size_t> at(points.size());
  trials<typename Space::settings> all{space.names()};
  for (std::size_t number = 1;; ++number) {
    std::vector<double> place;
    for (std::size_t i = 0; i < points.size(); ++i) place.push_back(points[i][at[i]]);
    all.add(space.run(score, std::move(place), number));
    std::size_t axis = points.size();
    while (axis > 0 && ++at[axis - 1] == points[axis - 1].size()) at[--axis] = 0;
    if (axis == 0) return all;
  }
}
template <class Space>
  requires(!Searchable<Space>)
empty_search<Space> grid(const Space&, const grid_options&, detail::any_score);

namespace detail {
struct no_settings {};
} // namespace detail

/// Calls a generic lambda with each network type: `over<small, large>([]<class Net>() { … return score; })`.
template <class... Nets, class Score>
  requires(sizeof...(Nets) > 0)
trials<detail::no_settings> over(Score score) {
  return grid(space<detail::no_settings, Nets...>{}, {}, std::move(score));
}

} // namespace lamina::search
