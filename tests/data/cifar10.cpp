#include <catch.hpp>
#include <io/files.hpp>
#include <lamina/data/cifar10.hpp>
#include <string>
#include <vector>
#include <zlib.h>

namespace {

constexpr std::size_t record = 3073;

/// Records whose bytes are all known: label (first + i) % 10, pixel p of record i is (7 i + p) % 256.
std::string records(std::size_t count, std::size_t first = 0) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) {
    bytes += static_cast<char>((first + i) % 10);
    for (std::size_t p = 0; p < 3072; ++p) bytes += static_cast<char>((7 * i + p) % 256);
  }
  return bytes;
}

std::string gzip(const std::string& path, const std::string& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return path;
}

} // namespace

TEST_CASE("CIFAR-10 files are read, plain and compressed, scaled to [0, 1]") {
  const scratch_folder folder;
  for (const std::size_t count : {1u, 2u, 23u})
    for (const std::string& path : {folder.write("plain", records(count)), gzip(folder / "zipped", records(count))}) {
      const auto data = lamina::load_cifar10_batch(path);
      REQUIRE(data.size() == count);
      REQUIRE(data.input_size() == lamina::cifar10::shape.size());
      for (std::size_t i = 0; i < count; ++i) {
        CHECK(data.target(i) == lamina::label{i % 10});
        std::size_t wrong = 0;
        for (std::size_t p = 0; p < 3072; ++p)
          wrong += data.input(i)[p] != static_cast<float>((7 * i + p) % 256) / 255.0f;
        CHECK(wrong == 0);
      }
    }
  CHECK(std::size(lamina::cifar10::classes) == 10);
  CHECK(lamina::cifar10::classes[9] == std::string("truck"));
}

TEST_CASE("bad CIFAR-10 files are refused with file, byte, what was expected and what came") {
  const scratch_folder folder;
  const std::string path = folder / "bad";
  const auto loading = [&](const std::string& bytes) {
    folder.write("bad", bytes);
    const std::string text = message_of([&] { lamina::load_cifar10_batch(path); });
    return text.starts_with(path + ": ") ? text.substr(path.size() + 2) : text;
  };
  const std::string good = records(3);
  CHECK(loading("") == "byte 0: expected a CIFAR-10 record of 3073 bytes, got 0");
  CHECK(loading(good.substr(0, record - 1)) == "byte 0: expected a CIFAR-10 record of 3073 bytes, got 3072");
  CHECK(loading(good + "x") == "byte 9219: expected a CIFAR-10 record of 3073 bytes, got 1");
  for (const std::size_t cut : {1u, 3072u, 3074u, 6145u, 6147u, 9218u})
    CHECK(loading(good.substr(0, cut)).ends_with(", got " + std::to_string(cut % record)));
  for (const int label : {10, 100, 255}) {
    std::string bytes = good;
    bytes[2 * record] = static_cast<char>(label);
    CHECK(loading(bytes) == "byte 6146: expected a label from 0 to 9, got " + std::to_string(label));
  }
  CHECK(loading(good) == "nothing was thrown");
  const std::string zipped = content_of(gzip(folder / "zipped", good));
  CHECK(loading(zipped.substr(0, zipped.size() / 2)).find("intact data") != std::string::npos);
  CHECK(message_of([&] { lamina::load_cifar10_batch(folder / "none"); }) ==
        folder / "none" + ": expected a readable file, got No such file or directory");
}

TEST_CASE("load_cifar10 takes five files to train and one to test, and names the one that is missing") {
  const scratch_folder folder;
  const auto load = [&] { return lamina::load_cifar10(folder.path()); };
  CHECK(message_of(load) == folder.path() + ": expected test_batch.bin (plain or .gz) in this directory, got none");
  folder.write("test_batch.bin", records(4, 5));
  for (std::size_t batch = 1; batch <= 5; ++batch) {
    const std::string name = "data_batch_" + std::to_string(batch) + ".bin";
    CHECK(message_of(load) == folder.path() + ": expected " + name + " (plain or .gz) in this directory, got none");
    if (batch % 2)
      folder.write(name, records(batch, batch));
    else
      gzip(folder / name + ".gz", records(batch, batch));
  }
  const auto [train, test] = load();
  REQUIRE(test.size() == 4);
  CHECK(test.target(0) == lamina::label{5});
  REQUIRE(train.size() == 15);
  std::size_t i = 0;
  for (std::size_t batch = 1; batch <= 5; ++batch)
    for (std::size_t k = 0; k < batch; ++k, ++i) {
      CHECK(train.target(i) == lamina::label{(batch + k) % 10});
      CHECK(train.input(i)[11] == static_cast<float>(7 * k + 11) / 255.0f);
    }
  folder.write("data_batch_5.bin", records(2) + "half");
  CHECK(message_of(load).starts_with(folder / "data_batch_5.bin" + ": byte 6146: expected"));
}
