#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/network/describe.hpp>

namespace lamina::search {

/// One trial of a search.
template <class Settings> struct trial {
  std::size_t number = 0;         ///< from 1, in the order in which they ran
  double score = 0;               ///< larger is better; NaN where training did not stay finite
  double seconds = 0;             ///< that it took
  Settings settings{};            ///< what it ran with
  std::string network{};          ///< the network's name, where networks were searched
  std::vector<double> place{};    ///< where it stands in the space, every axis from 0 to 1
  std::vector<std::string> row{}; ///< the searched settings as text
};

/// The trials of a search, the best first; printed, a table.
/// Example (tests/search/search.cpp): `std::cout << found; use(found.best().settings);`
template <class Settings> class trials {
public:
  explicit trials(std::vector<std::string> names) : names_{std::move(names)} {}

  std::size_t size() const { return trials_.size(); }
  const trial<Settings>& operator[](std::size_t i) const { return trials_[i]; }
  auto begin() const { return trials_.begin(); }
  auto end() const { return trials_.end(); }

  /// The trial of the largest score, the earlier one among equals.
  /// Errors: training_error where no trial has a score.
  const trial<Settings>& best() const {
    if (!any())
      throw training_error(expected_got("search", "a trial whose training stays finite",
                                        lamina::detail::joined_text({"none among ", size()})));
    return trials_.front();
  }
  /// Whether any trial has a score.
  bool any() const { return !trials_.empty() && !std::isnan(trials_.front().score); }

  /// Puts a trial where it belongs.
  void add(trial<Settings> one) {
    const auto better = [](const trial<Settings>& a, const trial<Settings>& b) {
      return a.score > b.score || (std::isnan(b.score) && !std::isnan(a.score));
    };
    trials_.insert(std::upper_bound(trials_.begin(), trials_.end(), one, better), std::move(one));
  }

  /// The table: score, time, number, and a column for each thing that was searched.
  std::string table() const {
    std::vector<std::vector<std::string>> rows{{"score", "seconds", "trial"}};
    rows[0].insert(rows[0].end(), names_.begin(), names_.end());
    for (const trial<Settings>& one : trials_) {
      rows.push_back({number("%.5g", one.score), number("%.2f", one.seconds), std::to_string(one.number)});
      rows.back().insert(rows.back().end(), one.row.begin(), one.row.end());
    }
    std::string text;
    for (const auto& row : rows) {
      std::string line;
      for (std::size_t c = 0; c < row.size(); ++c) {
        std::size_t widest = 0;
        for (const auto& other : rows) widest = std::max(widest, other[c].size());
        lamina::detail::pad(line, row[c], widest, true);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text.append(line).append("\n");
    }
    return text;
  }
  template <class Traits>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const trials& all) {
    const std::string text = all.table();
    return out.write(text.data(), static_cast<std::streamsize>(text.size()));
  }

private:
  static std::string number(const char* format, double value) {
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return std::isnan(value) ? "-" : text;
  }

  std::vector<std::string> names_;
  std::vector<trial<Settings>> trials_;
};

} // namespace lamina::search
