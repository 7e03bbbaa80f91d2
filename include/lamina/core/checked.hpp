#pragma once
#include <string>
#include <string_view>

#include <lamina/core/error.hpp>
#include <lamina/core/fixed_string.hpp>

namespace lamina {

namespace detail {

struct at_least_zero {
  static constexpr const char* text = "a finite number, at least 0";
  static constexpr bool holds(double v) { return v >= 0 && v <= 1e300; }
};
struct above_zero {
  static constexpr const char* text = "a finite number above 0";
  static constexpr bool holds(double v) { return v > 0 && v <= 1e300; }
};
struct one_or_more {
  static constexpr const char* text = "a finite number, at least 1";
  static constexpr bool holds(double v) { return v >= 1 && v <= 1e300; }
};
struct whole_from_one {
  static constexpr const char* text = "a whole number, at least 1";
  static constexpr bool holds(double v) {
    return v >= 1 && v < 0x1p53 && v == static_cast<double>(static_cast<long long>(v));
  }
};
struct zero_to_below_one {
  static constexpr const char* text = "a number from 0 to below 1";
  static constexpr bool holds(double v) { return v >= 0 && v < 1; }
};
struct zero_to_one {
  static constexpr const char* text = "a number from 0 to 1";
  static constexpr bool holds(double v) { return v >= 0 && v <= 1; }
};

[[noreturn, gnu::cold]] inline void refuse(std::string_view name, const char* range, double number) {
  throw argument_error(expected_got(name, range, std::to_string(number)));
}

} // namespace detail

/// A hyper-parameter that refuses nonsense where it is written: `adam{.beta1 = 1.5}` throws, and while compiling it is
/// an error. Otherwise a double. Errors: argument_error with the name, the range and the number.
template <fixed_string Name, class Range> class checked {
public:
  constexpr checked(double number) : number_{number} {
    if (!Range::holds(number)) detail::refuse(Name.view(), Range::text, number);
  }
  constexpr operator double() const { return number_; }
  constexpr checked& operator*=(double factor) { return *this = checked(number_ * factor); }

private:
  double number_;
};

template <fixed_string Name> using non_negative = checked<Name, detail::at_least_zero>;
template <fixed_string Name> using positive = checked<Name, detail::above_zero>;
template <fixed_string Name> using at_least_one = checked<Name, detail::one_or_more>;
template <fixed_string Name> using whole_number = checked<Name, detail::whole_from_one>;
/// A momentum, a decay rate, a probability to drop.
template <fixed_string Name> using below_one = checked<Name, detail::zero_to_below_one>;
template <fixed_string Name> using fraction = checked<Name, detail::zero_to_one>;

} // namespace lamina
