#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <lamina/core/error.hpp>
#include <lamina/core/seed.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/model/forward_one.hpp>
#include <lamina/model/storage.hpp>
#include <lamina/model/tokens.hpp>
#include <lamina/network/parameter_block.hpp>

namespace lamina {

namespace detail {

/// Whether a sample may have this length; any may where the network's own message says enough.
template <class Net, std::size_t Length>
inline constexpr bool takes_length = Length == Net::input_shape.size() || Net::poisoned;

template <class Net, std::size_t Length>
using wrong_length =
    wrong_call<reason::input_length, spelled<expects, dimensions{1, {Net::input_shape.size()}}>, gets<Length>>;

} // namespace detail

/// The parameters of a network, and the network applied to one sample.
/// `model<digits> m{seed{1}}; auto logits = m(sample);` Calls are const, take no lock and no heap, and may run on many
/// threads at once. Scalar: float or double. Storage: `heap`, `in_place` or `external`. Arch: an xsimd architecture;
/// the layout in memory depends on it. Errors: a sample of another length is a compile-time error where its length is
/// known to the compiler, else argument_error. Example: examples/05_real_time.cpp.
template <Network Net, class Scalar = float, class Storage = heap, class Arch = xsimd::default_arch> class model {
  using block_layout = parameter_block<Net, Scalar, Arch>;

public:
  using network = Net;
  using scalar = Scalar;
  using architecture = Arch;
  using output = tensor<Scalar, Net::output_shape>;

  /// All parameters as data, in PyTorch's order.
  static constexpr const auto& parameters = block_layout::parameters;
  /// Other names of parameters in files, where layers share a weight.
  static constexpr auto second_names = detail::second_names_of<Net>();
  /// Elements of the block, padding included.
  static constexpr std::size_t block_size = block_layout::size;

  explicit model(seed from) : seed_{from.value} { draw(); }
  model(seed from, std::span<Scalar> buffer) : block_{buffer}, seed_{from.value} {
    for (std::size_t i = 0; i < block_size; ++i) block_.data()[i] = 0;
    draw();
  }

  /// The output for one sample.
  output operator()(std::span<const Scalar> input) const {
    if (input.size() != Net::input_shape.size())
      throw argument_error(
          expected_got("input of the model", detail::joined_text({Net::input_shape.size(), " numbers"}), input.size()));
    return run(input.data());
  }
  template <class T, std::size_t Length>
    requires(detail::takes_length<Net, Length> && std::is_same_v<std::remove_const_t<T>, Scalar>)
  output operator()(std::span<T, Length> input) const {
    return run(input.data());
  }
  template <class T, std::size_t Length>
    requires(detail::takes_length<Net, Length> && std::is_same_v<T, Scalar>)
  output operator()(const std::array<T, Length>& input) const {
    return run(input.data());
  }
  /// A sample whose length the compiler knows to be wrong: the type that this gives cannot be used, and says why.
  template <class T, std::size_t Length>
    requires(!detail::takes_length<Net, Length> && Length != std::dynamic_extent)
  detail::wrong_length<Net, Length> operator()(std::span<T, Length> input) const;
  template <class T, std::size_t Length>
    requires(!detail::takes_length<Net, Length>)
  detail::wrong_length<Net, Length> operator()(const std::array<T, Length>& input) const;

  /// Parameters are taken over from a model of the same type alone.
  template <class Other, class... More>
    requires(!std::is_same_v<Other, Net>)
  wrong_call<reason::other_network, Net, Other> operator=(const lamina::model<Other, More...>&);

  /// A view of a parameter in PyTorch's layout: `m.parameter("0.weight")(n, k)`. Errors: argument_error for a name that
  /// is not there.
  parameter_view<Scalar> parameter(std::string_view name) { return {block_.data(), find(name)}; }
  parameter_view<const Scalar> parameter(std::string_view name) const { return {block_.data(), find(name)}; }

  /// The block as it is in memory (see the map, "Numbers in memory").
  Scalar* data() { return block_.data(); }
  const Scalar* data() const { return block_.data(); }
  seed drawn_from() const { return seed{seed_}; }

  static const lamina::parameter& find(std::string_view name) {
    for (const lamina::parameter& p : parameters)
      if (p.name.view() == name) return p;
    std::string known = "one of";
    for (const lamina::parameter& p : parameters)
      known = detail::joined_text({known, &p == parameters.data() ? " " : ", ", p.name.view()});
    throw argument_error(expected_got("parameter of the model", known, name));
  }

private:
  output run(const Scalar* input) const {
    detail::require_tokens<Net>(input, 0);
    output result;
    detail::forward_one<Net, Scalar, Arch>::run(block_.data(), input, result.data());
    return result;
  }
  void draw() {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const lamina::parameter& p = parameters[i];
      parameter_view<Scalar> view{block_.data(), p};
      for (std::size_t j = 0; j < view.size(); ++j) view[j] = static_cast<Scalar>(p.draw(p, seed_, i, j));
    }
  }

  typename Storage::template block<Scalar, block_size> block_;
  std::uint64_t seed_;
};

} // namespace lamina
