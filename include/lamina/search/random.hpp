#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/checked.hpp>
#include <lamina/model/model.hpp>
#include <lamina/search/space.hpp>
#include <lamina/simd/random.hpp>

namespace lamina::search {

/// `{.trials = 20, .seed = la::seed{1}}`.
struct random_options {
  std::size_t trials = 20;
  lamina::seed seed{1};
};

/// `{.rounds = 3, .trials = 10}`: so many trials a round; the ranges of each are `shrink` times as wide as before.
struct coarse_to_fine_options {
  std::size_t rounds = 3, trials = 10;
  fraction<"search::coarse_to_fine: shrink"> shrink = 0.3;
  lamina::seed seed{1};
};

namespace detail {

inline constexpr std::uint64_t search_stream = std::uint64_t{7} << 61;

/// The number for one axis of one trial, in [0, 1): a function of the seed, the trial and the axis.
inline double drawn(lamina::seed from, std::size_t trial, std::size_t axis) {
  return simd::uniform<double>(simd::random_stream{from.value, search_stream + trial}, axis);
}
inline void require_positive(const char* what, std::size_t number) {
  if (number == 0) throw argument_error(expected_got(what, "at least 1", "0"));
}

} // namespace detail

/// Trials at random places, independent of each other: the first ones are the same however many follow.
/// Errors: argument_error for no trials. Source: Bergstra and Bengio 2012. Example: tests/search/search.cpp.
template <Searchable Space, class Score>
trials<typename Space::settings> random(const Space& space, const random_options& options, Score score) {
  detail::require_positive("search::random: trials", options.trials);
  trials<typename Space::settings> all{space.names()};
  for (std::size_t number = 1; number <= options.trials; ++number) {
    std::vector<double> place(Space::axis_count);
    for (std::size_t i = 0; i < place.size(); ++i) place[i] = detail::drawn(options.seed, number, i);
    all.add(space.run(score, std::move(place), number));
  }
  return all;
}
template <class Space>
  requires(!Searchable<Space>)
empty_search<Space> random(const Space&, const random_options&, detail::any_score);

/// Random search in rounds: after each, the ranges shrink around the best place so far, within the whole space (a
/// logarithmic range in its logarithm). Choices and networks stay open, since they have no neighbourhood.
/// Errors: argument_error for no rounds or no trials. Example: tests/search/search.cpp.
template <Searchable Space, class Score>
trials<typename Space::settings> coarse_to_fine(const Space& space, const coarse_to_fine_options& options,
                                                Score score) {
  detail::require_positive("search::coarse_to_fine: rounds", options.rounds);
  detail::require_positive("search::coarse_to_fine: trials", options.trials);
  trials<typename Space::settings> all{space.names()};
  std::size_t number = 0;
  for (std::size_t round = 0; round < options.rounds; ++round) {
    std::vector<double> first(Space::axis_count, 0), width(Space::axis_count, 1);
    if (all.any())
      for (std::size_t i = 0; i < Space::axis_count; ++i)
        if (Space::is_range(i)) {
          width[i] = std::pow(options.shrink, static_cast<double>(round));
          first[i] = std::clamp(all.best().place[i] - width[i] / 2, 0.0, 1 - width[i]);
        }
    for (std::size_t trial = 0; trial < options.trials; ++trial) {
      ++number;
      std::vector<double> place(Space::axis_count);
      for (std::size_t i = 0; i < place.size(); ++i)
        place[i] = first[i] + width[i] * detail::drawn(options.seed, number, i);
      all.add(space.run(score, std::move(place), number));
    }
  }
  return all;
}
template <class Space>
  requires(!Searchable<Space>)
empty_search<Space> coarse_to_fine(const Space&, const coarse_to_fine_options&, detail::any_score);

} // namespace lamina::search
