#pragma once
#include <cstddef>
#include <lamina/data/byte_source.hpp>
#include <lamina/io/atomic_file.hpp>
#include <lamina/io/checksum.hpp>
#include <span>
#include <string>
#include <string_view>

namespace lamina::detail {

/// An atomic file that knows the checksum of what was written so far.
class checksummed_file {
public:
  explicit checksummed_file(const std::string& path) : file_{path} {}
  void write(std::string_view bytes) {
    sum_.add(bytes);
    file_.write(bytes);
  }
  void commit() { file_.commit(); }
  const lamina::checksum& checksum() const { return sum_; }

private:
  atomic_file file_;
  lamina::checksum sum_{};
};

/// A file that is read, with the checksum of all that was read but the last `Held` bytes, which are the checksum's own.
template <std::size_t Held> class checksummed_source final : public byte_source {
public:
  explicit checksummed_source(const std::string& path) : byte_source{path}, file_{path} {}
  const lamina::checksum& checksum() const { return sum_; }

private:
  std::size_t read_some(std::span<unsigned char> bytes) override {
    const std::size_t got = file_.read(bytes), all = last_.size() + got;
    last_.append(reinterpret_cast<const char*>(bytes.data()), got);
    if (all > Held) {
      sum_.add(std::string_view{last_}.substr(0, all - Held));
      last_.erase(0, all - Held);
    }
    return got;
  }

  file_source file_;
  std::string last_{};
  lamina::checksum sum_{};
};

} // namespace lamina::detail
