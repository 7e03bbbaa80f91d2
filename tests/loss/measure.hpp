#pragma once
// What a loss says of outputs and targets: its value and gradient, with nonsense in the padding.
#include <laws/support.hpp>

namespace laws {

struct measured {
  double value;
  numbers gradient;
};

/// A loss on outputs and targets, samples of `features` outputs and as many numbers, or of a label for each row of
/// `classes` outputs, as the trainer calls it.
template <class T, class Arch = xsimd::default_arch, class Loss, class Target>
measured measure(const Loss& written, const std::vector<T>& outputs, const std::vector<Target>& targets,
                 std::size_t features, std::size_t classes) {
  const la::detail::complete_loss<Loss> loss{written};
  const std::size_t batch = outputs.size() / features, stride = la::simd::padded<T, Arch>(features);
  la::aligned_block<T> y{batch * stride}, dy{batch * stride};
  // What stands in the padding must not matter.
  std::fill(y.data(), y.data() + y.size(), std::numeric_limits<T>::quiet_NaN());
  std::fill(dy.data(), dy.data() + dy.size(), T(7));
  std::vector<const T*> rows(batch);
  for (std::size_t m = 0; m < batch; ++m) std::copy_n(&outputs[m * features], features, y.data() + m * stride);
  const la::detail::loss_view<T> with{y.data(), dy.data(), stride, batch, features, classes};
  const la::detail::loss_view<T> without{y.data(), nullptr, stride, batch, features, classes};
  double sum = 0, sum_alone = 0;
  if constexpr (std::is_same_v<Target, la::label>) {
    sum = loss.template sum<T, Arch>(with, targets.data());
    sum_alone = loss.template sum<T, Arch>(without, targets.data());
  } else {
    for (std::size_t m = 0; m < batch; ++m) rows[m] = &targets[m * features];
    sum = loss.template sum<T, Arch>(with, rows.data());
    sum_alone = loss.template sum<T, Arch>(without, rows.data());
  }
  CHECK(sum == Approx(sum_alone).epsilon(is_double<T> ? 1e-14 : 1e-6));
  measured result{sum / loss.divisor(batch, features), {}};
  bool clean = true;
  for (std::size_t m = 0; m < batch; ++m)
    for (std::size_t n = 0; n < stride; ++n) {
      const T d = dy.data()[m * stride + n];
      if (n < features)
        result.gradient.push_back(static_cast<double>(d));
      else
        clean = clean && d == 0;
    }
  INFO("padding of the gradient");
  CHECK(clean);
  return result;
}

/// Of samples of one row.
template <class T, class Arch = xsimd::default_arch, class Loss, class Target>
measured measure(const Loss& loss, const std::vector<T>& outputs, const std::vector<Target>& targets,
                 std::size_t features) {
  return measure<T, Arch>(loss, outputs, targets, features, features);
}

inline std::vector<la::label> as_labels(const numbers& values) {
  std::vector<la::label> all;
  for (const double v : values) all.push_back(la::label{static_cast<unsigned>(v)});
  return all;
}

} // namespace laws
