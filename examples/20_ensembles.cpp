// usage: 20_ensembles [FOLDER FOR THE FIGURE]
// Several networks know more than one, and so does the mean of one network's weights over time.
//
// Small networks each learn a bootstrap sample of 1000 digits; a larger one is trained at a rate that never lets it
// rest. What to see: the more members, the fewer errors, by the mean of their probabilities as by vote; the mean of the
// weights along a run is better than any of its epochs, at no cost. That needs networks of one run: the mean of the
// weights of two that began elsewhere is worse than both, while the mean of their answers is better than both.
#include <algorithm>
#include <cstdio>
#include <vector>

#include <lamina/ensemble.hpp>
#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;
using digits = la::dataset<la::label>;

struct small : la::network<la::input<784>, la::dense<8>, la::relu, la::dense<10>> {};
struct large : la::network<la::input<784>, la::dense<64>, la::relu, la::dense<10>> {};

constexpr std::size_t members = 24, sizes[]{1, 2, 3, 4, 6, 8, 12, 24}, epochs = 24;

double errors(const auto& models, const digits& test) { return 100 * (1 - la::accuracy(models, test)); }

/// Errors by the number of members, in %, by vote and by the mean.
std::vector<std::pair<double, double>> over_members(const digits& train, const digits& test, figure& plot) {
  const auto bag = la::bagging<small>(train, members, la::seed{1}, [](auto& model, const digits& sample) {
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 2e-3}};
    trainer.fit(sample, {.epochs = 30, .batch_size = 20});
  });
  std::vector<std::pair<double, double>> all;
  std::printf("%% wrong   by vote   by mean\n");
  for (const std::size_t count : sizes) {
    auto& [vote, mean] = all.emplace_back();
    const std::size_t groups = members / count; // ensembles of so many members: their mean is shown
    for (std::size_t g = 0; g < groups; ++g) {
      const auto first = bag.models.begin() + std::ptrdiff_t(g * count);
      const la::ensemble<small> some{std::vector(first, first + std::ptrdiff_t(count))};
      vote += 100 * (1 - la::vote_accuracy(some, test)) / double(groups);
      mean += errors(some, test) / double(groups);
    }
    std::printf("  %4zu     %5.1f     %5.1f\n", count, vote, mean);
    plot.row("members", count, vote, mean);
  }
  std::printf("by the digits that each member did not see: %.1f\n", 100 * (1 - bag.out_of_bag_accuracy()));
  return all;
}

struct run {
  la::model<large> before, last;                    ///< after the last epoch but one, and after the last
  double mean_error = 0, mean_error_of_average = 0; ///< over the last half of the epochs
};

/// Errors along a run, of the weights as they are and of their moving average.
run along(la::seed seed, const digits& train, const digits& test, figure& plot) {
  run r{la::model<large>{seed}, la::model<large>{seed}};
  la::weight_average average{r.last, 0.8};
  la::trainer trainer{r.last, la::softmax_cross_entropy{}, la::adam{.learning_rate = 0.01}};
  trainer.fit(train, {.epochs = epochs, .batch_size = 16}, average, [&](const la::epoch_record& record) {
    const double now = errors(r.last, test), averaged = errors(average.averaged(), test);
    if (seed.value == 1) plot.row("run", record.epoch, now, averaged);
    if (record.epoch > epochs / 2) r.mean_error += now * 2 / epochs, r.mean_error_of_average += averaged * 2 / epochs;
    if (record.epoch < epochs) r.before = r.last;
  });
  return r;
}

/// Two networks, the mean of their weights, and the mean of their answers.
struct pair_errors {
  double first, second, weights, answers;
};
pair_errors together(const char* name, const la::model<large>& a, const la::model<large>& b, const digits& test,
                     figure& plot) {
  const pair_errors e{errors(a, test), errors(b, test), errors(la::average(a, b), test),
                      errors(la::ensemble{a, b}, test)};
  std::printf("%-11s  %.1f and %.1f; the mean of their weights %.1f, of their answers %.1f\n", name, e.first, e.second,
              e.weights, e.answers);
  plot.row("pairs", name, e.first, e.second, e.weights, e.answers);
  return e;
}

int main(int argument_count, char** arguments) {
  figure plot{"20_ensembles", argument_count, arguments};
  const auto [train, test] = la::load_mnist(LAMINA_DIGITS).train.split([](std::size_t i) { return i < 5000; });
  const auto bagged = over_members(train.take(1000), test, plot);
  const run one = along(la::seed{1}, train, test, plot), other = along(la::seed{2}, train, test, plot);
  std::printf("epochs 13 to 24: %.1f, of the moving average %.1f\n", one.mean_error, one.mean_error_of_average);
  const pair_errors epochs_of_one = together("one run", one.before, one.last, test, plot),
                    starts = together("two starts", one.last, other.last, test, plot);

  plot.draw(R"gnuplot(
set multiplot layout 1,3 margins 0.06,0.99,0.13,0.87 spacing 0.06
set title "784 – 8 – 10, members of an ensemble"; set xlabel "members"; set ylabel "errors, %" offset 1,0; set logscale x 2; set xrange [0.9:27]; set yrange [12:18]
plot $members using 1:2 with linespoints linetype 2 title "vote", $members using 1:3 with linespoints linetype 1 title "mean of probabilities"
unset logscale; set title "784 – 64 – 10, along one run"; set xlabel "epochs"; unset ylabel; set xrange [0:24.5]; set yrange [4:10.5]
plot $run using 1:2 with linespoints linetype 6 title "weights", $run using 1:3 with linespoints linetype 1 title "their moving average"
set title "two networks of 784 – 64 – 10"; unset xlabel; set xrange [-0.6:1.6]; set yrange [0:29]; set style data histogram; set style histogram clustered gap 1; set boxwidth 0.9; set xtics nomirror scale 0
plot $pairs using 2:xtic(1) linetype 6 title "one", "" using 3 linecolor '#9dd0f0' title "the other", "" using 4 linetype 2 title "mean of their weights", "" using 5 linetype 1 title "mean of their answers"
unset multiplot)gnuplot",
            1000, 400);
  const auto [vote, mean] = bagged.back();
  const bool members_help = vote < 0.85 * bagged.front().first && mean < 0.85 * bagged.front().second;
  const bool averaging_helps =
      one.mean_error_of_average < 0.85 * one.mean_error && other.mean_error_of_average < 0.85 * other.mean_error;
  return !members_help || !averaging_helps || epochs_of_one.weights > epochs_of_one.first ||
         starts.weights < 1.5 * std::max(starts.first, starts.second) ||
         starts.answers > std::min(starts.first, starts.second);
}
