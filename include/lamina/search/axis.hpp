#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>

/// The axes of a search: each is a member of the user's settings, and maps a place from 0 to 1 to a value. A strategy
/// knows places alone.
namespace lamina::search::detail {

template <auto Member> constexpr const char* spelled_member() { return __PRETTY_FUNCTION__; }

/// What the source calls a member: `&settings::rate` → "rate".
template <auto Member> constexpr std::string_view member_name() {
  std::string_view name = spelled_member<Member>();
  name.remove_prefix(name.rfind("::") + 2);
  return name.substr(0, name.find_first_of(";,>)]"));
}

template <class Value, class Owner> Value member_of(Value Owner::*);
template <auto Member> using value_of = decltype(member_of(Member));

/// A value as the table shows it; empty where it has no text.
template <class Value> std::string text_of(const Value& value) {
  if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
    return std::string{std::string_view{value}};
  } else if constexpr (std::same_as<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::integral<Value>) {
    return std::to_string(value);
  } else if constexpr (std::is_convertible_v<const Value&, double>) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", static_cast<double>(value));
    return text;
  } else {
    return {};
  }
}

inline void require_range(std::string_view name, double low, double high, bool holds, const char* what) {
  if (!holds || !(low < high) || std::isinf(high - low))
    throw argument_error(
        expected_got(lamina::detail::joined_text({"search: range of ", name}), what,
                     lamina::detail::joined_text({std::to_string(low), " and ", std::to_string(high)})));
}

/// A number, rounded where the member is a whole one.
template <class Value> Value as_member(double number) {
  if constexpr (std::integral<Value>)
    return static_cast<Value>(std::llround(number));
  else
    return static_cast<Value>(number);
}

/// The places of a grid on an axis without steps of its own: both ends among them.
inline double even_place(std::size_t i, std::size_t count) {
  return count == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(count - 1);
}

/// Evenly distributed between two numbers.
template <auto Member> struct uniform_axis {
  static constexpr auto member = Member;
  static constexpr bool is_range = true;
  static_assert(!std::integral<value_of<Member>>, "a whole number is searched by integer<…> or log_uniform<…>");
  double low, high;

  uniform_axis(double from, double to) : low{from}, high{to} {
    require_range(member_name<Member>(), low, high, true, "a finite number and a larger one");
  }
  auto at(double place) const { return as_member<value_of<Member>>(low + place * (high - low)); }
  std::string text(double place) const { return text_of(at(place)); }
  std::size_t grid_size(std::size_t points) const { return points; }
  double grid_place(std::size_t i, std::size_t count) const { return even_place(i, count); }
};

/// Whose logarithm is evenly distributed; a whole number is rounded.
template <auto Member> struct log_uniform_axis {
  static constexpr auto member = Member;
  static constexpr bool is_range = true;
  double low, high;

  log_uniform_axis(double from, double to) : low{from}, high{to} {
    require_range(member_name<Member>(), low, high, low > 0, "a finite number above 0 and a larger one");
  }
  auto at(double place) const {
    return as_member<value_of<Member>>(std::clamp(low * std::pow(high / low, place), low, high));
  }
  std::string text(double place) const { return text_of(at(place)); }
  std::size_t grid_size(std::size_t points) const { return points; }
  double grid_place(std::size_t i, std::size_t count) const { return even_place(i, count); }
};

/// A whole number, both ends included, each equally likely.
template <auto Member> struct integer_axis {
  static constexpr auto member = Member;
  static constexpr bool is_range = true;
  std::int64_t low, high;

  integer_axis(std::int64_t from, std::int64_t to) : low{from}, high{to} {
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    require_range(member_name<Member>(), static_cast<double>(low), static_cast<double>(high),
                  low >= -exact && high <= exact && std::in_range<limited>(low) && std::in_range<limited>(high),
                  "a whole number that the setting can be and a larger one");
  }
  auto at(double place) const { return static_cast<value_of<Member>>(number(place)); }
  std::string text(double place) const { return text_of(number(place)); }
  std::size_t grid_size(std::size_t points) const { return std::min(points, size()); }
  double grid_place(std::size_t i, std::size_t count) const {
    const double step = std::round(even_place(i, count) * static_cast<double>(size() - 1));
    return (step + 0.5) / static_cast<double>(size());
  }

private:
  using limited = std::conditional_t<std::integral<value_of<Member>> && !std::same_as<value_of<Member>, bool>,
                                     value_of<Member>, std::int64_t>;
  std::size_t size() const { return static_cast<std::size_t>(high - low) + 1; }
  std::int64_t number(double place) const {
    return std::min(high, low + static_cast<std::int64_t>(place * static_cast<double>(size())));
  }
};

/// One of some values, each equally likely, in no order: it has no neighbourhood to search more finely.
template <auto Member> struct choice_axis {
  static constexpr auto member = Member;
  static constexpr bool is_range = false;
  std::vector<value_of<Member>> values;

  explicit choice_axis(std::vector<value_of<Member>> some) : values{std::move(some)} {
    if (values.empty())
      throw argument_error(
          expected_got(lamina::detail::joined_text({"search: choices of ", member_name<Member>()}), "at least 1", "0"));
  }
  value_of<Member> at(double place) const { return values[index(place)]; }
  std::string text(double place) const {
    std::string text = text_of(at(place));
    return text.empty() ? "choice " + std::to_string(index(place)) : text;
  }
  std::size_t grid_size(std::size_t) const { return values.size(); }
  double grid_place(std::size_t i, std::size_t count) const {
    return (static_cast<double>(i) + 0.5) / static_cast<double>(count);
  }

private:
  std::size_t index(double place) const {
    return std::min(values.size() - 1, static_cast<std::size_t>(place * static_cast<double>(values.size())));
  }
};

} // namespace lamina::search::detail
