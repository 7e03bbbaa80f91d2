#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina {

/// What a vocabulary knows of a token.
struct vocabulary_entry {
  std::string name{};
  std::uint64_t count = 0;

  friend bool operator==(const vocabulary_entry&, const vocabulary_entry&) = default;
};

namespace detail {

/// Entries in the order they came in, and where each name is among them.
class name_table {
public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  const std::vector<vocabulary_entry>& entries() const { return entries_; }
  std::vector<vocabulary_entry> take() { return std::exchange(entries_, {}); }

  /// The entry of this name, or none.
  std::uint32_t find(std::string_view name) const { return slots_.empty() ? none : slots_[slot_of(name)]; }

  /// Adds to the count of the entry of this name, which is made where there is none.
  void add(std::string_view name, std::uint64_t count) {
    if (2 * (entries_.size() + 1) > slots_.size()) grow();
    std::uint32_t& slot = slots_[slot_of(name)];
    if (slot == none) {
      entries_.push_back({std::string(name), 0});
      slot = static_cast<std::uint32_t>(entries_.size() - 1);
    }
    entries_[slot].count += count;
  }

  friend bool operator==(const name_table& a, const name_table& b) { return a.entries_ == b.entries_; }

private:
  // Where the name stands, or where there is room for it; the number of slots is a power of two and half are free.
  std::size_t slot_of(std::string_view name) const {
    const std::size_t last = slots_.size() - 1;
    std::size_t at = std::hash<std::string_view>{}(name)&last;
    while (slots_[at] != none && entries_[slots_[at]].name != name) at = (at + 1) & last;
    return at;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), none);
    for (std::size_t i = 0; i < entries_.size(); ++i) slots_[slot_of(entries_[i].name)] = static_cast<std::uint32_t>(i);
  }

  std::vector<vocabulary_entry> entries_{};
  std::vector<std::uint32_t> slots_{};
};

} // namespace detail
} // namespace lamina
