#include <catch.hpp>
#include <cstdint>
#include <io/files.hpp>
#include <lamina/data/idx.hpp>
#include <lamina/data/mnist.hpp>
#include <new>
#include <string>
#include <vector>
#include <zlib.h>

namespace {

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 255u);
  return bytes;
}

std::string idx_bytes(const std::vector<std::uint32_t>& extents, const std::string& content) {
  std::string bytes{0, 0, 8, static_cast<char>(extents.size())};
  for (const std::uint32_t extent : extents) bytes += big_endian(extent);
  return bytes + content;
}

std::string gzip(const std::string& path, const std::string& bytes) {
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return path;
}

// Three images of 2×2 and their labels.
const std::string images = idx_bytes({3, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, '\xff'}),
                  labels = idx_bytes({3}, {2, 0, 1});

} // namespace

TEST_CASE("IDX files are read, plain and compressed, scaled to [0, 1]") {
  const scratch_folder folder;
  const std::string plain = folder.write("images", images), zipped = gzip(folder / "images.gz", images);
  for (const std::string& path : {plain, zipped}) {
    const auto data = lamina::load_idx(path, folder.write("labels", labels));
    REQUIRE(data.size() == 3);
    CHECK(data.input_size() == 4);
    CHECK(data.input(0)[1] == 1 / 255.0f);
    CHECK(data.input(2)[3] == 1.0f);
    CHECK(data.target(0) == lamina::label{2});
    CHECK(data.class_count() == 3);
  }
}

TEST_CASE("images may have any rank") {
  const scratch_folder folder;
  const std::string two = folder.write("two", idx_bytes({2}, {0, 1}));
  CHECK(lamina::load_idx(folder.write("1", idx_bytes({2}, {3, 4})), two).input_size() == 1);
  CHECK(lamina::load_idx(folder.write("4", idx_bytes({2, 1, 3, 2}, std::string(12, 'x'))), two).input_size() == 6);
  CHECK(lamina::load_idx(folder.write("0", idx_bytes({0, 5}, "")), folder.write("none", idx_bytes({0}, ""))).empty());
}

TEST_CASE("bad IDX files are refused with file, byte, what was expected and what came") {
  const scratch_folder folder;
  const std::string good_labels = folder.write("labels", labels), path = folder / "bad";
  const auto loading = [&](const std::string& bytes) {
    folder.write("bad", bytes);
    const std::string text = message_of([&] { lamina::load_idx(path, good_labels); });
    return text.starts_with(path + ": ") ? text.substr(path.size() + 2) : text;
  };
  CHECK(loading("") == "byte 0: expected 4 bytes of IDX magic number, got 0");
  CHECK(loading(images.substr(0, 3)) == "byte 0: expected 4 bytes of IDX magic number, got 3");
  CHECK(loading("PNG" + images) == "byte 0: expected an IDX file's two zero bytes, got 80 and 78");
  CHECK(loading(std::string{0, 0, 13, 3} + images.substr(4)) ==
        "byte 2: expected element type 8 (unsigned byte), got 13");
  CHECK(loading(std::string{0, 0, 8, 0}) == "byte 3: expected a rank of at least 1, got 0");
  CHECK(loading(images.substr(0, 14)) == "byte 12: expected 4 bytes of an extent, got 2");
  CHECK(loading(idx_bytes({3, 0, 2}, "")) == "byte 8: expected an extent of at least 1, got 0");
  CHECK(loading(idx_bytes({3, 0xffffffff, 0xffffffff}, "")) ==
        "byte 12: expected extents whose product is a size, got a product beyond it, with extent 4294967295");
  CHECK(loading(images.substr(0, images.size() - 1)) == "byte 27: expected 12 bytes after the header, got 11");
  CHECK(loading(images.substr(0, 16)) == "byte 16: expected 12 bytes after the header, got 0");
  CHECK(loading(images + "x") == "byte 28: expected the end of the file after 12 bytes, got more");
  CHECK(loading(images) == "nothing was thrown");

  CHECK(message_of([&] { lamina::load_idx(folder.write("four", idx_bytes({4, 1}, "abcd")), good_labels); }) ==
        good_labels + ": byte 4: expected 4 labels, as many as images in " + folder / "four" + ", got 3");
  CHECK(message_of([&] { lamina::load_idx(path, path); }) == path + ": byte 3: expected labels of rank 1, got rank 3");
  CHECK(message_of([&] { lamina::load_idx(folder / "missing", good_labels); }) ==
        folder / "missing" + ": expected a readable file, got No such file or directory");
  CHECK(message_of([&] { lamina::load_idx(folder.path(), good_labels); }) ==
        folder.path() + ": byte 0: expected readable, intact data, got Is a directory");
}

TEST_CASE("a promise of petabytes costs no memory") {
  const scratch_folder folder;
  const std::string path = folder.write("huge", idx_bytes({3, 0x7fffffff, 0x1000000}, std::string(200000, 'x')));
  const std::string zipped = gzip(folder / "huge.gz", content_of(path));
  for (const std::string& file : {path, zipped}) // an allocation of what is promised would throw std::bad_alloc
    CHECK(message_of([&] { lamina::load_idx(file, folder.write("labels", labels)); }) ==
          file + ": byte 200016: expected 108086391006560256 bytes after the header, got 200000");
}

TEST_CASE("corrupt compressed files are refused") {
  const scratch_folder folder;
  const std::string good_labels = folder.write("labels", labels);
  std::string noise;
  for (unsigned i = 0, state = 1; i < 3 * 5000; ++i)
    noise += static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
  const std::string whole = content_of(gzip(folder / "whole", idx_bytes({3, 5000}, noise)));
  const auto loading = [&](const std::string& bytes) {
    return message_of([&] { lamina::load_idx(folder.write("bad.gz", bytes), good_labels); });
  };
  const std::string name = folder / "bad.gz: byte ";
  CHECK(loading(whole) == "nothing was thrown");
  CHECK(loading(whole.substr(0, whole.size() / 2))
            .ends_with("expected readable, intact data, got unexpected end of file"));
  CHECK(loading(whole.substr(0, whole.size() - 3)) ==
        name + "15012: expected readable, intact data, got unexpected end of file");
  std::string flipped = whole;
  flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);
  CHECK(loading(flipped).ends_with("expected readable, intact data, got incorrect data check"));
  flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 0x55);
  CHECK(loading(flipped).starts_with(name));
  std::string magic = whole;
  magic[0] = 'x';
  CHECK(loading(magic).starts_with(name + "0: expected an IDX file's two zero bytes"));
}

TEST_CASE("the digits that ship with the project") {
  const auto [train, test] = lamina::load_mnist(LAMINA_DATA_DIRECTORY "/mnist");
  CHECK(train.size() == 9000);
  CHECK(test.size() == 1000);
  CHECK(train.input_size() == 784);
  CHECK(train.class_count() == 10);
  CHECK(test.target(0) == lamina::label{7});
  CHECK(train.target(0) == lamina::label{2});
  CHECK(test.row(0) + 784 == train.row(0));
  double sum = 0;
  for (const auto& [input, target] : train)
    for (const float value : input) sum += static_cast<double>(value);
  for (const auto& [input, target] : test)
    for (const float value : input) sum += static_cast<double>(value);
  CHECK(sum == Approx(264923200 / 255.0).epsilon(1e-6)); // the sum of all bytes
}

TEST_CASE("load_mnist finds the files in every spelling") {
  const scratch_folder folder;
  const auto load = [&] { return lamina::load_mnist(folder.path()); };
  CHECK(message_of(load) == folder.path() +
                                ": expected the MNIST files t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte "
                                "(plain or .gz) in this directory, got neither");
  CHECK(
      message_of([] { lamina::load_mnist("no/such/folder"); }).starts_with("no/such/folder: expected the MNIST files"));
  folder.write("t10k-images.idx3-ubyte", images);
  CHECK(message_of(load).find("expected t10k-labels-idx1-ubyte (plain or .gz)") != std::string::npos);
  gzip(folder / "t10k-labels-idx1-ubyte.gz", labels);
  auto pair = load();
  CHECK(pair.test.size() == 1);
  CHECK(pair.train.size() == 2);
  folder.write("train-labels-idx1-ubyte", idx_bytes({2}, {5, 6}));
  CHECK(message_of(load) == folder.path() + ": expected train-images-idx3-ubyte (plain or .gz) in this directory, got "
                                            "train-labels-idx1-ubyte without it");
  gzip(folder / "train-images.idx3-ubyte.gz", idx_bytes({2, 2, 2}, "abcdefgh"));
  const auto [train, test] = load();
  CHECK(train.size() == 2);
  CHECK(train.target(1) == lamina::label{6});
  CHECK(test.size() == 3);
  gzip(folder / "train-images.idx3-ubyte.gz", idx_bytes({2, 2, 1}, "abcd"));
  CHECK(message_of(load).find("expected images of 2 bytes") != std::string::npos);
}
