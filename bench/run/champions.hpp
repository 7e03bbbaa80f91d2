#pragma once
#include "race.hpp"
#include <algorithm>
#include <string>
#include <vector>

namespace race {

inline std::string full_name(const char* library, const char* variant) {
  return std::string{library} + (*variant ? ": " : "") + variant;
}

/// The fastest variant of each library.
struct champions_list {
  std::vector<contender> racing;
  std::string names, times; ///< what it is called where there are several; what each of them took, in nanoseconds
};

/// Peers of one library stand together, each with `library` and `variant`; `contender_of(peer)` is what it would do
/// again and again.
template <class Peer, class Make> champions_list champions(const std::vector<Peer>& all, const Make& contender_of) {
  champions_list found;
  for (std::size_t first = 0, end; first < all.size(); first = end) {
    std::vector<contender> variants;
    for (end = first; end < all.size() && std::string{all[end].library} == all[first].library; ++end)
      variants.push_back(contender_of(all[end]));
    const auto times = variants.size() == 1 ? std::vector<double>{0} : medians(variants, 11);
    const auto best = static_cast<std::size_t>(std::min_element(times.begin(), times.end()) - times.begin());
    found.racing.push_back(variants[best]);
    if (variants.size() == 1) continue;
    const auto separated = [](std::string& text) -> std::string& { return text += text.empty() ? "" : "; "; };
    separated(found.names) += full_name(all[first].library, all[first + best].variant);
    for (std::size_t i = 0; i < variants.size(); ++i) {
      char number[32];
      std::snprintf(number, sizeof number, " %.1f", times[i]);
      separated(found.times) += full_name(all[first].library, all[first + i].variant) + number;
    }
  }
  return found;
}

} // namespace race
