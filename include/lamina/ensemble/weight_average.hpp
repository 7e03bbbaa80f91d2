#pragma once
#include <cstddef>

#include <lamina/core/checked.hpp>
#include <lamina/ensemble/average.hpp>
#include <lamina/train/history.hpp>

namespace lamina {

/// The exponential moving average of a model's weights while it is trained, one step of it an epoch, as a callback of
/// `fit`: a ← w after the first epoch, then a ← βa + (1−β)w, β the `decay`. It goes on where it was in the next `fit`.
/// Errors: argument_error for a decay outside [0, 1). Source: Izmailov et al. 2018;
/// torch.optim.swa_utils.AveragedModel. Example (tests/ensemble/average.cpp):
///
///     la::weight_average smooth{model, 0.9};
///     trainer.fit(train, {.epochs = 20}, smooth);
///     std::cout << la::accuracy(smooth.averaged(), test);
template <class Model> class weight_average {
public:
  explicit weight_average(const Model& start, below_one<"weight_average: decay"> decay = 0.9)
      : averaged_{average(start)}, decay_{decay} {}

  /// The average, which owns its parameters; before the first epoch, the model as it was at the start.
  const auto& averaged() const { return averaged_; }
  /// How many epochs went into it.
  std::size_t epochs() const { return epochs_; }

  /// Takes in the weights as they are.
  void add(const Model& model) {
    using scalar = typename Model::scalar;
    const double keep = epochs_++ ? double{decay_} : 0;
    scalar* const a = averaged_.data();
    for (std::size_t i = 0; i < Model::block_size; ++i)
      a[i] = static_cast<scalar>(keep * static_cast<double>(a[i]) + (1 - keep) * static_cast<double>(model.data()[i]));
  }

  template <class Trainer> auto watch(Trainer& trainer) {
    struct watcher {
      weight_average& average;
      Trainer& trainer;
      bool epoch(const epoch_record&) { return average.add(trainer.trained()), true; }
      void finish() {}
    };
    return watcher{*this, trainer};
  }

private:
  typename detail::owning<Model>::type averaged_;
  below_one<"weight_average: decay"> decay_;
  std::size_t epochs_ = 0;
};

} // namespace lamina
