// An epoch through `fit` against the sum of its steps, and the memory that the whole digits job takes.
// usage: epoch [--json FILE] [IMAGES LABELS]      IDX files, plain or .gz; without them, samples drawn at random
#include "race.hpp"
#include <cstring>
#include <lamina/lamina.hpp>
#include <sys/resource.h>
#include <sys/wait.h>

namespace la = lamina;

namespace {

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

constexpr std::size_t batch = 64;

la::dataset<la::label> drawn(std::size_t count) {
  std::vector<float> x(count * 784);
  std::vector<la::label> y(count);
  unsigned s = 5;
  const auto draw = [&] { return (s = s * 1664525u + 1013904223u) >> 8; };
  for (float& v : x) v = draw() % 5 == 0 ? static_cast<float>(draw() % 256) / 255 : 0;
  for (auto& label : y) label = la::label(draw() % 10);
  return {784, std::move(x), std::move(y)};
}

la::dataset<la::label> all_samples(const char* images, const char* labels) {
  return images ? la::load_idx(images, labels) : drawn(10000);
}

/// The job, in a process of its own: kilobytes resident at its highest, and what of that is the data set.
void memory(race::report& report, const char* images, const char* labels) {
  const auto before = [] {
    rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
  }();
  const pid_t child = fork();
  if (child == 0) {
    const auto [train, test] = all_samples(images, labels).split([](std::size_t i) { return i % 10 != 0; });
    la::model<digits> model{la::seed{1}};
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
    trainer.fit(train, {.epochs = 2, .batch_size = batch, .validation = &test});
    _exit(la::accuracy(model, test) >= 0 ? 0 : 1);
  }
  int status = 0;
  rusage used;
  wait4(child, &status, 0, &used);
  if (status != 0) std::exit(2);
  const double set =
      static_cast<double>(all_samples(images, labels).size() * (784 * sizeof(float) + sizeof(la::label))) / (1 << 20);
  const double peak = static_cast<double>(used.ru_maxrss) / 1024;
  std::printf("\ndigits job: %.1f MB resident at most, data set %.1f MB, the rest %.1f MB (asked: at most 16), of "
              "which before main %.1f MB  %s\n",
              peak, set, peak - set, static_cast<double>(before) / 1024, peak <= set + 16 ? "met" : "MISSED");
  report.add({"digits job, megabytes beyond the data set",
              {"lamina"},
              {peak - set},
              16 / (peak - set),
              1,
              "not a time: megabytes"});
}

} // namespace

int main(int argc, char** argv) {
  const char *images = nullptr, *labels = nullptr;
  for (int i = 1; i + 1 < argc; i += 2)
    if (std::strcmp(argv[i], "--json") != 0) images = argv[i], labels = argv[i + 1];
  race::prepare(argv);
  race::report report{"one epoch, 784-128-10, Adam, batch 64", argc, argv};
  memory(report, images, labels);

  const auto data = all_samples(images, labels);
  std::vector<float> x;
  std::vector<la::label> y;
  for (std::size_t i = 0; i < data.size(); ++i) {
    x.insert(x.end(), data.input(i).begin(), data.input(i).end());
    y.push_back(data.target(i));
  }
  la::model<digits> one{la::seed{1}}, other{la::seed{1}};
  la::trainer whole{one, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
  la::trainer stepped{other, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
  volatile double sink = 0;
  report.race(
      "one epoch", 1 / 1.03,
      {race::entry("fit", [&] { sink = whole.fit(data, {.epochs = 1, .batch_size = batch}).back().training_loss; }),
       race::entry("its steps", [&] {
         for (std::size_t i = 0; i < y.size(); i += batch) {
           const std::size_t n = std::min(batch, y.size() - i);
           sink = stepped.step(std::span<const float>{x.data() + 784 * i, 784 * n},
                               std::span<const la::label>{y.data() + i, n});
         }
       })});
  return 0;
}
