#pragma once
#include <lamina/expression/math.hpp>

namespace lamina::math {

/// a / (√s + e).
template <class V> [[gnu::always_inline]] inline V divide_by_root(V a, V s, V e) { return a / (math::sqrt(s) + e); }

} // namespace lamina::math
