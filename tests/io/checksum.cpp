#include <catch.hpp>
#include <lamina/io/checksum.hpp>
#include <string>
#include <string_view>

namespace {

std::uint64_t sum_of(std::string_view bytes, std::size_t piece = 1000) {
  lamina::checksum sum;
  for (std::size_t at = 0; at < bytes.size(); at += piece) sum.add(bytes.substr(at, piece));
  return sum.value();
}
std::string counted(std::size_t length) {
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(i * 37 % 251);
  return bytes;
}

} // namespace

TEST_CASE("the checksum is XXH64") { // of the reference implementation, xxHash 0.8
  CHECK(sum_of("") == 0xEF46DB3751D8E999u);
  CHECK(sum_of("a") == 0xD24EC4F1A98C6E5Bu);
  CHECK(sum_of("abc") == 0x44BC2CF5AD770999u);
  CHECK(sum_of(counted(31)) == 0x9416464FBABE7770u);
  CHECK(sum_of(counted(32)) == 0x7762158A9EB86A10u);
  CHECK(sum_of(counted(39)) == 0x7E0B38112973D916u);
  CHECK(sum_of(counted(77)) == 0x7A0DB640D3130B97u);
  CHECK(sum_of(counted(1000)) == 0xA480E6632EE5891Cu);
}

TEST_CASE("the checksum does not depend on the pieces that bytes come in, and sees every bit") {
  const std::string bytes = counted(150);
  const std::uint64_t whole = sum_of(bytes);
  for (std::size_t piece = 1; piece < 80; ++piece) CHECK(sum_of(bytes, piece) == whole);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      CHECK(sum_of(flipped) != whole);
    }
}
