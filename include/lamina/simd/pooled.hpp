#pragma once
#include <cstddef>
#include <lamina/simd/traits.hpp>

/// Epilogues that pool: windows of the pixels that a kernel finishes become one number each while they are in
/// registers.
///
/// The innermost epilogue of such a chain has a `window`, and gives `start<V>()`, a window of which nothing was seen,
/// `join(so_far, v)`, one more of its numbers, and `store(m, q, f, v, lanes)` for the finished window q. An epilogue
/// around another one, its `inner`, gives `before(m, p, f, v, lanes)`: what it makes of a pixel's number.
namespace lamina::simd {

/// Windows that do not overlap and have no pixels between them, `height`×`width` each.
struct window {
  std::size_t height = 1, width = 1;
  constexpr bool operator==(const window&) const = default;
  constexpr std::size_t size() const { return height * width; }
};

/// The window of an epilogue; one pixel where it does not pool.
template <class Epilogue>
inline constexpr window window_of = [] {
  if constexpr (requires { Epilogue::window; })
    return Epilogue::window;
  else
    return window{};
}();
template <class Epilogue>
  requires requires(Epilogue e) { e.inner; }
inline constexpr window window_of<Epilogue> = window_of<decltype(Epilogue::inner)>;

/// The end of a chain of epilogues.
template <class Epilogue> [[gnu::always_inline]] constexpr const auto& innermost(const Epilogue& epilogue) {
  if constexpr (requires { epilogue.inner; })
    return innermost(epilogue.inner);
  else
    return epilogue;
}

/// What the windows of a chain of epilogues have seen, with one more of their numbers: v at pixel p.
template <class Epilogue, class V>
[[gnu::always_inline]] inline V join_pixel(const Epilogue& epilogue, V so_far, std::size_t m, std::size_t p,
                                           std::size_t f, V v, std::size_t lanes) {
  if constexpr (requires { epilogue.inner; })
    return join_pixel(epilogue.inner, so_far, m, p, f, epilogue.before(m, p, f, v, lanes), lanes);
  else
    return epilogue.join(so_far, v);
}

} // namespace lamina::simd
