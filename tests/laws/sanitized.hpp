#pragma once
// Whether a sanitizer watches: it has its own heap, and takes its time.
#if defined(__SANITIZE_ADDRESS__)
#define LAMINA_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LAMINA_SANITIZED
#endif
#endif

#ifdef LAMINA_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
