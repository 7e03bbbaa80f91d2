#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <lamina/core/error.hpp>
#include <string>
#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#define LAMINA_POSIX_FILES 1
#endif

namespace lamina::detail {

/// Puts the file `next` in place of `path` and keeps what was there as `path.1`, what was that as `path.2`, and so on,
/// `keep` files in all. At every moment there is a whole file at `path`, if there was one before.
/// Errors: file_error naming the path.
inline void rotate_files(const std::string& path, const std::string& next, std::size_t keep) {
  const auto numbered = [&](std::size_t i) { return path + "." + std::to_string(i); };
  for (std::size_t i = keep - 1; i > 1; --i) std::rename(numbered(i - 1).c_str(), numbered(i).c_str());
  std::remove(numbered(1).c_str());
#ifdef LAMINA_POSIX_FILES
  const bool kept = link(path.c_str(), numbered(1).c_str()) == 0; // the old file under both names
#else
  const bool kept = false;
#endif
  if (!kept) std::rename(path.c_str(), numbered(1).c_str()); // a file system without links, or the first file
  if (std::rename(next.c_str(), path.c_str()) != 0)
    throw file_error(expected_got(path, "a file that can be replaced", std::strerror(errno)));
}

} // namespace lamina::detail
#undef LAMINA_POSIX_FILES
