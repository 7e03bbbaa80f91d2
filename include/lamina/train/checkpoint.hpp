#pragma once
#include <cstddef>
#include <string>

#include <lamina/core/checked.hpp>
#include <lamina/io/atomic_file.hpp>
#include <lamina/io/rotation.hpp>
#include <lamina/train/callback.hpp>
#include <lamina/train/checkpoint_file.hpp>

namespace lamina {

namespace detail {

template <class Trainer> class checkpoint_writer {
public:
  checkpoint_writer(const Trainer& trainer, const std::string& file, double every, double keep)
      : trainer_{trainer}, file_{file}, every_{static_cast<std::size_t>(every)}, keep_{static_cast<std::size_t>(keep)} {
    atomic_file{file}; // a folder that is not there is refused now and not after an epoch
  }
  bool epoch(const epoch_record& record) {
    last_ = record.epoch;
    if (last_ % every_ == 0) write();
    return true;
  }
  void finish() {
    if (written_ != last_) write();
  }

private:
  void write() {
    if (keep_ == 1) {
      trainer_.save(file_);
    } else {
      trainer_.save(file_ + ".next");
      rotate_files(file_, file_ + ".next", keep_);
    }
    written_ = last_;
  }

  const Trainer& trainer_;
  std::string file_;
  std::size_t every_, keep_, last_ = 0, written_ = 0;
};

} // namespace detail

/// Saves the trainer after every `every`th epoch (counted over resumed runs) and when training ends; `trainer.resume`
/// goes on from there. The newest checkpoint is always `file`; with `keep` = 3 the two before it are `file.1` and
/// `file.2`. A process that is killed at any moment leaves a whole checkpoint, if one was written, and perhaps a
/// `….tmp` that it was writing. Put it before `early_stopping`, whose restored parameters are no state of the run.
/// Errors: file_error where the file cannot be written: before training begins if the folder is not there.
/// Example: `trainer.fit(train, {.epochs = 50}, checkpoint{.file = "digits.checkpoint", .every = 5, .keep = 3});`
struct checkpoint {
  std::string file;
  whole_number<"checkpoint: every"> every = 1;
  whole_number<"checkpoint: keep"> keep = 1;

  template <class Trainer> auto watch(const Trainer& trainer) const {
    return detail::checkpoint_writer<Trainer>{trainer, file, every, keep};
  }
};

} // namespace lamina
