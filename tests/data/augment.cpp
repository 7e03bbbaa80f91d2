// Augmentation as laws: what nothing is asked of stays; what is drawn is a function of the stream; moves agree with
// plain references; training is resumed without a state.
#include <io/files.hpp>
#include <laws/support.hpp>
#include <map>
#include <set>
#include <tuple>

using namespace laws;
namespace augment = la::augment;
using la::simd::random_stream;

namespace {

constexpr std::size_t side = 12;

/// Images in 0 … 1 with nothing near the border.
la::dataset<la::label> images(std::size_t count, std::size_t height = side, std::size_t width = side,
                              std::size_t channels = 1) {
  la::dataset<la::label> data{height * width * channels};
  for (std::size_t m = 0; m < count; ++m) {
    std::vector<float> picture = drawn<float>(data.input_size(), m);
    for (std::size_t i = 0; i < picture.size(); ++i) {
      const std::size_t x = i % width, y = i / width % height;
      const bool inside = x >= 3 && x + 3 < width && y >= 3 && y + 3 < height;
      picture[i] = inside ? 0.5f + 0.5f * picture[i] : 0;
    }
    data.push_back(picture, la::label{m % 3});
  }
  return data;
}

using floats = std::vector<float>;
floats sample(const la::dataset<la::label>& data, std::size_t i) {
  return {data.input(i).begin(), data.input(i).end()};
}

/// A step that is not drawn: always this move.
struct always {
  augment::affine by;
  augment::affine move(const augment::image&, const random_stream&) const { return by; }
};
floats moved(const la::dataset<la::label>& data, augment::affine by) { return (data | always{by}).draw(0, {1, 1}); }

/// Pixel (x, y) of each channel is what `from(x, y)` says, in pixels of the first channel.
template <class From> floats reference(const floats& picture, std::size_t height, std::size_t width, const From& from) {
  floats out(picture.size());
  const auto at = [&](std::size_t first, double x, double y) -> double {
    const bool inside = x >= 0 && y >= 0 && x < static_cast<double>(width) && y < static_cast<double>(height);
    return inside ? picture[first + static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)] : 0;
  };
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const std::size_t x = i % width, y = i / width % height, first = i / (width * height) * (width * height);
    const auto [u, v] = from(static_cast<double>(x), static_cast<double>(y));
    const double left = std::floor(u), top = std::floor(v), right = u - left, down = v - top;
    out[i] = static_cast<float>((1 - down) * ((1 - right) * at(first, left, top) + right * at(first, left + 1, top)) +
                                down * ((1 - right) * at(first, left, top + 1) + right * at(first, left + 1, top + 1)));
  }
  return out;
}
void near(const std::string& what, const floats& got, const floats& expected, double by = 1e-5) {
  check_near(what, as_numbers(got), as_numbers(expected), {0, by});
}

struct net : la::network<la::input<side * side>, la::dense<8>, la::relu, la::dense<3>> {};

template <class Message = la::argument_error> std::string message(auto action) { return message_of<Message>(action); }

} // namespace

TEST_CASE("steps of nothing leave samples as they are, bit for bit") {
  const auto data = images(5);
  const auto same = [&](const auto& augmented) {
    for (std::size_t i = 0; i < data.size(); ++i) CHECK(augmented.draw(i, {3, i}) == sample(data, i));
  };
  same(data | augment::shift{0});
  same(data | augment::rotate{0});
  same(data | augment::scale{0});
  same(data | augment::elastic{.strength = 0});
  same(data | augment::crop{0});
  same(data | augment::flip{0});
  same(data | augment::noise{.deviation = 0});
  same(data | augment::image{.height = side, .width = side});
  same(data | augment::shift{0} | augment::rotate{0} | augment::elastic{.strength = 0} | augment::noise{0} |
       augment::scale{0});
}

TEST_CASE("what is drawn is a function of the stream and the sample; the data set beneath stays") {
  const auto data = images(4);
  const floats before = sample(data, 1);
  const auto each = [&](const auto& augmented) {
    CHECK(augmented.draw(1, {3, 8}) == augmented.draw(1, {3, 8}));
    std::set<floats> drawn;
    for (std::uint64_t stream = 0; stream < 6; ++stream) drawn.insert(augmented.draw(1, {3, stream}));
    CHECK(drawn.size() >= 5); // of whole shifts two may be equal
    CHECK(augmented.draw(1, {3, 8}) != augmented.draw(2, {3, 8}));
    CHECK(sample(augmented.samples(), 1) == before);
  };
  each(data | augment::shift{4});
  each(data | augment::rotate{15});
  each(data | augment::scale{0.2});
  each(data | augment::elastic{.strength = 10, .deviation = 3});
  each(data | augment::crop{4});
  each(data | augment::noise{.deviation = 0.05f});
  each(data | augment::shift{2} | augment::rotate{15} | augment::scale{0.1} | augment::elastic{} | augment::noise{});
}

TEST_CASE("each step has random numbers of its own") {
  la::dataset<la::label> data{4};
  data.push_back({0, 0, 0, 0}, la::label{0});
  const floats one = (data | augment::noise{1}).draw(0, {1, 1});
  const floats two = (data | augment::noise{1} | augment::noise{1}).draw(0, {1, 1});
  for (std::size_t i = 0; i < 4; ++i) CHECK(std::abs(two[i] - 2 * one[i]) > 1e-3f);
}

TEST_CASE("a shift is a move by whole pixels, each of them equally often") {
  const auto data = images(1, 8, 15, 2);
  const auto shifted = data | augment::image{.height = 8, .width = 15, .channels = 2} | augment::shift{2};
  const floats picture = sample(data, 0);
  std::map<floats, std::pair<int, int>> known;
  for (int right = -2; right <= 2; ++right)
    for (int down = -2; down <= 2; ++down)
      known[reference(picture, 8, 15, [&](double x, double y) { return std::pair{x - right, y - down}; })] = {right,
                                                                                                              down};
  REQUIRE(known.size() == 25);
  std::map<std::pair<int, int>, int> count;
  for (std::uint64_t stream = 0; stream < 5000; ++stream) {
    const auto found = known.find(shifted.draw(0, {5, stream}));
    REQUIRE(found != known.end());
    ++count[found->second];
  }
  CHECK(count.size() == 25);
  for (const auto& [by, times] : count) CHECK(times == Approx(200).margin(60));
}

TEST_CASE("a crop is a shift by up to its padding: the image with a border of zeros, cut anywhere") {
  const auto data = images(3, 8, 15, 3);
  const auto padded = data | la::shape<3, 8, 15>;
  for (const int padding : {0, 1, 4, 20})
    for (std::uint64_t stream = 0; stream < 50; ++stream)
      CHECK((padded | augment::crop{padding}).draw(1, {5, stream}) ==
            (padded | augment::shift{padding}).draw(1, {5, stream}));
}

TEST_CASE("a flip mirrors every channel, bit for bit, as often as its probability says") {
  for (const auto& [height, width, channels] :
       {std::tuple<std::size_t, std::size_t, std::size_t>{12, 12, 1}, {8, 15, 3}, {1, 40, 2}, {33, 1, 4}, {5, 16, 3}}) {
    INFO(channels << " x " << height << " x " << width);
    la::dataset<la::label> data{channels * height * width};
    data.push_back(laws::drawn<float>(data.input_size(), width), la::label{0});
    const auto flipped = [&](double probability) {
      return data | augment::image{height, width, channels} | augment::flip{probability};
    };
    const floats picture = sample(data, 0);
    floats mirrored(picture.size());
    for (std::size_t i = 0; i < picture.size(); ++i) mirrored[i] = picture[i / width * width + width - 1 - i % width];
    int count[3]{};
    for (std::uint64_t stream = 0; stream < 1000; ++stream) {
      CHECK(flipped(1).draw(0, {2, stream}) == mirrored);
      CHECK(flipped(0).draw(0, {2, stream}) == picture);
      const floats drawn = flipped(0.25).draw(0, {2, stream});
      ++count[drawn == picture ? 0 : drawn == mirrored ? 1 : 2];
    }
    CHECK(count[2] == 0);
    if (width > 1) CHECK(count[1] == Approx(250).margin(60));
    const auto twice = data | augment::image{height, width, channels} | augment::flip{1} | augment::flip{1};
    CHECK(twice.draw(0, {1, 1}) == picture);
  }
}

TEST_CASE("a crop and then a flip is the crop mirrored: steps that draw on their own, carried out as one") {
  const auto data = images(1, 9, 14, 3);
  const auto both = data | la::shape<3, 9, 14> | augment::crop{3} | augment::flip{1};
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    const floats cropped = (data | la::shape<3, 9, 14> | augment::crop{3}).draw(0, {7, stream}),
                 got = both.draw(0, {7, stream});
    for (std::size_t i = 0; i < got.size(); ++i) REQUIRE(got[i] == cropped[i / 14 * 14 + 13 - i % 14]);
  }
}

TEST_CASE("every step that moves pixels does to each channel what it does to an image of that channel alone") {
  constexpr std::size_t height = 11, width = 19, plane = height * width;
  la::dataset<la::label> coloured{3 * plane}, grey{plane};
  const std::vector<float> numbers = laws::drawn<float>(3 * plane, 5);
  coloured.push_back(numbers, la::label{0});
  for (std::size_t c = 0; c < 3; ++c) grey.push_back(std::span{numbers}.subspan(c * plane, plane), la::label{0});
  const auto each = [&](const auto&... steps) {
    const auto together = ((coloured | la::shape<3, height, width>) | ... | steps);
    const auto alone = ((grey | la::shape<height, width>) | ... | steps);
    for (std::uint64_t stream = 0; stream < 20; ++stream) {
      floats expected;
      for (std::size_t c = 0; c < 3; ++c) {
        const floats one = alone.draw(c, {9, stream});
        expected.insert(expected.end(), one.begin(), one.end());
      }
      CHECK(together.draw(0, {9, stream}) == expected);
    }
  };
  each(augment::shift{3});
  each(augment::crop{3});
  each(augment::flip{});
  each(augment::rotate{40});
  each(augment::scale{0.3});
  each(augment::elastic{.strength = 20, .deviation = 3});
  each(augment::crop{2}, augment::flip{}, augment::rotate{15}, augment::elastic{}, augment::scale{0.1},
       augment::shift{1});
}

TEST_CASE("moves agree with a plain reference: turns, sizes, and any one after the other") {
  for (const auto& [height, width] : {std::pair<std::size_t, std::size_t>{12, 12}, {9, 9}, {16, 33}, {40, 5}}) {
    INFO(height << " x " << width);
    la::dataset<la::label> data{2 * height * width};
    data.push_back(laws::drawn<float>(2 * height * width, 1), la::label{0});
    const floats picture = sample(data, 0);
    const double cx = (static_cast<double>(width) - 1) / 2, cy = (static_cast<double>(height) - 1) / 2;
    const auto by = [&](augment::affine move) {
      return (data | augment::image{height, width, 2} | always{move}).draw(0, {1, 1});
    };
    const auto turned = [&](double degrees, double factor) {
      const double a = degrees * 3.14159265358979323846 / 180, c = std::cos(a) / factor, s = std::sin(a) / factor;
      return reference(picture, height, width, [&](double x, double y) {
        return std::pair{c * (x - cx) - s * (y - cy) + cx, s * (x - cx) + c * (y - cy) + cy};
      });
    };
    for (const double degrees : {15.0, -40.0, 100.0}) {
      near("turn", by(augment::rotate::by(degrees)), turned(degrees, 1), 1e-4);
      near("turn and size", by(augment::rotate::by(degrees).then(augment::scale::by(1.3))), turned(degrees, 1.3), 1e-4);
    }
    for (const double factor : {0.5, 0.9, 1.7}) near("size", by(augment::scale::by(factor)), turned(0, factor), 1e-4);
    near("a whole turn", by(augment::rotate::by(360)), picture);
    floats half(picture.size());
    const std::size_t plane = height * width;
    for (std::size_t i = 0; i < half.size(); ++i) half[i] = picture[i / plane * plane + plane - 1 - i % plane];
    near("half a turn", by(augment::rotate::by(180)), half, 1e-4);
    near("there and back", by(augment::rotate::by(33).then(augment::rotate::by(-33))), picture, 1e-4);
    CHECK(by(augment::shift::by(3, -2)) ==
          reference(picture, height, width, [](double x, double y) { return std::pair{x - 3, y + 2}; }));
    CHECK(by(augment::shift::by(100, 0)) == floats(picture.size(), 0.f));
    near("a move between pixels", by({.x0 = 0.25f, .y0 = -0.5f}),
         reference(picture, height, width, [](double x, double y) { return std::pair{x + 0.25, y - 0.5}; }));
  }
  const auto data = images(1);
  const floats picture = sample(data, 0);
  floats quarter(picture.size());
  for (std::size_t y = 0; y < side; ++y)
    for (std::size_t x = 0; x < side; ++x) quarter[y * side + x] = picture[x * side + side - 1 - y];
  near("a quarter against the clock", moved(data, augment::rotate::by(90)), quarter);
}

TEST_CASE("steps apply in the order they are written") {
  const auto data = images(1);
  const augment::affine right = augment::shift::by(3, 0), quarter = augment::rotate::by(90);
  const floats first_right = (data | always{right} | always{quarter}).draw(0, {1, 1});
  const floats first_quarter = (data | always{quarter} | always{right}).draw(0, {1, 1});
  // To the right and then a quarter against the clock is up.
  near("right, turned", first_right, moved(data, quarter.then(augment::shift::by(0, -3))));
  near("turned, right", first_quarter, moved(data, quarter.then(right)));
  CHECK(first_right != first_quarter);

  // A step between them sees the sample as it is by then, and moves after it begin anew.
  floats seen;
  const auto look = [&seen](std::span<float> x, const random_stream&) { seen.assign(x.begin(), x.end()); };
  const floats last = (data | always{right} | look | always{augment::shift::by(-3, 0)}).draw(0, {1, 1});
  CHECK(seen == moved(data, right));
  CHECK(last == sample(data, 0));
  const auto doubled = [](std::span<float> x, const random_stream&) {
    for (float& number : x) number *= 2;
  };
  const floats twice = (data | doubled | always{right}).draw(0, {1, 1});
  for (std::size_t i = 0; i < twice.size(); ++i) CHECK(twice[i] == 2 * moved(data, right)[i]);
  near("turned twice with a look", (data | always{quarter} | look | always{quarter}).draw(0, {1, 1}),
       moved(data, augment::rotate::by(180)));
}

TEST_CASE("shifts, turns, sizes and bends keep the mean of images with a dark border; noise keeps that of any") {
  const auto data = images(1, 24, 24);
  const auto mean_of = [](const floats& picture) {
    double sum = 0;
    for (const float number : picture) sum += number;
    return sum / static_cast<double>(picture.size());
  };
  const double before = mean_of(sample(data, 0));
  const auto check = [&](const auto& augmented, double by) {
    double mean = 0;
    for (std::uint64_t stream = 0; stream < 300; ++stream) mean += mean_of(augmented.draw(0, {2, stream})) / 300;
    CHECK(mean == Approx(before).epsilon(by));
  };
  check(data | augment::shift{2}, 1e-4);
  check(data | augment::crop{3}, 1e-4);
  check(data | augment::flip{}, 1e-4);
  check(data | augment::rotate{15}, 0.01);
  check(data | augment::scale{0.1}, 0.02); // (1 + s)² is larger than 1 in the mean
  check(data | augment::elastic{.strength = 34, .deviation = 4}, 0.03);
  check(data | augment::noise{.deviation = 0.2f}, 0.01);
}

TEST_CASE("noise has its deviation, elastic moves pixels as far as its formula says") {
  la::dataset<la::label> data{10000};
  data.push_back(floats(10000, 0.5f), la::label{0});
  const floats noisy = (data | augment::noise{.deviation = 0.3}).draw(0, {1, 1});
  double mean = 0, square = 0;
  for (const float number : noisy) mean += number - 0.5, square += (number - 0.5) * (number - 0.5);
  CHECK(mean / 1e4 == Approx(0).margin(0.012));
  CHECK(std::sqrt(square / 1e4) == Approx(0.3).epsilon(0.03));

  // A ramp shows how far its pixels come: strength · √⅓ · 1/(2σ√π) in the root mean square.
  for (const auto& [strength, deviation] : {std::pair{34.0, 4.0}, {10.0, 2.0}, {20.0, 1.0}}) {
    floats across(10000), along(10000);
    for (std::size_t i = 0; i < 10000; ++i)
      across[i] = static_cast<float>(i % 100), along[i] = static_cast<float>(i / 100);
    la::dataset<la::label> ramps{10000};
    ramps.push_back(across, la::label{0});
    ramps.push_back(along, la::label{0});
    const auto bent = ramps | augment::elastic{strength, deviation};
    const double expected = strength / std::sqrt(3.0) / (2 * deviation * std::sqrt(3.14159265358979));
    for (const std::size_t axis : {0u, 1u}) {
      double moved = 0;
      int count = 0;
      for (std::uint64_t stream = 0; stream < 20; ++stream) {
        const floats now = bent.draw(axis, {4, stream});
        for (std::size_t y = 25; y < 75; ++y)
          for (std::size_t x = 25; x < 75; ++x, ++count) {
            const double by = now[y * 100 + x] - ramps.input(axis)[y * 100 + x];
            moved += by * by;
          }
      }
      CHECK(std::sqrt(moved / count) == Approx(expected).epsilon(0.08));
    }
  }
}

TEST_CASE("training draws anew in every epoch, the same for the same seed, and goes on without a state") {
  const auto data = images(50);
  const auto run = [&](const auto& set, std::vector<std::size_t> epochs, std::size_t batch = 16) {
    la::model<net> model{la::seed{3}};
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::sgd{.learning_rate = 0.1}};
    for (const std::size_t some : epochs) trainer.fit(set, {.epochs = some, .batch_size = batch});
    return bytes_of(model);
  };
  const auto each = [&](const auto& set) {
    CHECK(run(set, {8}) == run(set, {8}));
    CHECK(run(set, {8}) == run(set, {4, 4}));
    CHECK(run(set, {2}) != run(data, {2}));
  };
  each(data | augment::noise{.deviation = 0.1});
  each(data | augment::shift{2} | augment::rotate{15} | augment::scale{0.1} | augment::elastic{.strength = 10} |
       augment::noise{.deviation = 0.05f});
  CHECK(run(data | augment::noise{.deviation = 0}, {3}) == run(data, {3}));

  // What an epoch draws: remembered by a step that looks on.
  std::vector<floats> seen;
  const auto look = [&seen](std::span<float> x, const random_stream&) { seen.emplace_back(x.begin(), x.end()); };
  const auto drawn = [&](std::size_t batch, std::size_t epochs) {
    seen.clear();
    run(data | augment::noise{.deviation = 0.1} | look, {epochs}, batch);
    const auto end = seen.end() - 50;
    return std::pair{std::set<floats>(seen.begin(), seen.begin() + 50), std::set<floats>(end, seen.end())};
  };
  const auto [first, second] = drawn(16, 2);
  CHECK(first.size() == 50);
  for (const floats& picture : first) CHECK(second.count(picture) == 0);
  CHECK(drawn(7, 2) == std::pair{first, second}); // for every batch size
}

TEST_CASE("models of double and targets of numbers train on drawn samples") {
  la::dataset<la::values> table{side * side, 3};
  for (std::size_t m = 0; m < 20; ++m) table.push_back(laws::drawn<float>(side * side, m), {1, 0, 1});
  la::model<net, double> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{.learning_rate = 0.01}};
  const auto past = trainer.fit(table | augment::shift{1} | augment::noise{}, {.epochs = 5, .batch_size = 8});
  CHECK(past.back().training_loss < past.front().training_loss);
}

TEST_CASE("an augmented data set keeps the samples") {
  const auto set = images(3) | augment::noise{.deviation = 0};
  CHECK(set.draw(2, {1, 1}) == sample(images(3), 2));
  CHECK(set.samples().size() == 3);
}

TEST_CASE("settings outside their range are refused where they are written") {
  CHECK(message([] { (void)augment::shift{-1}; }) ==
        "augment::shift: pixels: expected a whole number from 0 to 65535, got -1.000000");
  CHECK(message([] { (void)augment::shift{1.5}; }) ==
        "augment::shift: pixels: expected a whole number from 0 to 65535, got 1.500000");
  CHECK(message([] { (void)augment::crop{-1}; }) ==
        "augment::crop: padding: expected a whole number from 0 to 65535, got -1.000000");
  CHECK(message([] { (void)augment::flip{1.5}; }) ==
        "augment::flip: probability: expected a number from 0 to 1, got 1.500000");
  CHECK(message([] { (void)augment::rotate{181}; }) ==
        "augment::rotate: degrees: expected degrees from 0 to 180, got 181.000000");
  CHECK(message([] { (void)augment::scale{1}; }) ==
        "augment::scale: fraction: expected a number from 0 to below 1, got 1.000000");
  CHECK(message([] { (void)augment::noise{.deviation = -0.1}; }) ==
        "augment::noise: deviation: expected a number from 0 to 1000000, got -0.100000");
  CHECK(message([] {
          (void)augment::noise{.deviation = std::nan("")};
        }).starts_with("augment::noise: deviation: expected"));
  CHECK(message([] { (void)augment::elastic{.strength = -1}; }).starts_with("augment::elastic: strength: expected"));
  CHECK(message([] { (void)augment::elastic{.deviation = 0}; }) ==
        "augment::elastic: deviation: expected a number of pixels from 0.1 to 1000000, got 0.000000");
}

TEST_CASE("samples that are no image are refused with their numbers") {
  const la::dataset<la::label> data{150};
  CHECK(message([&] { (void)(data | augment::shift{1}); }) ==
        "augment: samples of the data set: expected a square number of pixels, or augment::image{.height, .width, "
        ".channels} first, got 150 numbers");
  CHECK(message([&] { (void)(data | augment::elastic{}); }).ends_with("got 150 numbers"));
  CHECK(message([&] { (void)(data | augment::image{.height = 5, .width = 10, .channels = 2}); }) ==
        "augment::image: height 5 x width 10 x channels 2: expected 150 numbers, as the data set's samples have, got "
        "another product");
  const std::size_t huge = std::size_t{1} << 63;
  CHECK(message([&] { (void)(data | augment::image{huge, huge, 6}); }).ends_with("got another product"));
  CHECK(message([&] { (void)(data | augment::image{0, 10, 15}); }).ends_with("got another product"));
  CHECK(message([&] { (void)(data | augment::image{}); }).ends_with("got another product"));
  CHECK(message([&] { (void)(data | augment::image{10, 5, 3} | augment::shift{1}); }) == "nothing was thrown");
  CHECK(message([&] { (void)(data | la::shape<3, 10, 5> | augment::flip{}); }) == "nothing was thrown");
  CHECK(message([&] { (void)(data | la::shape<3, 32, 32> | augment::flip{}); }).ends_with("got another product"));
  CHECK(message([&] { (void)(data | la::shape<150>); }) ==
        "augment: shape of the images: expected (channels, height, width) or (height, width), got (150)");
  CHECK(message([&] { (void)(data | augment::noise{}); }) == "nothing was thrown"); // needs no image
}
