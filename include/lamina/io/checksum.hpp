#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lamina {

/// XXH64 of bytes that come in pieces: `checksum sum; sum.add(bytes); sum.value()`. It finds every change within eight
/// bytes in a row, and misses any other with a chance of 2⁻⁶⁴. Four multiplications at a time keep up with memory,
/// which zlib's CRC-32 does not. Source: Collet, the xxHash specification, "XXH64 algorithm", with the seed 0.
class checksum {
public:
  void add(std::string_view bytes) {
    total_ += bytes.size();
    while (waiting_ > 0 && waiting_ < stripe && !bytes.empty()) {
      left_[waiting_++] = bytes.front();
      bytes.remove_prefix(1);
    }
    if (waiting_ == stripe) mix(left_), waiting_ = 0;
    for (; bytes.size() >= stripe; bytes.remove_prefix(stripe)) mix(bytes.data());
    for (const char byte : bytes) left_[waiting_++] = byte;
  }

  std::uint64_t value() const {
    std::uint64_t h = prime[4];
    if (total_ >= stripe) {
      h = std::rotl(lane_[0], 1) + std::rotl(lane_[1], 7) + std::rotl(lane_[2], 12) + std::rotl(lane_[3], 18);
      for (const std::uint64_t lane : lane_) h = (h ^ round(0, lane)) * prime[0] + prime[3];
    }
    h += total_;
    std::size_t i = 0;
    for (; i + 8 <= waiting_; i += 8)
      h = std::rotl(h ^ round(0, word<std::uint64_t>(left_ + i)), 27) * prime[0] + prime[3];
    for (; i + 4 <= waiting_; i += 4)
      h = std::rotl(h ^ word<std::uint32_t>(left_ + i) * prime[0], 23) * prime[1] + prime[2];
    for (; i < waiting_; ++i) h = std::rotl(h ^ word<unsigned char>(left_ + i) * prime[4], 11) * prime[0];
    h = (h ^ h >> 33) * prime[1];
    h = (h ^ h >> 29) * prime[2];
    return h ^ h >> 32;
  }

private:
  static constexpr std::size_t stripe = 32;
  static constexpr std::uint64_t prime[]{0x9E3779B185EBCA87u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u,
                                         0x85EBCA77C2B2AE63u, 0x27D4EB2F165667C5u};

  /// A number whose lowest byte comes first.
  template <class Word> static std::uint64_t word(const char* bytes) {
    Word number = 0;
    if constexpr (std::endian::native == std::endian::little)
      std::memcpy(&number, bytes, sizeof number); // g++ 12 does not see it in the loop
    else
      for (std::size_t i = 0; i < sizeof number; ++i)
        number = static_cast<Word>(number | static_cast<Word>(static_cast<unsigned char>(bytes[i])) << 8 * i);
    return number;
  }
  static std::uint64_t round(std::uint64_t lane, std::uint64_t word) {
    return std::rotl(lane + word * prime[1], 31) * prime[0];
  }
  void mix(const char* bytes) {
    for (std::size_t i = 0; i < 4; ++i) lane_[i] = round(lane_[i], word<std::uint64_t>(bytes + 8 * i));
  }

  std::uint64_t lane_[4]{prime[0] + prime[1], prime[1], 0, 0 - prime[0]}, total_ = 0;
  char left_[stripe]{};
  std::size_t waiting_ = 0;
};

} // namespace lamina
