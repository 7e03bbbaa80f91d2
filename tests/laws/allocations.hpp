#pragma once
#include <cstddef>

/// How often this program has gone to the heap.
std::size_t allocation_count();

template <class Action> std::size_t allocations_in(const Action& action) {
  const std::size_t before = allocation_count();
  action();
  return allocation_count() - before;
}
