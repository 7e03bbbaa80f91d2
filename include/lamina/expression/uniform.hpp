#pragma once
#include <cstddef>
#include <lamina/expression/evaluate.hpp>

/// What is the same for all elements (hyper-parameters, the step, numbers) is computed once in double, and the
/// loop over the elements sees only its value.
namespace lamina::detail {

template <class... Types> struct list {
  static constexpr std::size_t size = sizeof...(Types);
};

/// The position of T in a list; its length if it is not there.
template <class T, class List> inline constexpr std::size_t index_in = 0;
template <class T, class... Types>
inline constexpr std::size_t index_in<T, list<Types...>> = [] {
  std::size_t i = 0;
  (void)((std::is_same_v<T, Types> || (++i, false)) || ...);
  return i;
}();

/// The leaves of E for which Wanted<Leaf>::value, after those of a list, each once, in order of appearance.
template <template <class> class Wanted, class List, class E> struct collect {
  using type = List;
};
template <template <class> class Wanted, class... Types, class E>
  requires Wanted<E>::value
struct collect<Wanted, list<Types...>, E> {
  using type = std::conditional_t<(std::is_same_v<Types, E> || ...), list<Types...>, list<Types..., E>>;
};
template <template <class> class Wanted, class... Types, class Function, class A>
struct collect<Wanted, list<Types...>, terms::apply<Function, A>> : collect<Wanted, list<Types...>, A> {};
template <template <class> class Wanted, class... Types, class Function, class A, class... More>
struct collect<Wanted, list<Types...>, terms::apply<Function, A, More...>>
    : collect<Wanted, typename collect<Wanted, list<Types...>, A>::type, list<More...>> {};
template <template <class> class Wanted, class... Types> struct collect<Wanted, list<Types...>, list<>> {
  using type = list<Types...>;
};
template <template <class> class Wanted, class... Types, class A, class... More>
struct collect<Wanted, list<Types...>, list<A, More...>>
    : collect<Wanted, typename collect<Wanted, list<Types...>, A>::type, list<More...>> {};

template <class E>
inline constexpr bool is_uniform = std::is_same_v<E, terms::term<"step">> || std::is_same_v<E, terms::term<"norm">>;
template <double Value> inline constexpr bool is_uniform<terms::constant<Value>> = true;
template <auto Member> inline constexpr bool is_uniform<hyper<Member>> = true;
template <class Function, class... Arguments>
inline constexpr bool is_uniform<terms::apply<Function, Arguments...>> = (is_uniform<Arguments> && ...);

/// `u · a` with a uniform u.
template <class E> inline constexpr bool has_uniform_factor = false;
template <class U, class A>
inline constexpr bool has_uniform_factor<terms::apply<functions::multiply, U, A>> = is_uniform<U> && !is_uniform<A>;

template <class A, class B> constexpr auto gather_product(A a, B b) {
  if constexpr (is_uniform<A> && has_uniform_factor<B>)
    return (a * b.a) * b.b;
  else if constexpr (is_uniform<B>)
    return gather_product(b, a);
  else if constexpr (is_uniform<A>)
    return a * b;
  else if constexpr (has_uniform_factor<A>)
    return gather_product(a.a, gather_product(a.b, b));
  else if constexpr (has_uniform_factor<B>)
    return gather_product(b.a, a * b.b);
  else
    return a * b;
}

/// The expression with its uniform factors multiplied with each other first and divisions by them made products.
template <class E> constexpr auto gather(E e) {
  if constexpr (is_uniform<E>) {
    return e;
  } else if constexpr (functions::is_applied<functions::multiply, E>) {
    return gather_product(gather(e.a), gather(e.b));
  } else if constexpr (functions::is_applied<functions::divide, E>) {
    const auto a = gather(e.a);
    const auto b = gather(e.b);
    using A = std::remove_const_t<decltype(a)>;
    using B = std::remove_const_t<decltype(b)>;
    if constexpr (is_uniform<B>)
      return gather_product(functions::one / b, a);
    else if constexpr (has_uniform_factor<B>)
      return gather_product(functions::one / b.a, gather(a / b.b));
    else if constexpr (has_uniform_factor<A>)
      return gather_product(a.a, a.b / b);
    else
      return a / b;
  } else if constexpr (requires { e.c; }) {
    return rebuild(e, gather(e.a), gather(e.b), gather(e.c));
  } else if constexpr (requires { e.b; }) {
    return rebuild(e, gather(e.a), gather(e.b));
  } else if constexpr (requires { e.a; }) {
    const auto a = gather(e.a);
    if constexpr (functions::is_applied<functions::negate, E> && has_uniform_factor<std::remove_const_t<decltype(a)>>)
      return (-a.a) * a.b;
    else
      return rebuild(e, a);
  } else {
    return e;
  }
}

/// A place in the loop's formula for the value of the uniform expression E.
template <class E> struct hoisted {
  using expression_tag = void;
};

template <class E> struct is_hoisted {
  static constexpr bool value = false;
};
template <class E> struct is_hoisted<hoisted<E>> {
  static constexpr bool value = true;
};

/// The largest uniform parts of E replaced by `hoisted`.
template <class E, bool Hoist = is_uniform<E> && !functions::is_constant<E>> struct hoist {
  using type = E;
};
template <class E> struct hoist<E, true> {
  using type = hoisted<E>;
};
template <class Function, class... Arguments> struct hoist<terms::apply<Function, Arguments...>, false> {
  using type = terms::apply<Function, typename hoist<Arguments>::type...>;
};
template <class E> using loop_formula = typename hoist<decltype(gather(E{}))>::type;

/// Where uniform expressions find their leaves: the members of the object that owns the formula, the step and the norm.
template <class Owner> struct owner_environment {
  const Owner& owner;
  double step, norm;
};
template <class E, class Owner>
  requires requires { E::member; }
constexpr double bound(const owner_environment<Owner>& given) {
  return static_cast<double>(given.owner.*(E::member));
}
template <class E, class Owner>
  requires std::is_same_v<E, terms::term<"step">>
constexpr double bound(const owner_environment<Owner>& given) {
  return given.step;
}
template <class E, class Owner>
  requires std::is_same_v<E, terms::term<"norm">>
constexpr double bound(const owner_environment<Owner>& given) {
  return given.norm;
}

/// Computes the uniforms of a list into `out`, in double.
template <class Owner, class... Uniforms>
constexpr void prepare_uniforms(list<hoisted<Uniforms>...>, double* out, const Owner& owner, double step, double norm) {
  const owner_environment<Owner> given{owner, step, norm};
  ((*out++ = evaluate_as<double>(Uniforms{}, given)), ...);
  (void)out;
  (void)given;
}

} // namespace lamina::detail
