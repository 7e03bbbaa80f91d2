// Images from files as laws: every format gives the numbers that were put in; what is cut short or damaged is refused
// with its name; folders give classes in order.
#include <catch.hpp>
#include <filesystem>
#include <images/files.hpp>
#include <io/files.hpp>
#include <lamina/images.hpp>
#include <lamina/io/save_image.hpp>
#include <map>

namespace la = lamina;
using namespace image_files;

namespace {

/// Channel c of pixel i as the library orders them.
float planar(const la::loaded_image& image, std::size_t c, std::size_t i) {
  return image.pixels[c * image.shape[1] * image.shape[2] + i];
}

void check_image(const la::loaded_image& got, const pixels& expected, double by = 0) {
  REQUIRE(got.shape == la::dimensions{3, {expected.channels, expected.height, expected.width}});
  REQUIRE(got.pixels.size() == expected.numbers.size());
  double worst = 0;
  for (std::size_t i = 0; i < expected.height * expected.width; ++i)
    for (std::size_t c = 0; c < expected.channels; ++c) {
      const double off = planar(got, c, i) - static_cast<float>(expected.numbers[i * expected.channels + c]) / 255.0f;
      worst = std::max(worst, std::abs(off));
    }
  CHECK(worst <= by);
}

std::string refusal(const std::string& path, const la::image_options& options = {}) {
  const std::string text = message_of([&] { la::load_image(path, options); });
  return text.starts_with(path + ": ") ? text.substr(path.size() + 2) : "(no name) " + text;
}

/// Every format, in colour and grey, of an odd size.
std::map<std::string, std::string> one_of_each(std::size_t height, std::size_t width) {
  std::map<std::string, std::string> files;
  for (const std::size_t channels : {1u, 3u}) {
    const std::string kind = channels == 1 ? "grey " : "coloured ";
    const pixels noise{channels, height, width}, image = pixels{channels, height, width}.smooth();
    files[kind + "png"] = png(noise);
    files[kind + "jpeg"] = jpeg(image);
    files[kind + "progressive jpeg"] = jpeg(image, 90, TJFLAG_PROGRESSIVE);
    files[kind + "netpbm text"] = netpbm(noise, true);
    files[kind + "netpbm"] = netpbm(noise, false);
  }
  return files;
}

} // namespace

TEST_CASE("PNG, PGM and PPM give the bytes that were put in; JPEG gives them nearly") {
  const scratch_folder folder;
  for (const std::size_t channels : {1u, 3u})
    for (const auto& [height, width] :
         {std::pair<std::size_t, std::size_t>{1, 1}, {7, 5}, {32, 32}, {17, 64}, {1, 300}}) {
      INFO(channels << " x " << height << " x " << width);
      const pixels noise{channels, height, width}, even = pixels{channels, height, width}.smooth();
      check_image(la::load_image(folder.write("a", png(noise))), noise);
      check_image(la::load_image(folder.write("a", netpbm(noise, true))), noise);
      check_image(la::load_image(folder.write("a", netpbm(noise, false))), noise);
      check_image(la::load_image(folder.write("a", jpeg(even))), even, 3.01 / 255);
      check_image(la::load_image(folder.write("a", jpeg(even, 100, TJFLAG_PROGRESSIVE))), even, 3.01 / 255);
    }
}

TEST_CASE("PNG files of every kind and depth") {
  const scratch_folder folder;
  const auto load = [&](const std::string& bytes) { return la::load_image(folder.write("a.png", bytes)); };
  for (const int bits : {1, 2, 4, 8, 16}) { // grey: all shades of a row of 16
    const int most = (1 << (bits < 8 ? bits : 8)) - 1;
    std::string row;
    std::vector<int> shades;
    for (int i = 0, held = 0; i < 16; ++i) {
      const int shade = 5 * i & most;
      shades.push_back(shade);
      if (bits >= 8) {
        row +=
            std::string(static_cast<std::size_t>(bits / 8), static_cast<char>(shade)); // of 16 bits: 257 times as much
      } else {
        held = held << bits | shade;
        if ((i + 1) * bits % 8 == 0) row += static_cast<char>(held), held = 0;
      }
    }
    const la::loaded_image image = load(png(1, 16, 0, bits, {row}));
    REQUIRE(image.shape == la::shape<1, 1, 16>);
    for (std::size_t i = 0; i < 16; ++i)
      CHECK(image.pixels[i] == static_cast<float>(shades[i] * (255 / most)) / 255.0f);
  }
  const auto numbers = [&](const std::string& bytes) {
    std::vector<int> all;
    for (const float number : load(bytes).pixels) all.push_back(static_cast<int>(std::lround(number * 255)));
    return all;
  };
  CHECK(numbers(png(1, 1, 2, 16, {std::string("\x12\x12\x34\x34\x56\x56")})) == std::vector<int>{0x12, 0x34, 0x56});
  const std::string palette = chunk("PLTE", "\x01\x02\x03\x40\x50\x60");
  CHECK(numbers(png(1, 2, 3, 1, {"\x40"}, palette)) == std::vector<int>{1, 0x40, 2, 0x50, 3, 0x60});
  // Shades that are said to be light, not sRGB: half of it is 188, or 186 where libpng takes sRGB for a power of 2.2.
  const std::vector<int> light =
      numbers(png(1, 3, 0, 8, {std::string("\0\x80\xff", 3)}, chunk("gAMA", big_endian(100000))));
  CHECK((light.front() == 0 && light.back() == 255));
  CHECK(std::abs(light[1] - 187) <= 1);
  // What is transparent is black, what is opaque is itself.
  CHECK(numbers(png(1, 2, 4, 8, {std::string("\x70\0\x71\xff", 4)})) == std::vector<int>{0, 0x71});
  CHECK(numbers(png(1, 2, 6, 8, {std::string("\x11\x12\x13\0\x21\x22\x23\xff", 8)})) ==
        std::vector<int>{0, 0x21, 0, 0x22, 0, 0x23});
  CHECK(numbers(png(1, 2, 3, 1, {"\x40"}, palette + chunk("tRNS", std::string(1, '\0')))) ==
        std::vector<int>{0, 0x40, 0, 0x50, 0, 0x60});
}

TEST_CASE("PGM and PPM: comments, blanks, any largest number") {
  const scratch_folder folder;
  const auto numbers = [&](const std::string& text) { return la::load_image(folder.write("a.pgm", text)).pixels; };
  using floats = std::vector<float>;
  CHECK(numbers("P2 2 1 10 0 10") == floats{0, 1});
  CHECK(numbers("P2#c\n2 # two\r1\t\v\f10\n0#\n#\n5 # the end") == floats{0, 0.5f});
  CHECK(numbers("P2 1 2 1 0001 0\n\n") == floats{1, 0});
  CHECK(numbers("P3 1 1 4 1 2 3\n") == floats{0.25f, 0.5f, 0.75f});
  CHECK(numbers(std::string("P5 2 1 65535\n\xff\xff\0\x01", 17)) == floats{1, 1 / 65535.0f});
  CHECK(numbers(std::string("P5 2 1 256 \x01\0\0\x80", 15)) == floats{1, 0.5f});
  CHECK(numbers("P5 1 1 32  ") == floats{1}); // the pixel is a blank
  CHECK(numbers("P6 1 1 200\nd\x32\xc8") == floats{0.5f, 0.25f, 1});
}

TEST_CASE("channels: grey is luma, colours of grey are three times the same") {
  const scratch_folder folder;
  for (const auto& [name, bytes] : one_of_each(6, 9)) {
    INFO(name);
    const std::string path = folder.write("a", bytes);
    const la::loaded_image as_is = la::load_image(path), grey = la::load_image(path, {.channels = 1}),
                           coloured = la::load_image(path, {.channels = 3});
    CHECK(grey.shape == la::shape<1, 6, 9>);
    CHECK(coloured.shape == la::shape<3, 6, 9>);
    CHECK((as_is.shape == grey.shape ? grey : coloured).pixels == as_is.pixels);
    for (std::size_t i = 0; i < 54; ++i) {
      const float luma =
          0.299f * planar(coloured, 0, i) + 0.587f * planar(coloured, 1, i) + 0.114f * planar(coloured, 2, i);
      CHECK(grey.pixels[i] == Approx(luma).margin(1e-6));
    }
    if (as_is.shape[0] == 1) CHECK(planar(coloured, 2, 5) == as_is.pixels[5]);
  }
  for (const float shade : {0.f, 0.2f, 1.f}) { // grey colours are that grey, to the bit
    const auto byte = static_cast<unsigned char>(shade * 255);
    const std::string bytes{'P',
                            '6',
                            ' ',
                            '1',
                            ' ',
                            '1',
                            ' ',
                            '2',
                            '5',
                            '5',
                            ' ',
                            static_cast<char>(byte),
                            static_cast<char>(byte),
                            static_cast<char>(byte)};
    CHECK(la::load_image(folder.write("a", bytes), {.channels = 1}).pixels[0] == static_cast<float>(byte) / 255.0f);
  }
  CHECK(message_of<la::argument_error>([] { (void)la::image_options{.channels = 2}; }) ==
        "image_options: channels: expected 0 (as the files have them), 1 (grey) or 3 (red, green, blue), got 2.000000");
}

TEST_CASE("a file that is cut anywhere, or has more behind it, is refused with its name") {
  const scratch_folder folder;
  for (const auto& [name, bytes] : one_of_each(9, 11)) {
    INFO(name);
    const std::string path = folder.write("a", bytes);
    CHECK(refusal(path) == "(no name) nothing was thrown");
    const bool digits_may_be_cut = name.ends_with("text"); // of the last number
    std::size_t loaded = 0;
    for (std::size_t length = 0; length + (digits_may_be_cut ? 4 : 0) < bytes.size(); ++length) {
      folder.write("a", bytes.substr(0, length));
      const std::string text = refusal(path);
      loaded += text.find("expected") == std::string::npos || text.starts_with("(no name)");
    }
    CHECK(loaded == 0);
    if (!name.ends_with("jpeg"))
      CHECK(refusal(folder.write("a", bytes + "x")).find("expected the end of the file, got more") !=
            std::string::npos);
  }
}

TEST_CASE("a PNG file in which a bit is wrong is refused; other files are refused or are images") {
  const scratch_folder folder;
  for (const auto& [name, bytes] : one_of_each(5, 6)) {
    INFO(name);
    std::size_t loaded = 0;
    for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += name.ends_with("png") ? 1 : 3) {
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      const std::string text = refusal(folder.write("a", damaged));
      if (text == "(no name) nothing was thrown")
        ++loaded;
      else
        CHECK(!text.starts_with("(no name)"));
    }
    if (name.ends_with("png")) CHECK(loaded == 0);
  }
}

TEST_CASE("sizes that cannot be are refused before there is memory for them") {
  const scratch_folder folder;
  const auto loading = [&](const std::string& bytes) { return refusal(folder.write("a", bytes)); };
  const std::string large = "expected an image of 1 to 16777216 pixels, got ";
  CHECK(loading(png(100000, 100000, 2, 8, {"x"})) == large + "100000 x 100000");
  CHECK(loading(png(0x7fffffff, 0x7fffffff, 0, 1, {"x"})).starts_with("expected a PNG image, got "));
  CHECK(loading(png(0, 5, 0, 8, {"x"})).starts_with("expected a PNG image, got "));
  CHECK(loading(png(4096, 4096, 0, 8, {"x"})).starts_with("expected a PNG image, got "));
  std::string photograph = jpeg(pixels{3, 16, 16}.smooth());
  const std::size_t frame = photograph.find("\xff\xc0");
  photograph.replace(frame + 5, 4, "\xff\xdc\xff\xdc"); // 65500 x 65500
  CHECK(loading(photograph) == large + "65500 x 65500");
  CHECK(loading("P5 99999999999999999999 1 255\n") == "byte 3: expected a width from 1 to 16777216, got more");
  CHECK(loading("P5 16777216 2 255\n") == large + "16777216 x 2");
  CHECK(loading("P5 0 2 255\n") == "byte 3: expected a width from 1 to 16777216, got 0");
  CHECK(loading("P6 4096 4096 255\nabc") == "byte 17: expected 50331648 numbers, got only 3 bytes");
  CHECK(loading("P2 4096 4096 255\n1 2") == "byte 16: expected 16777216 numbers, got only 4 bytes");
}

TEST_CASE("what is no image is refused with what is wrong") {
  const scratch_folder folder;
  const auto loading = [&](const std::string& bytes) { return refusal(folder.write("a", bytes)); };
  CHECK(loading("") == "expected a PNG, JPEG, PGM or PPM image, got an empty file");
  CHECK(loading("GIF89a") == "expected a PNG, JPEG, PGM or PPM image, got another one");
  CHECK(loading("P4 8 1 x") == "expected a PNG, JPEG, PGM or PPM image, got another one");
  CHECK(loading("P2 2 x") == "byte 5: expected a height from 1 to 16777216, got none");
  CHECK(loading("P22 1 1 1") == "byte 2: expected a width from 1 to 16777216, got none");
  CHECK(loading("P2 1 1 0 0") == "byte 7: expected a largest number from 1 to 65535, got 0");
  CHECK(loading("P2 1 1 65536 0") == "byte 7: expected a largest number from 1 to 65535, got more");
  CHECK(loading("P2 1 1 7 8") == "byte 9: expected a number from 0 to 7, got more");
  CHECK(loading("P2 1 1 7 -1") == "byte 9: expected a number from 0 to 7, got none");
  CHECK(loading("P5 1 1 7") == "byte 8: expected a blank before the pixels, got none");
  CHECK(loading("P5 1 1 7\n\x08") == "byte 9: expected a number from 0 to 7, got 8");
  CHECK(loading(png(1, 1, 5, 8, {"xx"})).starts_with("expected a PNG image, got "));
  CHECK(loading(png(2, 2, 0, 8, {"xx"})).starts_with("expected a PNG image, got ")); // a row is missing
  CHECK(loading("\x89PNG\r\n\x1a\n" + chunk("IEND", "")).starts_with("expected a PNG image, got "));
  CHECK(refusal(folder / "none") == "expected a readable file, got No such file or directory");
  CHECK(refusal(folder.path()) == "byte 0: expected readable data, got Is a directory");
}

TEST_CASE("class folders give samples, their shape and the classes' names, in the order of names") {
  const scratch_folder folder;
  const auto put = [&](const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(std::filesystem::path(folder / name).parent_path());
    return folder.write(name, bytes);
  };
  put("rose/2.png", png({3, 4, 6, 2}));
  put("rose/10.ppm", netpbm({3, 4, 6, 1}, false));
  put("Tulip/a", png({3, 4, 6, 3}));
  put("daisy/only.jpg", jpeg(pixels{3, 4, 6}.smooth()));
  put("rose/.hidden", "no image");
  put(".thumbnails/x.png", "no image");
  put("README.md", "no image");
  const auto [samples, shape, classes] = la::load_images(folder.path());
  CHECK(classes == std::vector<std::string>{"Tulip", "daisy", "rose"});
  CHECK(shape == la::shape<3, 4, 6>);
  REQUIRE(samples.size() == 4);
  CHECK(samples.input_size() == 72);
  const std::string order[] = {"Tulip/a", "daisy/only.jpg", "rose/10.ppm", "rose/2.png"};
  const std::size_t labels[] = {0, 1, 2, 2};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(samples.target(i) == la::label{labels[i]});
    CHECK(std::vector<float>(samples.input(i).begin(), samples.input(i).end()) ==
          la::load_image(folder / order[i]).pixels);
  }
  const auto grey = la::load_images(folder.path(), {.channels = 1});
  CHECK(grey.shape == la::shape<1, 4, 6>);
  const auto one = grey.samples.input(2);
  CHECK(std::vector<float>(one.begin(), one.end()) == la::load_image(folder / "rose/10.ppm", {.channels = 1}).pixels);

  // Enough of them that memory grows more than once, and it ends as one block.
  const scratch_folder many;
  std::filesystem::create_directories(many / "a");
  for (unsigned i = 0; i < 150; ++i) many.write("a/" + std::to_string(1000 + i), png({1, 5, 7, i}));
  const auto all = la::load_images(many.path());
  REQUIRE(all.samples.size() == 150);
  for (unsigned i = 0; i < 150; ++i)
    check_image({la::shape<1, 5, 7>, {all.samples.row(i), all.samples.row(i) + 35}}, {1, 5, 7, i});
}

TEST_CASE("folders that are no class folders are refused with the file that is wrong") {
  const scratch_folder folder;
  const auto loading = [&](const la::image_options& options = {}) {
    return message_of([&] { la::load_images(folder.path(), options); });
  };
  CHECK(loading() == folder.path() + ": expected a folder for each class, got none");
  CHECK(message_of([&] { la::load_images(folder / "none"); }) ==
        folder / "none" + ": expected a readable folder, got No such file or directory");
  folder.write("a.png", png({1, 4, 4}));
  CHECK(loading() == folder.path() + ": expected a folder for each class, got none");
  CHECK(message_of([&] { la::load_images(folder / "a.png"); }) ==
        folder / "a.png" + ": expected a readable folder, got Not a directory");
  std::filesystem::create_directories(folder / "b/inside");
  CHECK(loading() == folder / "b/inside" + ": byte 0: expected readable data, got Is a directory");
  std::filesystem::remove(folder / "b/inside");
  folder.write("b/.hidden", "");
  CHECK(loading() == folder / "b" + ": expected at least one image, got an empty folder");
  folder.write("b/1.png", png({3, 4, 4}));
  CHECK(loading() == "nothing was thrown");
  folder.write("b/2.png", png({1, 4, 4}));
  CHECK(loading() == folder / "b/2.png" + ": expected an image of shape (3, 4, 4), as " + folder / "b/1.png" +
                         " has, got (1, 4, 4); {.channels = 1} or 3 makes them equal");
  CHECK(loading({.channels = 3}) == "nothing was thrown");
  folder.write("b/2.png", png({3, 4, 5}));
  CHECK(loading({.channels = 1}) == folder / "b/2.png" + ": expected an image of shape (1, 4, 4), as " +
                                        folder / "b/1.png" + " has, got (1, 4, 5)");
  folder.write("b/2.png", png({3, 4, 4}).substr(0, 60));
  CHECK(loading().starts_with(folder / "b/2.png" + ": byte "));
  folder.write("b/2.png", "notes");
  CHECK(loading() == folder / "b/2.png" + ": expected a PNG, JPEG, PGM or PPM image, got another one");
  std::filesystem::remove(folder / "b/2.png");
  std::filesystem::create_directories(folder / "c");
  CHECK(loading() == folder / "c" + ": expected at least one image, got an empty folder");
  std::filesystem::remove(folder / "c");
  std::filesystem::create_symlink("nowhere", folder / "c");
  CHECK(loading() == folder / "c" + ": expected a readable file, got No such file or directory");
}

TEST_CASE("what save_image writes, libpng reads") {
  const scratch_folder folder;
  std::vector<float> numbers;
  for (int i = 0; i < 3 * 40 * 50; ++i) numbers.push_back(static_cast<float>(i * 37 % 256) / 255.0f);
  la::save_image(numbers, la::shape<1, 3, 40, 50>, folder / "a.png");
  CHECK(la::load_image(folder / "a.png").pixels == numbers);
  la::save_image(numbers, la::shape<120, 50>, folder / "a.png");
  const auto grey = la::load_image(folder / "a.png");
  CHECK(grey.shape == la::shape<1, 120, 50>);
  CHECK(grey.pixels == numbers);
}
