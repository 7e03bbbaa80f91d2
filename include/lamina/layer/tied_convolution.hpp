#pragma once
#include <cstddef>

#include <lamina/layer/causal_conv1d.hpp>
#include <lamina/layer/conv1d.hpp>
#include <lamina/layer/conv2d.hpp>
#include <lamina/layer/conv_transpose2d.hpp>
#include <lamina/layer/tied_weight.hpp>

/// Convolutions with the filters of another one: `conv2d<8, kernel<3>, weight_of<"stem">>`, and the option `weight_of`
/// of the others likewise. Parameters: bias (F) unless `no_bias`. The weights have one shape, however many groups share
/// it; strides, paddings and dilations are the layer's own. A `conv_transpose2d` with the weight of a convolution is
/// its adjoint, the decoder of a convolutional autoencoder. Errors: those of the layer; tied_name, tied_weight (for a
/// `transposed_weight_of` too) and tied_shape. Source: torch.nn.functional.conv2d and conv_transpose2d with another
/// module's weight. Example: tests/train/tied.cpp.
namespace lamina {

template <std::size_t Filters, class... Options>
  requires(detail::is_tie<Options> || ...)
struct conv1d<Filters, Options...>
    : detail::tied_layer<typename detail::without_tie<conv1d<Filters, Options...>>::type, Options...> {};

template <std::size_t Filters, class... Options>
  requires(detail::is_tie<Options> || ...)
struct conv2d<Filters, Options...>
    : detail::tied_layer<typename detail::without_tie<conv2d<Filters, Options...>>::type, Options...> {};

template <std::size_t Filters, class... Options>
  requires(detail::is_tie<Options> || ...)
struct conv_transpose2d<Filters, Options...>
    : detail::tied_layer<typename detail::without_tie<conv_transpose2d<Filters, Options...>>::type, Options...> {};

template <std::size_t Filters, class... Options>
  requires(detail::is_tie<Options> || ...)
struct causal_conv1d<Filters, Options...>
    : detail::tied_layer<typename detail::without_tie<causal_conv1d<Filters, Options...>>::type, Options...> {};

} // namespace lamina
