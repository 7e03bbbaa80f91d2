#pragma once
#include <cstddef>
#include <utility>

namespace lamina::detail {

template <class... Types> struct type_list {
  static constexpr std::size_t size = sizeof...(Types);
};

template <class T> struct type_is {
  using type = T;
};

// Look-up by overload resolution: one class per list, and no recursion however long the list is.
template <std::size_t I, class T> struct indexed_type {};
template <class Sequence, class... Types> struct indexed_types;
template <std::size_t... I, class... Types>
struct indexed_types<std::index_sequence<I...>, Types...> : indexed_type<I, Types>... {};
template <std::size_t I, class T> type_is<T> find_indexed(const indexed_type<I, T>*);

template <std::size_t I, class List> struct nth_type;
template <std::size_t I, class... Types> struct nth_type<I, type_list<Types...>> {
  using found =
      decltype(find_indexed<I>(static_cast<indexed_types<std::index_sequence_for<Types...>, Types...>*>(nullptr)));
  using type = typename found::type;
};
template <std::size_t I, class List> using nth = typename nth_type<I, List>::type;

template <class... Lists> struct joined;
template <> struct joined<> {
  using type = type_list<>;
};
template <class... A> struct joined<type_list<A...>> {
  using type = type_list<A...>;
};
template <class... A, class... B, class... Rest>
struct joined<type_list<A...>, type_list<B...>, Rest...> : joined<type_list<A..., B...>, Rest...> {};

} // namespace lamina::detail
