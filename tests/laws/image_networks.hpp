#pragma once
// Networks on images whose parameters and losses PyTorch has written: golden/make_image_networks.py has the same ones.
#include <lamina/lamina.hpp>
#include <laws/catalogue.hpp>

namespace laws {

struct lenet : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu,
                           la::max_pool2d<2>, la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten,
                           la::dense<128>, la::relu, la::dropout<0.25>, la::dense<10>> {};
/// Whose training is the same every time.
struct lenet_without_dropout
    : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu, la::max_pool2d<2>,
                  la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten, la::dense<128>, la::relu,
                  la::named<"11", la::dense<10>>> {};

/// Strides, groups, depthwise and pointwise convolutions, dilation, a norm after each, a mean over the image.
struct separable
    : la::network<la::input<3, 19, 17>, la::conv2d<8, la::kernel<3>, la::stride<2>, la::padding<1>>, la::batch_norm,
                  la::relu, la::conv2d<8, la::kernel<3, 5>, la::same_padding, la::groups<8>, la::no_bias>,
                  la::batch_norm, la::relu6, la::conv2d<16, la::kernel<1>, la::no_bias>, la::batch_norm, la::silu,
                  la::conv2d<24, la::kernel<3, 2>, la::stride<1, 2>, la::groups<4>, la::no_bias>, la::batch_norm,
                  la::relu, la::avg_pool2d<3, la::stride<1>, la::padding<1>>,
                  la::conv2d<17, la::kernel<3>, la::padding<2>, la::dilation<2>>, la::batch_norm, la::tanh,
                  la::global_avg_pool, la::dense<10>> {};

/// From a row of numbers to an image: conv1d, conv_transpose2d and norms of groups.
struct decoder
    : la::network<la::input<2, 31>, la::conv1d<12, la::kernel<5>, la::stride<2>, la::padding<2>>, la::group_norm<3>,
                  la::tanh, la::max_pool1d<2>, la::batch_norm, la::reshape<6, 4, 4>,
                  la::conv_transpose2d<8, la::kernel<4>, la::stride<2>, la::padding<1>>, la::group_norm<4>, la::gelu,
                  la::conv_transpose2d<4, la::kernel<3>, la::stride<2, 1>, la::groups<2>, la::no_bias>, la::layer_norm,
                  la::relu, la::conv2d<2, la::kernel<3, 2>, la::stride<2>>> {};

} // namespace laws
