// Arrays that NumPy wrote come back number by number; damaged ones are refused, and never read beyond their end.
#include <catch.hpp>
#include <io/files.hpp>
#include <lamina/data/npz.hpp>

namespace la = lamina;

namespace {

const std::string golden = LAMINA_TESTS_DIRECTORY "/golden/";

template <class T> std::vector<T> numbered(std::size_t count, auto f) {
  std::vector<T> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<T>(f(static_cast<double>(i)));
  return all;
}
using shape = std::vector<std::size_t>;

/// A .npy file of this header, padded as NumPy does, and content.
std::string npy(std::string header, const std::string& content, int version = 1) {
  const std::size_t before = version == 1 ? 10 : 12;
  while ((before + header.size() + 1) % 64) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (std::size_t i = 0; i < before - 8; ++i) bytes += static_cast<char>(header.size() >> 8 * i & 255);
  return bytes + header + content;
}
const std::string six_floats =
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", std::string(24, '\0'));

} // namespace

TEST_CASE("arrays of a .npz file are what NumPy saved, stored and compressed, in every type") {
  for (const char* name : {"arrays.npz", "compressed.npz"}) {
    INFO(name);
    const la::npz_file file{golden + name};
    CHECK(file.names() == std::vector<std::string>{"x", "wide", "y", "bytes", "small", "one", "none", "zeros",
                                                   "fortran", "big", "text"});
    const auto quarter = [](double i) { return i / 4 - 3; };
    CHECK(file.array("x") == la::numpy_array<float>{{5, 4, 3}, numbered<float>(60, quarter)});
    CHECK(file.array<double>("x") == la::numpy_array<double>{{5, 4, 3}, numbered<double>(60, quarter)});
    const auto wide = [](double i) { return 1 / (i + 3); };
    CHECK(file.array<double>("wide") == la::numpy_array<double>{{6}, numbered<double>(6, wide)});
    CHECK(file.array<float>("wide") == la::numpy_array<float>{{6}, numbered<float>(6, wide)});
    CHECK(file.array<std::int64_t>("y") == la::numpy_array<std::int64_t>{{5}, {0, 1, 2, 0, 1}});
    CHECK(file.array("y") == la::numpy_array<float>{{5}, {0, 1, 2, 0, 1}});
    const auto bytes = [](double i) { return 25 * i; };
    CHECK(file.array<std::uint8_t>("bytes") ==
          la::numpy_array<std::uint8_t>{{5, 2}, numbered<std::uint8_t>(10, bytes)});
    CHECK(file.array<std::int32_t>("bytes") ==
          la::numpy_array<std::int32_t>{{5, 2}, numbered<std::int32_t>(10, bytes)});
    CHECK(file.array("bytes") == la::numpy_array<float>{{5, 2}, numbered<float>(10, bytes)});
    CHECK(file.array<std::int32_t>("small") == la::numpy_array<std::int32_t>{{4}, {0, -1, -2, -3}});
    CHECK(file.array<std::int64_t>("small").numbers.back() == -3);
    CHECK(file.array("one") == la::numpy_array<float>{{}, {2.5f}});
    CHECK(file.array("none") == la::numpy_array<float>{{0, 3}, {}});
    CHECK(file.array("zeros") == la::numpy_array<float>{{40, 50}, std::vector<float>(2000)});
  }
  CHECK(la::load_npy<std::int64_t>(golden + "integers.npy").numbers ==
        numbered<std::int64_t>(6, [](double i) { return (i - 2) * 1099511627776.0; }));
}

TEST_CASE("arrays that cannot be had are refused by name and byte") {
  const la::npz_file file{golden + "compressed.npz"};
  const auto refusal = [&]<class T>(std::type_identity<T>, const char* name) {
    const std::string message = message_of([&] { (void)file.array<T>(name); });
    const std::string begin = golden + "compressed.npz: ";
    CHECK(message.starts_with(begin));
    return message.substr(begin.size());
  };
  const std::type_identity<float> numbers;
  CHECK(refusal(numbers, "fortran").starts_with("fortran.npy: byte 44: expected C order: 'fortran_order': False"));
  CHECK(refusal(numbers, "big") == "big.npy: byte 20: expected type '<f4', '<f8', '|u1', '<i4' or '<i8', got '>f4'");
  CHECK(refusal(numbers, "text").starts_with("text.npy: byte 20: expected type"));
  CHECK(message_of([&] { (void)file.array("z"); }) ==
        golden + "compressed.npz: expected an array of its own: x, wide, y, bytes, small, one, none, zeros, fortran, "
                 "big, text, got z");
  const std::string inexact = "byte 20: expected a type whose numbers are kept as they are, got ";
  CHECK(refusal(std::type_identity<std::int64_t>{}, "x") == "x.npy: " + inexact + "'<f4'");
  CHECK(refusal(std::type_identity<std::int32_t>{}, "y") == "y.npy: " + inexact + "'<i8'");
  CHECK(refusal(std::type_identity<std::uint8_t>{}, "small") == "small.npy: " + inexact + "'<i4'");
}

TEST_CASE("a header in any spelling of the format is read, and no other") {
  const scratch_folder folder;
  const auto shape_of = [&](const std::string& header, int version = 1) {
    return la::load_npy(folder.write("a.npy", npy(header, std::string(24, '\0'), version))).shape;
  };
  const auto refusal = [&](const std::string& bytes) {
    const std::string path = folder.write("a.npy", bytes), message = message_of([&] { la::load_npy(path); });
    return message.starts_with(path + ": ") ? message.substr(path.size() + 2) : message;
  };
  CHECK(shape_of("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }") == shape{2, 3});
  CHECK(shape_of("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 2) == shape{2, 3});
  CHECK(shape_of("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 3) == shape{2, 3});
  CHECK(shape_of("{\"shape\":(6,),\"fortran_order\":False,\"descr\":\"<f4\"}") == shape{6});
  CHECK(shape_of("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3, 1)}") == shape{1, 3, 1});
  const std::string type = "{'descr': '<f4', ", rest = "'fortran_order': False, 'shape': (2, 3), }";
  const auto header = [&](const std::string& text) { return refusal(npy(text, std::string(24, '\0'))); };
  CHECK(header(type + rest) == "nothing was thrown");
  CHECK(header(type + type.substr(1) + rest).starts_with("byte 27: expected one of 'descr'"));
  CHECK(header("{" + rest) == "byte 10: expected 'descr', 'fortran_order' and 'shape', got '{'fortran_order': Fa'");
  CHECK(header(type + "'x': 1, " + rest).starts_with("byte 27: expected one of 'descr'"));
  CHECK(header("descr").starts_with("byte 10: expected '{', got 'descr"));
  CHECK(header("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}").starts_with("byte 44: expected C order"));
  CHECK(header(type + "'fortran_order': False, 'shape': (-2, 3)}").starts_with("byte 61: expected an extent"));
  CHECK(header(type + "'fortran_order': False, 'shape': 6}").starts_with("byte 60: expected '('"));
  CHECK(header(type + rest + " x").starts_with("byte 70: expected blanks up to the numbers"));
  CHECK(header(type + "'fortran_order': False, 'shape': (4294967296, 4294967296)}") ==
        "byte 60: expected extents whose product is a size, got a product beyond it");
  CHECK(header(type + "'fortran_order': False, 'shape': (4294967296, 4)}").find("bytes of numbers") !=
        std::string::npos);
  CHECK(refusal("") == "byte 0: expected a NumPy array, \\x93NUMPY and a version, got something else");
  CHECK(refusal("\x93NUMPZ\1\0") == "byte 0: expected a NumPy array, \\x93NUMPY and a version, got something else");
  CHECK(refusal(std::string("\x93NUMPY\7\0\0\0", 10)) == "byte 6: expected version 1, 2 or 3, got 7");
  CHECK(refusal(std::string("\x93NUMPY\2\0\xFF\xFF\xFF\xFF", 12)) ==
        "byte 8: expected a header of at most 65536 bytes, got 4294967295");
  CHECK(refusal(six_floats + "x") == "byte 152: expected the end after 6 numbers, got more");
  CHECK(refusal(six_floats.substr(0, 151)) == "byte 151: expected 24 bytes of numbers, got 23");
  for (std::size_t size = 0; size < six_floats.size(); ++size)
    CHECK(refusal(six_floats.substr(0, size)) != "nothing was thrown");
}

TEST_CASE("a zip archive that is damaged or cut short is refused, whatever its bytes") {
  const scratch_folder folder;
  for (const char* name : {"arrays.npz", "compressed.npz"}) {
    const std::string good = content_of(golden + name);
    const auto read_all = [&](const std::string& bytes) {
      const std::string path = folder.write("a.npz", bytes);
      std::size_t wrong = 0;
      try {
        const la::npz_file file{path};
        for (const char* array : {"x", "wide", "bytes", "zeros"}) {
          try {
            (void)file.array(array);
          } catch (const la::file_error&) {
            ++wrong;
          }
        }
      } catch (const la::file_error& error) {
        CHECK(std::string(error.what()).starts_with(path + ": "));
        return std::size_t{4};
      }
      return wrong;
    };
    CHECK(read_all(good) == 0);
    for (std::size_t size = 0; size < good.size(); size += 97) CHECK(read_all(good.substr(0, size)) == 4);
    // Every byte of the first member's content is under its checksum.
    for (std::size_t at = 60; at < 250; ++at) {
      std::string flipped = good;
      flipped[at] = static_cast<char>(flipped[at] ^ 4);
      INFO(at);
      CHECK(read_all(flipped) >= 1);
    }
    for (std::size_t at = good.size() - 700; at < good.size(); ++at) { // the directory: refused, or the same
      std::string flipped = good;
      flipped[at] = static_cast<char>(flipped[at] ^ 0x41);
      (void)read_all(flipped);
    }
    CHECK(read_all(good + std::string("more")) == 4);
  }
  CHECK(message_of([&] { la::npz_file{folder.write("a.npz", "PK")}; }) ==
        (folder / "a.npz") + ": byte 0: expected a zip archive, with a directory at its end, got none");
  CHECK(message_of([&] { la::npz_file{folder / "none"}; }) ==
        (folder / "none") + ": expected a readable file, got No such file or directory");
}

TEST_CASE("two arrays are a data set, with every kind of target") {
  const std::string path = golden + "arrays.npz";
  const auto labelled = la::load_npz<la::label>(path);
  REQUIRE(labelled.size() == 5);
  CHECK(labelled.input_size() == 12);
  CHECK(labelled.input(2)[3] == 27.f / 4 - 3);
  CHECK((labelled.target(2) == la::label{2} && labelled.class_count() == 3));
  const auto rows = la::load_npz<la::labels>(path, {.targets = "bytes"});
  CHECK((rows.target_size() == 2 && rows.target(4)[1] == la::label{225}));
  const auto numbers = la::load_npz(path, {.inputs = "bytes", .targets = "x"});
  CHECK((numbers.input_size() == 2 && numbers.target_size() == 12 && numbers.target(1)[0] == 0));
  const auto refusal = [&]<class Target>(std::type_identity<Target>, const la::npz_options& which) {
    return message_of([&] { (void)la::load_npz<Target>(path, which); }).substr(path.size() + 2);
  };
  const std::type_identity<la::values> values;
  const std::type_identity<la::label> label;
  CHECK(refusal(values, {.targets = "wide"}) == "wide: expected a target for each of 5 samples, got 6");
  CHECK(refusal(values, {.targets = "one"}) == "one: expected a target for each of 5 samples, got one number");
  CHECK(refusal(values, {.inputs = "one"}) == "one: expected an axis of samples and numbers in each, got none");
  CHECK(refusal(values, {.inputs = "none"}) == "none: expected an axis of samples and numbers in each, got none");
  CHECK(refusal(label, {.targets = "bytes"}) == "bytes: expected one label a sample, got 2");
  CHECK(refusal(label, {.inputs = "small", .targets = "small"}) ==
        "small: expected labels from 0 to 4294967295, got -1 at 1");
}
