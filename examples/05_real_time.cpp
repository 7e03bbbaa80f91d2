// usage: 05_real_time [SECONDS]
// A network in a real-time loop: a pendulum, held upright 10,000 times a second.
//
// The controller is trained once, saved, and loaded into a model that lives in static storage. In the loop nothing is
// allocated, locked or looked up: model(input) is a const function of constant time.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <vector>

#include <lamina/lamina.hpp>

namespace la = lamina;
using clock_type = std::chrono::steady_clock;

struct controller : la::network<la::input<2>, la::dense<32>, la::tanh, la::dense<32>, la::tanh, la::dense<1>> {};

static la::model<controller, float, la::in_place> running{la::seed{1}}; // its parameters are members: no heap

// The control law to imitate: proportional and derivative, with a motor that saturates.
float law(float angle, float speed) { return std::tanh(3 * angle + speed); }

void train_and_save(const std::filesystem::path& file) {
  std::mt19937 random{1};
  std::uniform_real_distribution<float> place{-1, 1};
  la::dataset<la::values> examples{2, 1};
  for (int i = 0; i < 4000; ++i) {
    const float angle = place(random), speed = 2 * place(random);
    examples.push_back({angle, speed}, {law(angle, speed)});
  }
  la::model<controller> model{la::seed{1}};
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{.learning_rate = 3e-3f}};
  trainer.fit(examples, {.epochs = 30, .batch_size = 32});
  std::printf("imitates the control law with a mean squared error of %.1e\n",
              double(trainer.fit(examples, {.epochs = 1, .batch_size = 32}).back().training_loss));
  la::save(model, file);
}

int main(int argument_count, char** arguments) {
  const double seconds = argument_count > 1 ? std::atof(arguments[1]) : 3;
  const auto file = std::filesystem::temp_directory_path() / "lamina_controller.safetensors";
  train_and_save(file);
  la::load(running, file);

  constexpr auto period = std::chrono::microseconds{100};
  const auto ticks = std::size_t(seconds * 10'000);
  std::vector<double> latency(ticks); // filled in the loop, sorted after it
  float angle = 0.4f, speed = 0;
  auto next = clock_type::now();
  for (std::size_t tick = 0; tick < ticks; ++tick) {
    while (clock_type::now() < next) {
    } // a real loop waits for its interrupt or its audio callback
    next += period;
    const auto begin = clock_type::now();
    const float torque = running(std::array{angle, speed})[0];
    latency[tick] = std::chrono::duration<double, std::nano>(clock_type::now() - begin).count();
    const float step = 1e-4f; // the pendulum falls, the motor pushes back
    speed += step * (9.81f * std::sin(angle) - 18 * torque);
    angle += step * speed;
  }

  std::sort(latency.begin(), latency.end());
  const auto percentile = [&](double p) { return latency[std::min(ticks - 1, std::size_t(p / 100 * double(ticks)))]; };
  std::printf("%zu ticks of 100 us; one inference and two readings of the clock, in ns\n", ticks);
  std::printf("  median %.0f · 99 %% %.0f · 99.9 %% %.0f · worst %.0f\n", percentile(50), percentile(99),
              percentile(99.9), latency.back());
  std::printf("the pendulum ends at %+.4f rad, %+.4f rad/s\n", angle, speed);
  return std::abs(angle) > 0.05f;
}
