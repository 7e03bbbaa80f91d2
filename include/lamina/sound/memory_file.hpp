#pragma once
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <limits>
#include <sndfile.h>
#include <string>

namespace lamina::detail {

/// Bytes in memory as libsndfile reads and writes them.
struct memory_file {
  std::string bytes{};
  std::size_t at = 0;

  static SF_VIRTUAL_IO* functions() {
    static SF_VIRTUAL_IO all{length, seek, read, write, tell};
    return &all;
  }

private:
  static memory_file& of(void* user) { return *static_cast<memory_file*>(user); }
  static sf_count_t length(void* user) { return static_cast<sf_count_t>(of(user).bytes.size()); }
  static sf_count_t tell(void* user) { return static_cast<sf_count_t>(of(user).at); }
  static sf_count_t seek(sf_count_t offset, int whence, void* user) {
    const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? tell(user) : length(user);
    if (offset < -from || offset > std::numeric_limits<sf_count_t>::max() - from) return -1;
    of(user).at = static_cast<std::size_t>(from + offset);
    return from + offset;
  }
  static sf_count_t read(void* to, sf_count_t count, void* user) {
    memory_file& file = of(user);
    const std::size_t left = file.at < file.bytes.size() ? file.bytes.size() - file.at : 0,
                      wanted = static_cast<std::size_t>(count), got = wanted < left ? wanted : left;
    if (got != 0) std::memcpy(to, file.bytes.data() + file.at, got);
    file.at += got;
    return static_cast<sf_count_t>(got);
  }
  static sf_count_t write(const void* from, sf_count_t count, void* user) {
    memory_file& file = of(user);
    const std::size_t size = static_cast<std::size_t>(count);
    if (file.bytes.size() < file.at + size) file.bytes.resize(file.at + size);
    if (size != 0) std::memcpy(file.bytes.data() + file.at, from, size);
    file.at += size;
    return count;
  }
};

} // namespace lamina::detail
