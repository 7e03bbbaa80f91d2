#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <lamina/core/text.hpp>
#include <lamina/ensemble/ensemble.hpp>
#include <lamina/simd/random.hpp>

namespace lamina {

/// As many samples as a data set has, drawn from it with replacement, and those that were not drawn: views.
template <class Target> struct bootstrap_sample {
  dataset<Target> drawn, out_of_bag;
};

namespace detail {

inline constexpr std::uint64_t bootstrap_stream = std::uint64_t{1} << 63;

/// Indices instead of samples.
struct bootstrap_indices {
  std::vector<std::size_t> drawn, out_of_bag;

  bootstrap_indices(std::size_t count, seed from, std::size_t number) : drawn(count) {
    const simd::random_stream stream{from.value, bootstrap_stream + number};
    std::vector<bool> seen(count);
    for (std::size_t i = 0; i < count; ++i) {
      drawn[i] = simd::bounded(stream, i, static_cast<std::uint32_t>(count));
      seen[drawn[i]] = true;
    }
    for (std::size_t i = 0; i < count; ++i)
      if (!seen[i]) out_of_bag.push_back(i);
  }
};

template <class Target> void require_bag(const dataset<Target>& data, const std::string& where) {
  if (data.empty()) throw argument_error(expected_got(where, "at least 1 sample", "0"));
}

} // namespace detail

/// Bootstrap sample `number` of a data set; those of one seed are independent. About 1/e of the samples are left out.
/// Errors: argument_error for no samples. Source: Efron 1979.
template <class Target>
bootstrap_sample<Target> bootstrap(const dataset<Target>& data, seed from, std::size_t number = 0) {
  detail::require_bag(data, "bootstrap");
  const detail::bootstrap_indices indices{data.size(), from, number};
  return {data.select(indices.drawn), data.select(indices.out_of_bag)};
}

/// What `bagging` gives: the ensemble, and how well it does on what its members did not see, which needs no samples set
/// apart.
template <Network Net, class Target, class Scalar = float, class Arch = xsimd::default_arch> class bagged {
public:
  bagged(ensemble<Net, Scalar, Arch> trained, const dataset<Target>& data, seed from)
      : models{std::move(trained)}, data_{data}, from_{from} {}

  ensemble<Net, Scalar, Arch> models;

  /// The share of samples whose class has the largest mean probability among the members that did not see them. Samples
  /// that every member saw are left out. Errors: argument_error where that are all.
  double out_of_bag_accuracy() const {
    return scored<detail::add_probabilities<Net>>(
        [&](const auto& pool, const auto& which) { return detail::accuracy_of(pool, data_, which); });
  }
  /// The same for a loss of the mean prediction; see `mean_loss` of an ensemble.
  template <class Loss> double out_of_bag_loss(const Loss& loss) const {
    return scored<detail::way_of_loss<Net, Loss>>(
        [&](const auto& pool, const auto& which) { return detail::loss_of(pool, loss, data_, which); });
  }

private:
  template <class Way, class Score> double scored(const Score& score) const {
    detail::pool<Way, Net, Scalar, Arch> pool{data_.size()};
    for (std::size_t number = 0; number < models.size(); ++number) {
      const auto unseen = detail::bootstrap_indices{data_.size(), from_, number}.out_of_bag;
      if (!unseen.empty())
        pool.add(models[number].data(), data_.select(unseen), [&](std::size_t i) { return unseen[i]; });
    }
    const std::vector<std::size_t> predicted = pool.predicted();
    if (predicted.empty())
      throw argument_error(
          expected_got("out-of-bag score", "a sample that some model did not see",
                       detail::joined_text({"none of ", data_.size(), " samples and ", models.size(), " models"})));
    return score(pool, predicted);
  }

  dataset<Target> data_;
  seed from_;
};

/// Trains `count` models, each on a bootstrap sample of its own: `train(model, sample)` is called for each, with a
/// model drawn from a seed of its own. All is a function of one seed. Errors: argument_error for no samples, no models,
/// or a data set that does not fit. Source: Breiman 1996. Example (tests/ensemble/bagging.cpp):
///
///     const auto bag = la::bagging<digits>(data, 10, la::seed{1}, [](auto& model, const auto& sample) {
///       la::trainer{model, la::softmax_cross_entropy{}, la::adam{}}.fit(sample, {.epochs = 5});
///     });
///     std::cout << bag.out_of_bag_accuracy() << ' ' << la::accuracy(bag.models, test);
template <Network Net, class Scalar = float, class Arch = xsimd::default_arch, class Target, class Train>
bagged<Net, Target, Scalar, Arch> bagging(const dataset<Target>& data, std::size_t count, seed from, Train train) {
  detail::require_bag(data, "bagging");
  if (count == 0) throw argument_error(expected_got("bagging", "at least 1 model", "0"));
  detail::require_fit<Net>(data, "bagging");
  std::vector<model<Net, Scalar, heap, Arch>> models;
  models.reserve(count);
  for (std::size_t number = 0; number < count; ++number) {
    const simd::random_stream seeds{from.value, detail::bootstrap_stream - 1};
    models.emplace_back(seed{seeds.bits(number)});
    train(models.back(), data.select(detail::bootstrap_indices{data.size(), from, number}.drawn));
  }
  return {ensemble<Net, Scalar, Arch>{std::move(models)}, data, from};
}

} // namespace lamina
