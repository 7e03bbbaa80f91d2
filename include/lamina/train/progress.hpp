#pragma once
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <ctime>

#include <lamina/train/history.hpp>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace lamina::detail {

/// Seconds on a clock that only goes forward.
inline double seconds_now() {
  std::timespec now{};
#ifdef CLOCK_MONOTONIC
  clock_gettime(CLOCK_MONOTONIC, &now);
#else
  std::timespec_get(&now, TIME_UTC);
#endif
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

inline bool writes_to_terminal() {
#if __has_include(<unistd.h>)
  static const bool terminal = isatty(STDERR_FILENO) == 1;
  return terminal;
#else
  return false;
#endif
}

/// The line that a terminal shows while training; nothing where the output is no terminal.
class progress_line {
public:
  progress_line(std::size_t epochs, std::size_t samples)
      : epochs_{epochs}, samples_{samples}, shown_{writes_to_terminal()}, started_{seconds_now()} {}

  void batch(std::size_t epoch, std::size_t done, double loss) {
    if (shown_) show(epoch, done, loss);
  }
  void epoch(const epoch_record& record) {
    if (shown_) show(record);
  }

private:
  [[gnu::cold]] void show(const epoch_record& record) const {
    std::fprintf(stderr, "\r\033[Kepoch %zu/%zu  loss %.4f", record.epoch, epochs_, record.training_loss);
    if (!std::isnan(record.validation_loss)) std::fprintf(stderr, "  validation loss %.4f", record.validation_loss);
    if (!std::isnan(record.validation_metric))
      std::fprintf(stderr, "  accuracy %.2f %%", 100 * record.validation_metric);
    std::fprintf(stderr, "  %.0f samples/s\n", record.samples_per_second);
  }
  [[gnu::cold]] void show(std::size_t epoch, std::size_t done, double loss) {
    const double now = seconds_now();
    if (now - last_ < 0.1) return;
    last_ = now;
    const double all = static_cast<double>(epoch * samples_ + done), speed = all / (now - started_);
    const double left = (static_cast<double>(epochs_ * samples_) - all) / speed;
    std::fprintf(stderr, "\r\033[Kepoch %zu/%zu  %3.0f %%  loss %.4f  %.0f samples/s  %.0f s left", epoch + 1, epochs_,
                 100.0 * static_cast<double>(done) / static_cast<double>(samples_), loss, speed, left);
  }

  std::size_t epochs_, samples_;
  bool shown_;
  double started_, last_ = 0;
};

} // namespace lamina::detail
