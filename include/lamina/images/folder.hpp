#pragma once
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <lamina/core/error.hpp>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace lamina::detail {

/// What is in a folder, sorted by bytes; names that begin with a dot are left out.
/// Errors: file_error naming the folder.
inline std::vector<std::string> names_in(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> listing{opendir(folder.c_str()), closedir};
  const auto fail = [&] { throw file_error(expected_got(folder, "a readable folder", std::strerror(errno))); };
  if (!listing) fail();
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = readdir(listing.get())) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    errno = 0;
  }
  if (errno != 0) fail();
  std::sort(names.begin(), names.end());
  return names;
}

/// Links are followed. Errors: file_error naming the path.
inline bool is_folder(const std::string& path) {
  struct stat about;
  if (stat(path.c_str(), &about) != 0) throw file_error(expected_got(path, "a readable file", std::strerror(errno)));
  return S_ISDIR(about.st_mode);
}

} // namespace lamina::detail
