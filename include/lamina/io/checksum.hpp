#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <lamina/data/byte_source.hpp>
#include <lamina/io/atomic_file.hpp>
#include <span>
#include <string>
#include <string_view>
#include <zlib.h>

namespace lamina::detail {

/// CRC-32 of what went before (0 at the start) and these bytes. It finds every change of up to 32 bits in a row, and
/// all others but one in four billion. Source: ISO 3309; zlib.
inline std::uint32_t checksum(std::uint32_t before, std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(before, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

/// An atomic file that knows the checksum of what was written so far.
class checksummed_file {
public:
  explicit checksummed_file(const std::string& path) : file_{path} {}
  void write(std::string_view bytes) {
    checksum_ = detail::checksum(checksum_, bytes);
    file_.write(bytes);
  }
  void commit() { file_.commit(); }
  std::uint32_t checksum() const { return checksum_; }

private:
  atomic_file file_;
  std::uint32_t checksum_ = 0;
};

/// A file that is read, with the checksum of all that was read but the last `held` bytes, which are the checksum's own.
class checksummed_source final : public byte_source {
public:
  static constexpr std::size_t held = 8;
  explicit checksummed_source(const std::string& path) : byte_source{path}, file_{path} {}
  std::uint32_t checksum() const { return checksum_; }

private:
  std::size_t read_some(std::span<unsigned char> bytes) override {
    const std::size_t got = file_.read(bytes);
    const std::string_view fresh{reinterpret_cast<const char*>(bytes.data()), got};
    const std::size_t leaving = last_.size() + got > held ? last_.size() + got - held : 0;
    const std::size_t from_last = std::min(leaving, last_.size());
    checksum_ = detail::checksum(checksum_, {last_.data(), from_last});
    checksum_ = detail::checksum(checksum_, fresh.substr(0, leaving - from_last));
    last_.erase(0, from_last).append(fresh.substr(leaving - from_last));
    return got;
  }

  file_source file_;
  std::string last_{};
  std::uint32_t checksum_ = 0;
};

} // namespace lamina::detail
