#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zlib.h>

namespace lamina::detail {

/// A member of a zip archive, as the archive's directory has it.
struct zip_member {
  std::string name{};
  std::span<const unsigned char> bytes{}; ///< as they are stored
  std::size_t size = 0;                   ///< uncompressed
  std::uint32_t checksum = 0;             ///< CRC-32 of the uncompressed bytes
  bool deflated = false;
};

/// The content of a member. Errors: `file_error` where it is damaged, or has another length or checksum than promised.
class zip_source final : public byte_source {
public:
  zip_source(const std::string& archive, const zip_member& member)
      : byte_source{archive + ": " + member.name}, member_{member} {
    stream_.next_in = const_cast<Bytef*>(member.bytes.data()); // zlib does not write there
    stream_.avail_in = static_cast<uInt>(member.bytes.size());
    if (member.deflated && inflateInit2(&stream_, -MAX_WBITS) != Z_OK) fail(0, "memory to decompress in", "none");
  }
  ~zip_source() override {
    if (member_.deflated) inflateEnd(&stream_);
  }

private:
  std::size_t read_some(std::span<unsigned char> bytes) override {
    const std::size_t left = member_.size - position(), wanted = bytes.size() < left ? bytes.size() : left;
    std::size_t count = wanted;
    if (member_.deflated)
      count = inflate_some(bytes.first(wanted));
    else if (wanted != 0)
      std::memcpy(bytes.data(), member_.bytes.data() + position(), wanted);
    if (count != wanted)
      fail(position() + count, joined_text({member_.size, " bytes of content, as the directory says"}),
           position() + count);
    sum_ = crc32(sum_, bytes.data(), static_cast<uInt>(count));
    if (position() + count == member_.size && sum_ != member_.checksum)
      fail(0, "content of the checksum that the directory has", "another one: it is damaged");
    return count;
  }
  std::size_t inflate_some(std::span<unsigned char> bytes) {
    stream_.next_out = bytes.data();
    stream_.avail_out = static_cast<uInt>(bytes.size());
    while (stream_.avail_out != 0) {
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) break;
      if (code != Z_OK)
        fail(position() + bytes.size() - stream_.avail_out, "intact compressed data",
             stream_.msg ? stream_.msg : "data that ends early");
    }
    return bytes.size() - stream_.avail_out;
  }

  zip_member member_;
  z_stream stream_{};
  uLong sum_ = 0;
};

/// The directory of a zip archive in memory, which is checked before it is used.
/// Errors: `file_error` naming the byte: no zip archive, cut short, of several disks, with members that lie outside,
/// are encrypted, compressed otherwise than by deflate, or beyond 4 GB (zip64).
/// Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", sections 4.3.7, 4.3.12 and 4.3.16.
template <class Source> class zip_directory {
public:
  zip_directory(const Source& source, std::span<const unsigned char> archive) : source_{source}, archive_{archive} {}

  std::vector<zip_member> read() const {
    const std::size_t tail = find_end(), count = number(tail + 10, 2);
    std::size_t at = number(tail + 16, 4);
    require(number(tail + 8, 2) == count && number(tail + 4, 4) == 0, tail, "an archive on one disk");
    std::vector<zip_member> members;
    for (std::size_t i = 0; i < count; ++i) {
      require(at <= tail && tail - at >= 46 && number(at, 4) == 0x02014b50, at, "an entry of the directory");
      const std::size_t name = number(at + 28, 2), more = name + number(at + 30, 2) + number(at + 32, 2);
      require(tail - at - 46 >= more, at, "an entry that ends before the directory does");
      members.push_back(member(at, name));
      at += 46 + more;
    }
    return members;
  }

private:
  void require(bool holds, std::size_t at, const char* expected) const {
    if (!holds) source_.fail(at, expected, "something else");
  }
  // The record at the end, behind which there is nothing but a comment.
  std::size_t find_end() const {
    for (std::size_t after = 22; after <= archive_.size() && after <= 22 + 65535; ++after) {
      const std::size_t at = archive_.size() - after;
      if (number(at, 4) == 0x06054b50 && number(at + 20, 2) == after - 22) return at;
    }
    source_.fail(0, "a zip archive, with a directory at its end", "none");
  }
  zip_member member(std::size_t at, std::size_t name) const {
    const std::size_t method = number(at + 10, 2), stored = number(at + 20, 4), size = number(at + 24, 4),
                      local = number(at + 42, 4);
    require((number(at + 8, 2) & 1) == 0, at + 8, "a member that is not encrypted");
    require(method == 0 || method == 8, at + 10, "a member that is stored or deflated");
    require(stored != 0xFFFFFFFF && size != 0xFFFFFFFF && local != 0xFFFFFFFF, at + 20, "a member of less than 4 GB");
    require(method == 8 || stored == size, at + 20, "a stored member as long as its content");
    require(archive_.size() >= 30 && local <= archive_.size() - 30 && number(local, 4) == 0x04034b50, at + 42,
            "where the member's header is");
    const std::size_t begin = local + 30 + number(local + 26, 2) + number(local + 28, 2);
    require(begin <= archive_.size() && stored <= archive_.size() - begin, at + 20, "a member within the archive");
    zip_member found{.bytes = archive_.subspan(begin, stored),
                     .size = size,
                     .checksum = static_cast<std::uint32_t>(number(at + 16, 4)),
                     .deflated = method == 8};
    for (std::size_t i = 0; i < name; ++i) found.name += static_cast<char>(archive_[at + 46 + i]);
    return found;
  }
  std::size_t number(std::size_t at, std::size_t width) const {
    std::size_t value = 0;
    for (std::size_t i = width; i-- > 0;) value = value << 8 | archive_[at + i];
    return value;
  }

  const Source& source_;
  std::span<const unsigned char> archive_;
};

} // namespace lamina::detail
