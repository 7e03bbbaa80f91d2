// Pictures of numbers: read back by a plain reader of what PNG needs for them, and checked against the rules of tiles.
#include <io/files.hpp>
#include <laws/support.hpp>
#include <zlib.h>

using namespace laws;

namespace {

using bytes = std::vector<unsigned char>;

std::size_t big_endian(const std::string& text, std::size_t at) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(text[at + i]);
  return number;
}

/// A PNG file, chunk by chunk: one header, one block of data, the end, each with its checksum.
struct picture {
  std::size_t width = 0, height = 0, channels = 0;
  bytes pixels{};

  explicit picture(const std::string& path) {
    const std::string text = content_of(path);
    REQUIRE(text.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    std::string kinds, data;
    for (std::size_t at = 8; at < text.size();) {
      const std::size_t length = big_endian(text, at);
      REQUIRE(at + 12 + length <= text.size());
      const std::string kind = text.substr(at + 4, 4), content = text.substr(at + 8, length), both = kind + content;
      CHECK(big_endian(text, at + 8 + length) ==
            crc32(0, reinterpret_cast<const Bytef*>(both.data()), static_cast<uInt>(both.size())));
      kinds += kind;
      if (kind == "IHDR") {
        REQUIRE(length == 13);
        width = big_endian(content, 0), height = big_endian(content, 4);
        REQUIRE((content[9] == 0 || content[9] == 2));
        channels = content[9] == 2 ? 3 : 1;
        CHECK(content.substr(8, 1) + content.substr(10) == std::string{8, 0, 0, 0});
      }
      if (kind == "IDAT") data = content;
      at += 12 + length;
    }
    CHECK(kinds == "IHDRIDATIEND");
    const std::size_t of_row = width * channels;
    bytes rows(height * (of_row + 1) + 1);
    uLong size = static_cast<uLong>(rows.size());
    REQUIRE(uncompress(rows.data(), &size, reinterpret_cast<const Bytef*>(data.data()),
                       static_cast<uLong>(data.size())) == Z_OK);
    REQUIRE(size == height * (of_row + 1));
    for (std::size_t y = 0; y < height; ++y) {
      CHECK(rows[y * (of_row + 1)] == 0);
      for (std::size_t i = 0; i < of_row; ++i) pixels.push_back(rows[y * (of_row + 1) + 1 + i]);
    }
  }
  int operator()(std::size_t x, std::size_t y, std::size_t c = 0) const {
    return pixels.at((y * width + x) * channels + c);
  }
};

/// What a tile shows of numbers that stand `step` apart, enlarged, with this least and largest.
int shade(double number, double least, double largest) {
  return static_cast<int>(std::lround((number - least) / (largest - least) * 255));
}

struct conv : la::network<la::input<4>, la::dense<6>> {};

} // namespace

TEST_CASE("every tile shows its numbers from black to white, a black pixel apart") {
  const scratch_folder folder;
  const std::string path = folder / "a.png";
  struct geometry {
    la::dimensions shape;
    std::size_t tiles, columns, channels, enlarged;
  };
  const geometry all[] = {
      {la::shape<5, 7>, 1, 1, 1, 4},        {la::shape<40, 33>, 1, 1, 1, 1},
      {la::shape<1, 1>, 1, 1, 1, 32},       {la::shape<6, 12, 12>, 6, 3, 1, 2},
      {la::shape<1, 28, 28>, 1, 1, 1, 1},   {la::shape<3, 8, 8>, 3, 2, 1, 4},
      {la::shape<8, 1, 5, 5>, 8, 3, 1, 6},  {la::shape<10, 3, 4, 3>, 10, 4, 3, 8},
      {la::shape<1, 3, 9, 20>, 1, 1, 3, 1}, {la::shape<4, 2, 3, 3>, 8, 2, 1, 10},
      {la::shape<5, 8, 3, 5>, 40, 8, 1, 6}, {la::shape<300, 200, 1, 1>, 60000, 200, 1, 12},
      {la::shape<2, 1, 1, 70>, 2, 2, 1, 1},
  };
  for (const geometry& g : all) {
    const std::size_t rank = g.shape.rank, height = g.shape[rank - 2], width = g.shape[rank - 1],
                      plane = height * width;
    INFO("rank " << rank << ", " << g.tiles << " tiles of " << height << " x " << width);
    const std::vector<float> numbers = drawn<float>(g.shape.size(), rank + height);
    la::save_image(numbers, g.shape, path);
    const picture seen{path};
    const std::size_t rows = (g.tiles + g.columns - 1) / g.columns;
    REQUIRE(seen.channels == g.channels);
    REQUIRE(seen.width == g.columns * (width * g.enlarged + 1) - 1);
    REQUIRE(seen.height == rows * (height * g.enlarged + 1) - 1);
    std::size_t wrong = 0;
    for (std::size_t y = 0; y < seen.height; ++y)
      for (std::size_t x = 0; x < seen.width; ++x) {
        const std::size_t down = height * g.enlarged + 1, right = width * g.enlarged + 1;
        const std::size_t tile = y / down * g.columns + x / right, v = y % down / g.enlarged,
                          u = x % right / g.enlarged;
        const bool inside = y % down + 1 < down && x % right + 1 < right && tile < g.tiles;
        const float* const first = numbers.data() + (inside ? tile : 0) * g.channels * plane;
        const auto [least, largest] = std::minmax_element(first, first + g.channels * plane);
        for (std::size_t c = 0; c < g.channels; ++c) {
          const int one =
              *least == *largest ? 128 : shade(first[inside ? c * plane + v * width + u : 0], *least, *largest);
          wrong += std::abs(seen(x, y, c) - (inside ? one : 0)) > 0;
        }
      }
    CHECK(wrong == 0);
  }
}

TEST_CASE("a parameter, a span, a tensor and doubles give the same picture as their numbers") {
  const scratch_folder folder;
  la::model<conv> model{la::seed{3}};
  la::model<conv, double> precise{la::seed{3}};
  const auto view = model.parameter("0.weight");
  const auto content = [&](const auto&... arguments) {
    la::save_image(arguments..., folder / "a.png");
    return content_of(folder / "a.png");
  };
  std::vector<float> numbers;
  for (std::size_t i = 0; i < view.size(); ++i) numbers.push_back(view[i]);
  for (std::size_t i = 0; i < view.size(); ++i) precise.parameter("0.weight")[i] = static_cast<double>(view[i]);
  const std::string expected = content(numbers, la::shape<6, 4>);
  CHECK(content(view) == expected);
  CHECK(content(std::as_const(model).parameter("0.weight")) == expected);
  CHECK(content(precise.parameter("0.weight")) == expected);
  CHECK(content(std::span<const float>{numbers}, la::shape<6, 4>) == expected);
  la::tensor<float, la::shape<6, 4>> tensor{};
  std::copy(numbers.begin(), numbers.end(), tensor.begin());
  CHECK(content(tensor) == expected);
  // A dense layer's weights as the images it looks for.
  CHECK(content(view, la::shape<6, 1, 2, 2>) == content(numbers, la::shape<6, 1, 2, 2>));
  CHECK(content(view, la::shape<6, 1, 2, 2>) != expected);
}

TEST_CASE("numbers that are not finite are black, infinity is white; equal ones are grey") {
  const scratch_folder folder;
  const float infinity = std::numeric_limits<float>::infinity(), nan = std::nanf("");
  const auto shades = [&](std::vector<float> numbers) {
    la::save_image(numbers, la::dimensions{2, {1, numbers.size()}}, folder / "a.png");
    const picture seen{folder / "a.png"};
    std::vector<int> all;
    for (std::size_t i = 0; i < numbers.size(); ++i) all.push_back(seen(i * (seen.width + 1) / numbers.size(), 0));
    return all;
  };
  CHECK(shades({-1, nan, 1, 0, infinity, -infinity}) == std::vector<int>{0, 0, 255, 128, 255, 0});
  CHECK(shades({nan, infinity, -infinity, nan}) == std::vector<int>{0, 255, 0, 0});
  CHECK(shades({5, 5, nan, infinity}) == std::vector<int>{128, 128, 0, 255});
  CHECK(shades({-3e38f, 3e38f, 0}) == std::vector<int>{0, 255, 128});
}

TEST_CASE("what is no picture is refused, and no file is touched") {
  const scratch_folder folder;
  const std::string path = folder.write("a.png", "old");
  const std::vector<float> numbers(24);
  const auto refused = [&](const la::dimensions& shape) {
    const std::string text = message_of<la::argument_error>([&] { la::save_image(numbers, shape, path); });
    CHECK(content_of(path) == "old");
    CHECK(folder.files() == 1);
    return text;
  };
  CHECK(refused(la::shape<24>) == "save_image: shape: expected (height, width), (channels, height, width) or (filters, "
                                  "channels, height, width), none of them 0, got (24)");
  CHECK(refused(la::shape<2, 0, 4>).ends_with("got (2, 0, 4)"));
  CHECK(refused(la::shape<>).ends_with("got ()"));
  CHECK(refused(la::shape<5, 5>) == "save_image: " + path + ": expected 25 numbers, as the shape (5, 5) has, got 24");
  CHECK(message_of<la::argument_error>([&] {
          la::save_image(la::model<conv>{la::seed{1}}.parameter("0.bias"), path);
        }).ends_with("got (6)"));
  const std::string missing = folder / "none/a.png";
  CHECK(message_of([&] {
          la::save_image(numbers, la::shape<4, 6>, missing);
        }).starts_with(missing + ": expected a folder"));
}
