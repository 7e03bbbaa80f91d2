#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <lamina/core/error.hpp>
#include <string>
#include <string_view>
#include <utility>
#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#define LAMINA_POSIX_FILES 1
#endif

namespace lamina {

/// A file that is replaced as a whole or not at all: what is written goes to a temporary file beside it, and `commit`
/// puts that in its place. Whatever happens before, a crash included, the old file stays as it was; without `commit`
/// the temporary file is removed, and only a process that is killed leaves one behind (`PATH.NUMBER.tmp`).
/// Errors: `file_error` naming the path, from every function that writes.
/// Example: `lamina::atomic_file file{"net.bin"}; file.write(bytes); file.commit();`
class atomic_file {
public:
  [[gnu::cold]] explicit atomic_file(std::string path) : path_{std::move(path)} {
    // Exclusive: the name may be another process's, or left behind by one that was killed.
    for (unsigned attempt = 0; attempt < 1000 && !file_; ++attempt) {
      temporary_ = detail::joined_text({path_, ".", process() + attempt, ".tmp"});
      file_ = std::fopen(temporary_.c_str(), "wbx");
      if (!file_ && errno != EEXIST) break;
    }
    if (!file_) fail("a folder to create a file in");
    keep_permissions();
  }
  atomic_file(const atomic_file&) = delete;
  atomic_file& operator=(const atomic_file&) = delete;
  ~atomic_file() {
    if (file_) discard();
  }

  const std::string& path() const { return path_; }

  /// Appends to what will be the file.
  void write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail("room to write to");
    begin_to_store(bytes.size());
  }

  /// Writes over what was written first: a header that is known last.
  void write_first(std::string_view bytes) {
    if (std::fseek(file_, 0, SEEK_SET) != 0) fail("a file that can be written from its beginning");
    write(bytes);
    if (std::fseek(file_, 0, SEEK_END) != 0) fail("room to write to");
  }

  /// Puts what was written in place of the file; it is on the disk when this returns. Nothing can be written
  /// afterwards.
  [[gnu::cold]] void commit() {
    if (std::fflush(file_) != 0 || !synchronize()) fail("room to write to");
    if (std::fclose(std::exchange(file_, nullptr)) != 0 || !replace()) {
      const int reason = errno;
      std::remove(temporary_.c_str());
      errno = reason;
      fail("a file that can be replaced");
    }
  }

private:
  [[noreturn, gnu::cold]] void fail(const char* expected) {
    const std::string reason = std::strerror(errno);
    if (file_) discard();
    throw file_error(expected_got(path_, expected, reason));
  }

  void discard() {
    std::fclose(std::exchange(file_, nullptr));
    std::remove(temporary_.c_str());
  }

#ifdef LAMINA_POSIX_FILES
  static unsigned long process() { return static_cast<unsigned long>(getpid()); }

  // A file that only its owner may read stays so.
  void keep_permissions() {
    struct stat old;
    if (stat(path_.c_str(), &old) == 0 && S_ISREG(old.st_mode)) (void)!fchmod(fileno(file_), old.st_mode & 07777u);
  }

  // The disk begins while more is being computed, so that little is left to wait for in the end.
  void begin_to_store([[maybe_unused]] std::size_t more) {
#ifdef SYNC_FILE_RANGE_WRITE
    constexpr std::size_t part = std::size_t{1} << 22;
    if ((waiting_ += more) < part) return;
    waiting_ = 0;
    sync_file_range(fileno(file_), 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
  }

  bool synchronize() { return fsync(fileno(file_)) == 0; }

  [[gnu::cold]] bool replace() {
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return false;
    // The new name itself is on the disk once its directory is. Not every file system can say so.
    const std::size_t slash = path_.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    if (const int handle = open(directory.c_str(), O_RDONLY); handle >= 0) {
      fsync(handle);
      close(handle);
    }
    return true;
  }
#else
  static unsigned long process() { return 0; }
  void keep_permissions() {}
  void begin_to_store(std::size_t) {}
  bool synchronize() { return true; }

  bool replace() {
    if (std::rename(temporary_.c_str(), path_.c_str()) == 0) return true;
    std::remove(path_.c_str()); // where rename does not replace, a crash between these two lines leaves the temporary
    return std::rename(temporary_.c_str(), path_.c_str()) == 0;
  }
#endif

  std::string path_, temporary_;
  std::FILE* file_ = nullptr;
  [[maybe_unused]] std::size_t waiting_ = 0; // bytes that the disk has not been told of
};

} // namespace lamina
#undef LAMINA_POSIX_FILES
