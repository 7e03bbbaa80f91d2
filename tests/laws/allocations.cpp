// Counts every way to the heap, for the law that nothing is allocated after construction.
#include "allocations.hpp"
#include "sanitized.hpp"
#include <atomic>
#include <catch.hpp>
#include <cerrno>
#include <cstdlib>
#include <lamina/model/storage.hpp>
#include <new>

namespace {
std::atomic<std::size_t> allocations{0};
}

std::size_t allocation_count() { return allocations; }

// Every way to the heap, counted: operator new, and with glibc what C calls. A sanitizer has a heap of its own, left
// alone.
#ifndef LAMINA_SANITIZED
#ifdef __GLIBC__
#define LAMINA_COUNTS_MALLOC
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t size) noexcept { return ++allocations, __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) noexcept { return ++allocations, __libc_calloc(count, size); }
void* realloc(void* old, std::size_t size) noexcept { return ++allocations, __libc_realloc(old, size); }
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return ++allocations, __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return ++allocations, __libc_memalign(alignment, size);
}
int posix_memalign(void** to, std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  *to = __libc_memalign(alignment, size);
  return *to ? 0 : ENOMEM;
}
}
#endif

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const std::size_t step = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(step, (size + step - 1) / step * step)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif

TEST_CASE("the counter counts operator new, aligned or not, and malloc") {
  if (sanitized) return;
  CHECK(allocations_in([] { ::operator delete(::operator new(1)); }) > 0);
  CHECK(allocations_in([] { lamina::aligned_block<float>{100}; }) > 0);
#ifdef LAMINA_COUNTS_MALLOC
  void* volatile memory = nullptr; // so that the pair is not optimized away
  CHECK(allocations_in([&] { memory = std::malloc(10), std::free(memory); }) == 1);
#endif
}
