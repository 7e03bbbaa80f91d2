// usage: 25_what_it_sees [FOLDER FOR THE FIGURE]
// What a network looks at: a grey patch is slid over a digit, and wherever it hides what matters the network loses
// heart.
//
// LeNet learns the digits. For one digit of each class, the probability of its class is asked again with a patch of
// 7 × 7 pixels at each of the 22 × 22 places. What to see: a patch on the background changes nothing, and neither do
// most strokes; a few places decide. Grey in the gap of a 4 closes it to a 9: where there is no ink counts as well.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

struct lenet : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::relu, la::max_pool2d<2>,
                           la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten, la::dense<64>,
                           la::relu, la::dropout<0.25>, la::dense<10>, la::log_softmax> {};

constexpr std::size_t side = 28, patch = 7, places = side - patch + 1;
using picture = std::array<float, side * side>;

/// The image with a grey patch, its upper left corner at (y, x).
picture hide(std::span<const float> image, std::size_t y, std::size_t x) {
  picture hidden;
  std::copy_n(image.begin(), hidden.size(), hidden.begin());
  for (std::size_t row = y; row < y + patch; ++row)
    for (std::size_t column = x; column < x + patch; ++column) hidden[side * row + column] = 0.5f;
  return hidden;
}

/// What the patch does to the probability of a digit's class, place by place.
struct occlusion {
  double whole = 0;                         ///< probability with nothing hidden
  std::array<double, places * places> drop; ///< how much less it is
  std::size_t worst = 0, read_as = 0;       ///< the place where it is least, and the class that is read then
  double background = 0;                    ///< the mean change where the patch is far from all ink
};

std::size_t largest_of(const auto& values) {
  return std::size_t(std::max_element(values.begin(), values.end()) - values.begin());
}

/// How much ink the patch is near to: within two pixels of it.
bool far_from_ink(std::span<const float> image, std::size_t y, std::size_t x) {
  for (std::size_t row = y < 2 ? 0 : y - 2; row < std::min(side, y + patch + 2); ++row)
    for (std::size_t column = x < 2 ? 0 : x - 2; column < std::min(side, x + patch + 2); ++column)
      if (image[side * row + column] > 0) return false;
  return true;
}

occlusion slide_over(const la::model<lenet>& model, std::span<const float> image, std::size_t digit) {
  occlusion result;
  result.whole = std::exp(double(model(image)[digit]));
  double far = 0;
  for (std::size_t place = 0; place < places * places; ++place) {
    const std::size_t y = place / places, x = place % places;
    const auto read = model(hide(image, y, x));
    result.drop[place] = result.whole - std::exp(double(read[digit]));
    if (result.drop[place] > result.drop[result.worst] || place == 0)
      result.worst = place, result.read_as = largest_of(read);
    if (far_from_ink(image, y, x)) result.background += std::abs(result.drop[place]), ++far;
  }
  if (far > 0) result.background /= far;
  return result;
}

int main(int argument_count, char** arguments) {
  figure plot{"25_what_it_sees", argument_count, arguments};
  const auto [train, test] = la::load_mnist(LAMINA_DIGITS);
  la::model<lenet> model{la::seed{1}};
  la::trainer trainer{model, la::negative_log_likelihood{}, la::adam{.learning_rate = 1e-3}};
  trainer.fit(train, {.epochs = 5, .batch_size = 64});
  std::printf("LeNet reads %.1f %% of the digits\n", 100 * la::accuracy(model, test));

  std::size_t fooled = 0;
  double background = 0, worst = 0, spared = 0;
  for (std::size_t digit = 0; digit < 10; ++digit) {
    std::size_t sample = 0; // the first of its class that is read without doubt
    const auto doubtful = [&] {
      return test.target(sample).value != digit || model(test.input(sample))[digit] < std::log(0.98f);
    };
    while (sample < test.size() && doubtful()) ++sample;
    if (sample == test.size()) {
      std::printf("it is sure of no %zu\n", digit);
      return 1;
    }
    const auto image = test.input(sample);
    const occlusion seen = slide_over(model, image, digit);
    const double probability = seen.whole - seen.drop[seen.worst];
    std::printf("a %zu: %5.1f %% sure; with the patch at its worst place %5.1f %%, read as %zu\n", digit,
                100 * seen.whole, 100 * probability, seen.read_as);
    fooled += seen.read_as != digit;
    background = std::max(background, seen.background), worst += seen.drop[seen.worst] / 10;
    spared += double(std::count_if(seen.drop.begin(), seen.drop.end(), [](double d) { return std::abs(d) < 0.1; })) /
              double(10 * places * places);

    const double left = 30 * double(digit), middle = double(patch) / 2;
    const picture hidden = hide(image, seen.worst / places, seen.worst % places);
    for (std::size_t i = 0; i < side * side; ++i) {
      plot.row("digits", left + double(i % side), i / side, image[i]);
      plot.row("hidden", left + double(i % side), 62 + double(i / side), hidden[i]);
    }
    for (std::size_t place = 0; place < places * places; ++place)
      plot.row("drops", left + double(place % places) + middle - 0.5, 31 + double(place / places) + middle - 0.5,
               seen.drop[place]);
    for (const char* block : {"digits", "hidden", "drops"}) plot.row(block);
    plot.row("answers", left + 13.5, 93, "read as " + std::to_string(seen.read_as));
  }
  std::printf(
      "the patch fools it on %zu of 10 digits; %.0f %% of the places change less than 10 points; far from the ink "
      "the mean change is at most %.1f points\n",
      fooled, 100 * spared, 100 * background);

  plot.draw(R"gnuplot(
set multiplot
unset border; unset tics; unset grid; set lmargin at screen 0.01; set rmargin at screen 0.92; set tmargin at screen 0.91; set bmargin at screen 0.02
set xrange [-1:299]; set yrange [97:-1]
unset colorbox; set cbrange [0:1]; set palette gray negative
set title "ten digits; how much less likely each is with a grey patch there; and with the patch at the worst place"
plot for [i=0:9] $digits every :::i::i with image, for [i=0:9] $hidden every :::i::i with image, $answers with labels
unset title; set colorbox user origin 0.935,0.36 size 0.012,0.28; set cbtics (0, 0.5, 1); set cblabel "less likely by"
set palette positive color defined (0 '#ffffff', 0.25 '#fbd3a6', 0.6 '#d55e00', 1 '#5a1e00')
plot for [i=0:9] $drops every :::i::i with image, $digits using 1:($3 > 0.5 ? $2 + 31 : NaN) with points pointtype 7 pointsize 0.15 linecolor '#a0a0a0'
unset multiplot)gnuplot",
            1100, 400);
  return fooled < 4 || worst < 0.4 || spared < 0.5 || background > 0.1;
}
