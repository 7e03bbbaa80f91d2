#pragma once
#include <cstddef>
#include <lamina/data/dataset.hpp>

namespace lamina {

/// How `fit` runs: `{.epochs = 10, .batch_size = 64, .validation = &test}`.
template <class Target> struct fit_options {
  std::size_t epochs = 1, batch_size = 32;
  const dataset<Target>* validation = nullptr; ///< measured after every epoch
};

} // namespace lamina
