#pragma once
#include <cstddef>
#include <cstring>
#include <limits>

#include <lamina/core/checked.hpp>
#include <lamina/model/storage.hpp>
#include <lamina/train/callback.hpp>

namespace lamina {

namespace detail {

template <class Model> class best_parameters {
public:
  best_parameters(Model& model, double patience) : model_{model}, patience_{patience} {}
  bool epoch(const epoch_record& record) {
    if (!(record.validation_loss < best_)) return ++waited_ < patience_;
    best_ = record.validation_loss, waited_ = 0;
    std::memcpy(kept_.data(), model_.data(), bytes);
    return true;
  }
  void finish() {
    if (best_ < std::numeric_limits<double>::infinity()) std::memcpy(model_.data(), kept_.data(), bytes);
  }

private:
  static constexpr std::size_t bytes = Model::block_size * sizeof(typename Model::scalar);

  Model& model_;
  double patience_, best_ = std::numeric_limits<double>::infinity(), waited_ = 0;
  aligned_block<typename Model::scalar> kept_{Model::block_size};
};

} // namespace detail

/// Ends training when the validation loss was not below its best for `patience` epochs in a row, and gives the model
/// the parameters of its best epoch, also where training ends for another reason than this one. A loss that is NaN is
/// no best. It watches one call of `fit`; the optimizer's slots stay those of the last epoch.
/// Errors: argument_error where `fit` has no validation set, before training begins.
/// Source: Prechelt 1998. Example: `trainer.fit(train, {.epochs = 100, .validation = &test}, early_stopping{});`
struct early_stopping {
  static constexpr const char* needs_validation = "early_stopping";
  whole_number<"early_stopping: patience"> patience = 3;

  template <class Trainer> auto watch(Trainer& trainer) const {
    return detail::best_parameters<typename Trainer::model_type>{trainer.trained(), patience};
  }
};

} // namespace lamina
