// usage: 26_camera [FOLDER FOR THE FIGURE]
// A camera's frames in a loop: where is the ball, a thousand times a second?
//
// A drifting pattern, a light that flickers, and a ball. The camera gives bytes, red, green and blue pixel by pixel;
// the loop makes planes of numbers of them and asks a network with three convolutions. What to see: the time of a frame
// is nearly the same each time, because nothing is allocated (counted here), locked or looked up; what sticks out is
// the operating system's.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <random>
#include <span>
#include <vector>

#include <lamina/lamina.hpp>

#include "figure.hpp"

namespace la = lamina;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t side = 64, pixels = side * side;

struct tracker
    : la::network<la::input<3, side, side>, la::conv2d<8, la::kernel<5>, la::stride<2>, la::padding<2>>, la::relu,
                  la::conv2d<16, la::kernel<3>, la::stride<2>, la::padding<1>>, la::relu,
                  la::conv2d<16, la::kernel<3>, la::stride<2>, la::padding<1>>, la::relu, la::flatten, la::dense<2>> {};

static la::model<tracker, float, la::in_place> running{la::seed{1}}; // its parameters are members: no heap

// Every allocation of the program is counted.
static std::atomic<std::size_t> allocations{0};
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto whole = std::size_t(alignment);
  if (void* const memory = std::aligned_alloc(whole, (size + whole) / whole * whole)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

struct place {
  float x, y; ///< −1 to 1: from the left and from the top
};

using frame = std::array<std::uint8_t, 3 * pixels>; ///< red, green, blue of a pixel, then of the next

/// What the camera sees: the ball is where it is told, all else depends on the time.
void look(frame& seen, place ball, float time, std::minstd_rand& random) {
  const float light = 0.8f + 0.2f * std::sin(50 * time), cx = 32 + 32 * ball.x, cy = 32 + 32 * ball.y;
  for (std::size_t i = 0; i < pixels; ++i) {
    const float x = float(i % side), y = float(i / side), noise = float(random() % 1024) / 1024 - 0.5f;
    const float wave = std::sin(0.2f * x + 3 * time) * std::sin(0.15f * y - 2 * time);
    const float inside = std::clamp(6.5f - std::hypot(x - cx, y - cy), 0.0f, 1.0f); // the ball has a soft edge
    const float background[]{0.5f + 0.3f * wave, 0.45f - 0.3f * wave, 0.4f + 0.2f * std::sin(0.1f * (x + y) + time)};
    const float color[]{0.9f, 0.6f, 0.15f};
    for (std::size_t c = 0; c < 3; ++c) {
      const float v = light * (inside * color[c] + (1 - inside) * background[c]) + 0.1f * noise;
      seen[3 * i + c] = std::uint8_t(255 * std::clamp(v, 0.0f, 1.0f));
    }
  }
}

/// The bytes of a frame as a network wants them: three planes of numbers about 0.
void to_planes(const frame& seen, std::span<float, 3 * pixels> planes) {
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < pixels; ++i) planes[c * pixels + i] = float(seen[3 * i + c]) * (2 / 255.0f) - 1;
}

/// Trains a tracker on frames with balls anywhere.
void train() {
  std::mt19937 random{1};
  std::minstd_rand noise{1};
  std::uniform_real_distribution<float> anywhere{-0.8f, 0.8f}, any_time{0, 100};
  la::dataset<la::values> frames{3 * pixels, 2};
  frame seen;
  std::array<float, 3 * pixels> planes;
  for (int i = 0; i < 2000; ++i) {
    const place ball{anywhere(random), anywhere(random)};
    look(seen, ball, any_time(random), noise);
    to_planes(seen, planes);
    frames.push_back(planes, {ball.x, ball.y});
  }
  la::model<tracker> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{},
                      la::adam{.learning_rate = 2e-3} | la::cosine_annealing{.steps = 12 * 62.5}};
  const la::history past = trainer.fit(frames, {.epochs = 12, .batch_size = 32});
  std::printf("learned from %zu frames in %zu epochs; an error of %.1f pixels is left\n", frames.size(), past.size(),
              32 * std::sqrt(2 * past.back().training_loss));
  std::copy_n(model.data(), running.block_size, running.data());
}

int main(int argument_count, char** arguments) {
  figure plot{"26_camera", argument_count, arguments};
  train();

  constexpr std::size_t ticks = 3000;
  constexpr auto period = std::chrono::microseconds{1000};
  std::vector<double> latency(ticks); // filled in the loop, looked at after it
  std::vector<place> truth(ticks), found(ticks);
  std::minstd_rand noise{2};
  static frame seen;
  static std::array<float, 3 * pixels> planes;
  const std::size_t allocated = allocations;
  auto next = clock_type::now();
  for (std::size_t tick = 0; tick < ticks; ++tick) {
    const float time = 200 + 1e-3f * float(tick);
    truth[tick] = {0.7f * std::sin(2.1f * time), 0.7f * std::sin(3.4f * time)};
    look(seen, truth[tick], time, noise); // a camera would write the frame
    while (clock_type::now() < next) {
    }
    next = clock_type::now() + period;
    const auto begin = clock_type::now();
    to_planes(seen, planes);
    const auto at = running(planes);
    latency[tick] = std::chrono::duration<double, std::micro>(clock_type::now() - begin).count();
    found[tick] = {at[0], at[1]};
  }
  const std::size_t allocated_in_the_loop = allocations - allocated;

  double error = 0;
  for (std::size_t i = 0; i < ticks; ++i)
    error += 32 * double(std::hypot(found[i].x - truth[i].x, found[i].y - truth[i].y)) / double(ticks);
  std::vector<double> sorted = latency;
  std::sort(sorted.begin(), sorted.end());
  const auto percentile = [&](double p) { return sorted[std::min(ticks - 1, std::size_t(p / 100 * double(ticks)))]; };
  std::printf("%zu frames of 3 × 64 × 64, from bytes to a place: p50 %.1f us, p99 %.1f us, max %.1f us\n"
              "%zu allocations in the loop; mean error %.2f pixels\n",
              ticks, percentile(50), percentile(99), sorted.back(), allocated_in_the_loop, error);

  for (std::size_t shown = 0; shown < 3; ++shown) {
    const std::size_t tick = 1000 * shown + 200;
    look(seen, truth[tick], 200 + 1e-3f * float(tick), noise);
    for (std::size_t i = 0; i < pixels; ++i)
      plot.row("frames", 70 * shown + i % side, i / side, int(seen[3 * i]), int(seen[3 * i + 1]), int(seen[3 * i + 2]));
    plot.row("frames");
    const auto mark = [&](const char* block, place at) {
      plot.row(block, 70 * double(shown) + 32 + 32 * double(at.x), 32 + 32 * double(at.y));
    };
    mark("found", found[tick]);
    for (std::size_t i = tick - 200; i <= tick; i += 4) mark("path", found[i]);
    plot.row("path");
  }
  constexpr std::size_t bins = 80;
  const double low = 0.97 * sorted.front(), ratio = std::log(1.03 * sorted.back() / low) / bins;
  std::array<std::size_t, bins> histogram{};
  for (const double t : latency) ++histogram[std::size_t(std::log(t / low) / ratio)];
  for (std::size_t b = 0; b < bins; ++b)
    plot.row("histogram", low * std::exp(double(b) * ratio), low * std::exp(double(b + 1) * ratio), histogram[b]);
  plot.row("percentiles", percentile(50), "p50");
  plot.row("percentiles", percentile(99), "p99");
  plot.row("percentiles", sorted.back(), "max");
  plot.draw(R"gnuplot(
set multiplot title "A ball in 3000 camera frames"
unset border; unset tics; unset grid
set lmargin at screen 0.02; set rmargin at screen 0.98; set tmargin at screen 0.90; set bmargin at screen 0.48; set xrange [-1:204]; set yrange [64:-1]
set title "three frames, the ball as found, and its last 200 places"
plot for [i=0:2] $frames every :::i::i with rgbimage, $path with lines linewidth 1.5 linecolor '#ffffff', \
     $found with points pointtype 2 pointsize 2 linewidth 2 linecolor '#000000'
set border 3; set tics nomirror; set grid
set lmargin at screen 0.09; set rmargin at screen 0.95; set tmargin at screen 0.38; set bmargin at screen 0.10
set title "time of a frame"; set xlabel "µs"; set ylabel "frames"; set xrange [*:*] noextend; set yrange [0.5:9000]; set logscale xy
plot $histogram using 1:(0.5):1:2:(0.5):3 with boxxyerror linecolor '#0072b2', $percentiles using 1:(0.5):(0):(2000) with vectors nohead linewidth 1.5 linecolor '#d55e00', \
     $percentiles every ::0::0 using 1:(3500):2 with labels right textcolor '#d55e00', $percentiles every ::1 using 1:(3500):2 with labels left textcolor '#d55e00'
unset multiplot)gnuplot",
            900, 620);
  return allocated_in_the_loop != 0 || error > 2 || percentile(50) > 1000;
}
