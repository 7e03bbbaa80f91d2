#pragma once
#include <lamina/core/parameter.hpp>
#include <lamina/model/storage.hpp>
#include <string_view>

namespace lamina {

/// The gradient of a loss by all parameters: `gradient("2.weight")(n, k)`.
template <class Model> class gradient_of {
public:
  using scalar = typename Model::scalar;
  parameter_view<const scalar> operator()(std::string_view name) const { return {block_.data(), Model::find(name)}; }
  scalar* data() { return block_.data(); }
  const scalar* data() const { return block_.data(); }

private:
  aligned_block<scalar> block_{Model::block_size};
};

} // namespace lamina
