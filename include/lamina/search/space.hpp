#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/spelling.hpp>
#include <lamina/core/type_list.hpp>
#include <lamina/search/axis.hpp>
#include <lamina/search/trials.hpp>
#include <lamina/train/progress.hpp>

namespace lamina::search {

/// A space with its axes so far; `space` begins one.
template <class Settings, class Networks, class... Axes> class space_of;

template <class Settings, class... Nets, class... Axes>
class space_of<Settings, lamina::detail::type_list<Nets...>, Axes...> {
public:
  using settings = Settings;
  /// How many things are searched: the settings that are named, and the networks together.
  static constexpr std::size_t axis_count = sizeof...(Axes) + (sizeof...(Nets) > 0);

  explicit space_of(Settings start, std::tuple<Axes...> axes) : start_{std::move(start)}, axes_{std::move(axes)} {}

  /// A number evenly distributed from `low` to `high`.
  template <auto Member> auto uniform(double low, double high) const {
    return with(detail::uniform_axis<Member>{low, high});
  }
  /// A number whose logarithm is: learning rates, penalties, widths.
  template <auto Member> auto log_uniform(double low, double high) const {
    return with(detail::log_uniform_axis<Member>{low, high});
  }
  /// A whole number from `low` to `high`, both included.
  template <auto Member> auto integer(std::int64_t low, std::int64_t high) const {
    return with(detail::integer_axis<Member>{low, high});
  }
  /// One of some values.
  template <auto Member> auto choice(std::vector<detail::value_of<Member>> values) const {
    return with(detail::choice_axis<Member>{std::move(values)});
  }

  /// What the axes are called.
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    if constexpr (sizeof...(Nets) > 0) all.push_back("network");
    (all.push_back(std::string{detail::member_name<Axes::member>()}), ...);
    return all;
  }
  /// Whether axis `i` is a range, that can be searched more finely around a place.
  static constexpr bool is_range(std::size_t i) {
    constexpr bool ranges[]{Axes::is_range..., false};
    return i >= axis_count - sizeof...(Axes) && ranges[i - (axis_count - sizeof...(Axes))];
  }
  /// The places of a grid on every axis, with so many points on each that has no values of its own.
  std::vector<std::vector<double>> grid(std::size_t points) const {
    std::vector<std::vector<double>> all;
    if constexpr (sizeof...(Nets) > 0) {
      all.emplace_back();
      for (std::size_t i = 0; i < sizeof...(Nets); ++i) all.back().push_back(place_of_network(i));
    }
    const auto lay = [&](const auto& axis) {
      all.emplace_back();
      const std::size_t count = axis.grid_size(points);
      for (std::size_t i = 0; i < count; ++i) all.back().push_back(axis.grid_place(i, count));
    };
    std::apply([&](const Axes&... axis) { (lay(axis), ...); }, axes_);
    return all;
  }

  /// Runs `score` with the settings, and the network, of a place. Training that does not stay finite has no score.
  template <class Score> trial<Settings> run(Score& score, std::vector<double> place, std::size_t number) const {
    trial<Settings> here{.number = number, .settings = start_, .place = std::move(place)};
    std::size_t i = 0;
    if constexpr (sizeof...(Nets) > 0) {
      const std::string names[]{lamina::detail::plainly_spelled(lamina::detail::spelling<Nets>())...};
      here.network = names[network_at(here.place[i++])];
      here.row.push_back(here.network);
    }
    const auto set = [&](const auto& axis) {
      here.settings.*(axis.member) = axis.at(here.place[i]);
      here.row.push_back(axis.text(here.place[i++]));
    };
    std::apply([&](const Axes&... axis) { (set(axis), ...); }, axes_);
    const double started = lamina::detail::seconds_now();
    try {
      here.score = scored(score, std::as_const(here.settings), here.place);
    } catch (const training_error&) {
      here.score = std::numeric_limits<double>::quiet_NaN();
    }
    here.seconds = lamina::detail::seconds_now() - started;
    return here;
  }

private:
  template <class Axis> auto with(Axis axis) const {
    return space_of<Settings, lamina::detail::type_list<Nets...>, Axes..., Axis>{
        start_, std::tuple_cat(axes_, std::make_tuple(std::move(axis)))};
  }
  static double place_of_network(std::size_t i) {
    return (static_cast<double>(i) + 0.5) / static_cast<double>(sizeof...(Nets));
  }
  static std::size_t network_at(double place) {
    return std::min(sizeof...(Nets) - 1, static_cast<std::size_t>(place * static_cast<double>(sizeof...(Nets))));
  }
  template <class Score>
  static double scored(Score& score, const Settings& settings, const std::vector<double>& place) {
    if constexpr (sizeof...(Nets) == 0) {
      return static_cast<double>(score(settings));
    } else {
      const std::size_t which = network_at(place[0]);
      double value = 0;
      std::size_t i = 0;
      ((which == i++ ? void(value = scored_with<Nets>(score, settings)) : void()), ...);
      return value;
    }
  }
  template <class Net, class Score> static double scored_with(Score& score, const Settings& settings) {
    if constexpr (requires { score.template operator()<Net>(); })
      return static_cast<double>(score.template operator()<Net>());
    else
      return static_cast<double>(score.template operator()<Net>(settings));
  }

  Settings start_;
  std::tuple<Axes...> axes_;
};

/// What is searched: members of a struct of the user's, each named once with its range, and networks, if any follow.
/// Members that are not named keep the value they have in `start`. The score is a function of the settings,
/// `double(const settings&)`, or with networks `[]<class Net>(const settings&)`; larger is better, so of a loss it is
/// the negative. A `training_error` in it means that the trial has no score.
/// Errors: argument_error, naming the member, for an empty range, one that is not finite or not above 0 for
/// `log_uniform`, and for no choices. A space of nothing does not compile where it is searched.
/// Example (tests/search/search.cpp):
///
///     struct settings { double rate = 1e-3; std::size_t batch_size = 32; };
///     const auto space = la::search::space<settings, small, large>{}
///                            .log_uniform<&settings::rate>(1e-4, 1e-1)
///                            .choice<&settings::batch_size>({16, 32, 64});
///     const auto found = la::search::random(space, {.trials = 20}, [&]<class Net>(const settings& s) { … });
///     std::cout << found << found.best().settings.rate;
template <class Settings, class... Nets> class space : public space_of<Settings, lamina::detail::type_list<Nets...>> {
public:
  explicit space(Settings start = {}) : space_of<Settings, lamina::detail::type_list<Nets...>>{std::move(start), {}} {}
};

/// A space that names a setting or a network.
template <class S>
concept Searchable = (S::axis_count > 0);

namespace detail {
/// A score that nobody calls; not a template's parameter, which g++ would complain of.
struct any_score {
  template <class Score> any_score(const Score&) {}
};
} // namespace detail

/// What a search over nothing gives: a type that cannot be used, and says why.
template <class Space> using empty_search = wrong_call<reason::empty_search, Space>;

} // namespace lamina::search
