#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <lamina/core/error.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <zlib.h>

namespace lamina {

/// A named stream of bytes that readers of file formats take, from a file or from memory.
class byte_source {
public:
  explicit byte_source(std::string name) : name_{std::move(name)} {}
  byte_source(const byte_source&) = delete;
  byte_source& operator=(const byte_source&) = delete;
  virtual ~byte_source() = default;

  /// What messages call it: the file's name.
  const std::string& name() const { return name_; }
  /// How many bytes were read; of a compressed file, bytes of its content.
  std::size_t position() const { return position_; }

  /// Fills `bytes` and returns how many there were, which is fewer only at the end.
  /// Errors: `file_error` where the file cannot be read or its compressed data is corrupt or cut short.
  std::size_t read(std::span<unsigned char> bytes) {
    const std::size_t count = read_some(bytes);
    position_ += count;
    return count;
  }

  /// Throws `file_error`: file, the byte at `offset`, what was expected, what came.
  [[noreturn, gnu::cold]] void fail(std::size_t offset, const detail::piece& expected, const detail::piece& got) const {
    throw file_error(expected_got(detail::joined_text({name_, ": byte ", offset}), expected, got));
  }

protected:
  virtual std::size_t read_some(std::span<unsigned char> bytes) = 0;

private:
  std::string name_;
  std::size_t position_ = 0;
};

/// The bytes of a file as they are.
class file_source final : public byte_source {
public:
  /// Errors: `file_error` where the file cannot be opened.
  explicit file_source(const std::string& path) : byte_source{path}, file_{std::fopen(path.c_str(), "rb")} {
    if (!file_) throw file_error(expected_got(path, "a readable file", std::strerror(errno)));
  }
  ~file_source() override { std::fclose(file_); }

private:
  std::size_t read_some(std::span<unsigned char> bytes) override {
    const std::size_t count = std::fread(bytes.data(), 1, bytes.size(), file_);
    if (count < bytes.size() && std::ferror(file_)) fail(position() + count, "readable data", std::strerror(errno));
    return count;
  }

  std::FILE* file_;
};

/// The bytes of a file, decompressed where it is a gzip file.
/// What follows the last gzip member, if it is no member itself, is ignored, as gzip does.
class gzip_source final : public byte_source {
public:
  /// Errors: `file_error` where the file cannot be opened.
  explicit gzip_source(const std::string& path) : byte_source{path}, file_{gzopen(path.c_str(), "rb")} {
    if (!file_) throw file_error(expected_got(path, "a readable file", std::strerror(errno)));
    gzbuffer(file_, 1u << 16); // fewer system calls; can be set only before the first read
  }
  ~gzip_source() override { gzclose(file_); }

private:
  std::size_t read_some(std::span<unsigned char> bytes) override {
    std::size_t count = 0;
    while (count < bytes.size()) {
      const std::size_t wanted = bytes.size() - count, most = 1u << 30; // gzread counts in int
      const int got = gzread(file_, bytes.data() + count, static_cast<unsigned>(wanted < most ? wanted : most));
      if (got > 0)
        count += static_cast<std::size_t>(got);
      else
        break;
    }
    // A stream that is cut short gives what it has and reports an error beside it.
    int code = Z_OK;
    const char* text = gzerror(file_, &code);
    if (count < bytes.size() && code != Z_OK && code != Z_STREAM_END)
      refuse(position() + count, code == Z_ERRNO ? std::strerror(errno) : text);
    return count;
  }
  [[noreturn, gnu::cold]] void refuse(std::size_t offset, std::string_view reason) const {
    // zlib's text begins with the file's name, as this library's does.
    if (reason.starts_with(name()) && reason.substr(name().size()).starts_with(": "))
      reason.remove_prefix(name().size() + 2);
    fail(offset, "readable, intact data", reason);
  }

  gzFile file_;
};

/// Bytes that are in memory already, which must outlive the source.
class memory_source final : public byte_source {
public:
  memory_source(std::string name, std::span<const unsigned char> bytes) : byte_source{std::move(name)}, left_{bytes} {}

private:
  std::size_t read_some(std::span<unsigned char> bytes) override {
    const std::size_t count = bytes.size() < left_.size() ? bytes.size() : left_.size();
    if (count != 0) std::memcpy(bytes.data(), left_.data(), count);
    left_ = left_.subspan(count);
    return count;
  }

  std::span<const unsigned char> left_;
};

/// Makes room for `more` items on the way to `total`, so that a promised total costs nothing: within eight times what
/// is there with them, and in the end one block of `total`, into which no more than an eighth was copied.
template <class Items> void reserve_towards(Items& items, std::size_t total, std::size_t more) {
  if (items.capacity() - items.size() >= more) return;
  std::size_t capacity = total;
  while (capacity / 8 > items.size() + more) capacity /= 8;
  items.reserve(capacity);
}

/// Appends bytes from `source` to `items`, each as `convert(byte)`, until there are `total`; returns false where the
/// source ends before. Memory stays within eight times what the source has delivered and one chunk.
template <class Items, class Convert>
bool read_items(byte_source& source, Items& items, std::size_t total, Convert convert) {
  constexpr std::size_t chunk = std::size_t{1} << 14;
  unsigned char bytes[chunk];
  while (items.size() < total) {
    const std::size_t have = items.size(), left = total - have, wanted = left < chunk ? left : chunk;
    reserve_towards(items, total, wanted);
    const std::size_t got = source.read({bytes, wanted});
    items.resize(have + got);
    for (std::size_t i = 0; i < got; ++i) items[have + i] = convert(bytes[i]);
    if (got != wanted) return false;
  }
  return true;
}

namespace detail {

inline bool can_open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  return file && std::fclose(file) == 0;
}

} // namespace detail

} // namespace lamina
