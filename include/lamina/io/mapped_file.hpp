#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <lamina/core/error.hpp>
#include <string>
#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define LAMINA_MAPS_FILES 1
#else
#include <memory>
#endif

namespace lamina {

/// The bytes of a file, read-only, aligned to 64 bytes or more. Where the system maps files (POSIX), they come from the
/// disk when they are touched and take no memory that the system cannot have back; elsewhere the file is read as a
/// whole. A file that is shortened while it is mapped ends the program at the next touch beyond its end; replacing it,
/// as `atomic_file` does, disturbs nothing.
/// Errors: `file_error` naming the file, where it cannot be read or mapped.
/// Example: `const lamina::mapped_file file{"train.lamina"}; use(file.data(), file.size());`
class mapped_file {
public:
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;

  /// The first byte; nullptr where the file is empty.
  const std::byte* data() const { return bytes_; }
  std::size_t size() const { return size_; }

#ifdef LAMINA_MAPS_FILES
  explicit mapped_file(const std::string& path) {
    const int handle = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) fail(path, "a readable file");
    struct stat about;
    const bool known = fstat(handle, &about) == 0;
    if (!known || !S_ISREG(about.st_mode)) {
      close(handle);
      throw file_error(expected_got(path, "a regular file", "something else"));
    }
    size_ = static_cast<std::size_t>(about.st_size);
    void* const bytes = size_ == 0 ? nullptr : mmap(nullptr, size_, PROT_READ, MAP_SHARED, handle, 0);
    const int reason = errno;
    close(handle); // the mapping keeps the file
    if (bytes == MAP_FAILED) errno = reason, fail(path, "a file that can be mapped");
    bytes_ = static_cast<const std::byte*>(bytes);
  }
  ~mapped_file() {
    if (bytes_) munmap(const_cast<std::byte*>(bytes_), size_);
  }

private:
#else
  explicit mapped_file(const std::string& path) {
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    if (!file) fail(path, "a readable file");
    const bool sized = std::fseek(file, 0, SEEK_END) == 0;
    const long end = sized ? std::ftell(file) : -1;
    if (end > 0) {
      size_ = static_cast<std::size_t>(end);
      lines_.reset(new line[(size_ + sizeof(line) - 1) / sizeof(line)]);
      bytes_ = lines_[0].bytes;
    }
    std::rewind(file);
    const bool whole = end >= 0 && std::fread(lines_.get(), 1, size_, file) == size_;
    std::fclose(file);
    if (!whole) fail(path, "readable data");
  }

private:
  struct alignas(64) line {
    std::byte bytes[64];
  };
  std::unique_ptr<line[]> lines_;
#endif
  [[noreturn]] static void fail(const std::string& path, const char* expected) {
    throw file_error(expected_got(path, expected, std::strerror(errno)));
  }

  const std::byte* bytes_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace lamina
#undef LAMINA_MAPS_FILES
