#pragma once
#include <lamina/expression/formula.hpp>

namespace lamina {

namespace detail {

template <class Function, class... Arguments>
constexpr Function function_of(const terms::apply<Function, Arguments...>&) {
  return {};
}

/// The function of an expression applied to other arguments.
template <class Function, class... Old, class... New>
constexpr auto rebuild(const terms::apply<Function, Old...>&, New... arguments) {
  return Function::build(arguments...);
}

template <auto E> constexpr auto freeze() {
  using type = std::remove_const_t<decltype(E)>;
  if constexpr (std::is_same_v<type, terms::number>)
    return terms::constant<E.value>{};
  else if constexpr (requires { E.c; })
    return rebuild(E, freeze<E.a>(), freeze<E.b>(), freeze<E.c>());
  else if constexpr (requires { E.b; })
    return rebuild(E, freeze<E.a>(), freeze<E.b>());
  else if constexpr (requires { E.a; })
    return rebuild(E, freeze<E.a>());
  else
    return E;
}

} // namespace detail

/// The type that says all about the expression E: literals have become `constant<1.702>`, and what these allow is
/// simplified. `frozen<E>{}` is the same formula without state.
template <auto E>
  requires Expression<decltype(E)>
using frozen = decltype(detail::freeze<E>());

} // namespace lamina
