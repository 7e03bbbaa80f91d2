// usage: 22_lenet [FOLDER FOR THE FIGURES]
// LeNet on the digits: a network that knows what an image is.
//
// A filter of the first layer looks at 5 × 5 pixels and at every place with the same 25 weights; what it finds is an
// image again, a feature map. What to see: filters become edges of one direction each; behind the second convolution a
// map stands for a part of a digit, and little is left of where it was. With a third of the weights of 784-128-10 half
// as many digits are misread.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;

struct lenet : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu,
                           la::max_pool2d<2>, la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten,
                           la::dense<128>, la::relu, la::dropout<0.25>, la::dense<10>> {};

// Its first layers as networks of their own: what leaves them are the feature maps.
struct first_maps : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu> {};
struct second_maps : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu,
                                 la::max_pool2d<2>, la::conv2d<16, la::kernel<5>>, la::relu> {};

/// What the first layers of a trained network make of an image.
template <class FirstLayers> auto maps_of(const la::model<lenet>& trained, std::span<const float> image) {
  la::model<FirstLayers> front{la::seed{1}};
  for (const la::parameter& p : front.parameters)
    for (std::size_t i = 0; i < p.shape.size(); ++i) front.parameter(p.name)[i] = trained.parameter(p.name)[i];
  return front(image);
}

/// Draws images as tiles of the same size, `across` in a row, each scaled to its largest number.
void draw_tiles(figure& plot, const std::string& block, std::size_t count, std::size_t side, std::size_t across,
                const auto& pixel) {
  for (std::size_t tile = 0; tile < count; ++tile) {
    float largest = 1e-6f;
    for (std::size_t i = 0; i < side * side; ++i) largest = std::max(largest, std::abs(pixel(tile, i)));
    const double size = 1.0 / double(side);
    for (std::size_t i = 0; i < side * side; ++i)
      plot.row(block, 1.2 * double(tile % across) + size * (double(i % side) + 0.5),
               1.2 * double(tile / across) + size * (double(i / side) + 0.5), pixel(tile, i) / largest);
    plot.row(block);
  }
}

/// How much a weight is like the one to the right of it: the correlation over all filters.
double smoothness(const auto& weight) {
  double both = 0, all = 0;
  for (std::size_t i = 0; i < weight.size(); ++i)
    if (i % 5 != 4) both += double(weight[i]) * double(weight[i + 1]), all += double(weight[i]) * double(weight[i]);
  return both / all;
}

int main(int argument_count, char** arguments) {
  figure plot{"22_lenet", argument_count, arguments};
  const auto [train, test] = la::load_mnist(LAMINA_DIGITS);
  la::model<lenet> model{la::seed{1}};
  const auto filters = model.parameter("0.weight");
  la::initialize(filters, la::lecun{0.1},
                 /*seed=*/1); // so small that only what is learned is seen; batch norm scales it
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3}};
  const double before = smoothness(filters);
  const la::history past = trainer.fit(train, {.epochs = 6, .batch_size = 64, .validation = &test});
  const double accuracy = la::accuracy(model, test), after = smoothness(filters);
  for (const la::epoch_record& epoch : past)
    std::printf("epoch %zu  training loss %.3f  accuracy %.1f %%  %.0f digits/s\n", epoch.epoch, epoch.training_loss,
                100 * epoch.validation_metric, epoch.samples_per_second);
  std::printf("%zu parameters, %.1f %% right; a weight of a filter and its neighbour correlate %.2f before training, "
              "%.2f after it\n",
              lenet::parameter_count, 100 * accuracy, before, after);

  const auto image = test.input(0);
  const auto first = maps_of<first_maps>(model, image);
  const auto second = maps_of<second_maps>(model, image);
  la::save_image(filters, plot.file("_filters.png")); // the same as plain pictures, a pixel for a number
  la::save_image(second, plot.file("_maps.png"));

  draw_tiles(plot, "digit", 1, 28, 1, [&](std::size_t, std::size_t i) { return image[i]; });
  draw_tiles(plot, "filters", 8, 5, 8, [&](std::size_t f, std::size_t i) { return filters[25 * f + i]; });
  draw_tiles(plot, "first", 8, 24, 8, [&](std::size_t f, std::size_t i) { return first[24 * 24 * f + i]; });
  draw_tiles(plot, "second", 16, 8, 16, [&](std::size_t f, std::size_t i) { return second[8 * 8 * f + i]; });
  plot.draw(R"gnuplot(
set multiplot
unset border; unset tics; unset grid; unset colorbox
set palette defined (0 '#ffffff', 0.5 '#7a9cc6', 1 '#0b2545'); set cbrange [0:1]
set lmargin at screen 0.02; set rmargin at screen 0.18; set tmargin at screen 0.66; set bmargin at screen 0.244; set xrange [-0.02:1.02]; set yrange [1.02:-0.02]
set title "a digit" offset 0,-0.5
plot $digit with image
set lmargin at screen 0.22; set rmargin at screen 0.99
set tmargin at screen 0.56; set bmargin at screen 0.35; set xrange [-0.05:9.45]
set title "what they find in it: 8 maps of 24 × 24"
plot for [map=0:7] $first every :::map::map with image
set tmargin at screen 0.20; set bmargin at screen 0.095; set xrange [-0.1:19.1]
set title "behind the second convolution: 16 maps of 8 × 8"
plot for [map=0:15] $second every :::map::map with image
set palette defined (-1 '#d55e00', -0.3 '#f3cdb0', 0 '#ffffff', 0.3 '#a9cfe6', 1 '#0072b2'); set cbrange [-1:1]
set tmargin at screen 0.91; set bmargin at screen 0.70; set xrange [-0.05:9.45]
set title "the 8 filters of the first convolution: blue wants ink, orange wants none"
plot for [filter=0:7] $filters every :::filter::filter with image
unset multiplot)gnuplot",
            1000, 400);
  return accuracy < 0.96 || std::abs(before) > 0.2 || after < 0.3;
}
