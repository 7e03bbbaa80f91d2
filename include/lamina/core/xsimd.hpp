#pragma once
/// xsimd, included in one place. g++ 12 warns of its own AVX-512 intrinsics (`__Y` in `_mm512_undefined_ps`, its bug
/// 105593) wherever they are inlined; the warning is off for the lines of those headers and for no others.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
