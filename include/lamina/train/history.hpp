#pragma once
#include <cstddef>
#include <vector>

namespace lamina {

/// What one epoch came to. Validation values are NaN where no validation set was given.
struct epoch_record {
  std::size_t epoch = 0;        ///< from 1
  double training_loss = 0;     ///< mean over the epoch, each batch before its update
  double validation_loss = 0;   ///< after the epoch
  double validation_metric = 0; ///< accuracy for `label` and `labels`, after the epoch
  double seconds = 0;
  double samples_per_second = 0;
};

/// The epochs of a training, in order.
class history {
public:
  std::size_t size() const { return epochs_.size(); }
  bool empty() const { return epochs_.empty(); }
  const epoch_record& front() const { return epochs_.front(); }
  epoch_record& back() { return epochs_.back(); }
  const epoch_record& back() const { return epochs_.back(); }
  const epoch_record& operator[](std::size_t i) const { return epochs_[i]; }
  auto begin() const { return epochs_.begin(); }
  auto end() const { return epochs_.end(); }
  void push_back(const epoch_record& record) { epochs_.push_back(record); }

private:
  std::vector<epoch_record> epochs_;
};

} // namespace lamina
