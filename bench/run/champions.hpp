#pragma once
#include "race.hpp"
#include <algorithm>
#include <string>
#include <vector>

namespace race {

inline std::string full_name(const char* library, const char* variant) {
  return std::string{library} + (*variant ? ": " : "") + variant;
}

/// The fastest variant of each library; `names` is told what it is called. Peers of one library stand together, each
/// with `library` and `variant`; `contender_of(peer)` is what it would do again and again.
template <class Peer, class Make>
std::vector<contender> champions(const std::vector<Peer>& all, const Make& contender_of, std::string& names) {
  std::vector<contender> found;
  for (std::size_t first = 0, end; first < all.size(); first = end) {
    std::vector<contender> variants;
    for (end = first; end < all.size() && std::string{all[end].library} == all[first].library; ++end)
      variants.push_back(contender_of(all[end]));
    const auto times = variants.size() == 1 ? std::vector<double>{0} : medians(variants, 11);
    const auto best = static_cast<std::size_t>(std::min_element(times.begin(), times.end()) - times.begin());
    if (variants.size() > 1)
      names += (names.empty() ? "" : "; ") + full_name(all[first].library, all[first + best].variant);
    found.push_back(variants[best]);
  }
  return found;
}

} // namespace race
