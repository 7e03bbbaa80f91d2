#pragma once
// Odd networks, that all layers occur in and all places a layer can stand in: one here is under every law of networks.
#include "catalogue.hpp"

namespace laws {

struct single : la::network<la::input<1>, la::dense<1>> {};
struct tanh_7_13_5 : la::network<la::input<7>, la::dense<13>, la::tanh, la::dense<5>> {};
struct gelu_3_17_9_2 : la::network<la::input<3>, la::dense<17>, la::gelu, la::dense<9>, la::gelu, la::dense<2>> {};
struct relu_5_33_4 : la::network<la::input<5>, la::dense<33>, la::relu, la::dense<4>> {};
/// Wider than a panel of weights on every architecture.
struct wide : la::network<la::input<65>, la::dense<129>, la::relu, la::dense<37>, la::silu, la::dense<10>> {};
/// Several formulas in one stage, the last of which ends the network.
struct chained : la::network<la::input<4>, la::dense<11>, la::tanh, la::silu, la::softplus, la::dense<3>, quick_gelu,
                             la::softsign> {};
/// An activation with nothing before it, a layer without bias, a softmax that is read on.
struct first_activation : la::network<la::input<6>, la::sigmoid, la::dense<9, la::no_bias>, la::softmax, la::dense<3>> {
};
/// Formulas after a softmax, of which the first is kept by its input.
struct after_softmax : la::network<la::input<5>, la::dense<4>, la::softmax, la::silu, la::tanh, la::dense<19>,
                                   la::log_softmax, la::elu<>> {};
struct body : la::network<la::input<9>, la::dense<8, la::from<9>>, la::relu, la::named<"out", la::dense<6>>> {};
/// A network in a network, names, and shapes that are renamed before, between and after the stages; softmax by rows.
struct nested
    : la::network<la::input<3, 3>, la::flatten, la::named<"body", body>, la::relu, la::reshape<2, 3>, la::softmax,
                  la::flatten, la::named<"head", la::dense<8>>, la::reshape<4, 2>, la::log_softmax> {};
/// Layers that draw, and layers that measure their input.
struct normalized : la::network<la::input<6>, la::dense<20>, la::layer_norm, la::gelu, la::dropout<0.2>, la::dense<9>,
                                la::rms_norm, la::tanh, la::dense<3>> {};
struct batch_normalized : la::network<la::input<5>, la::dense<19>, la::batch_norm, la::relu, la::dropout<0.5>,
                                      la::dense<4>, la::batch_norm> {};
struct by_rows : la::network<la::input<12>, la::reshape<3, 4>, la::layer_norm, la::dropout<0.25>, la::gaussian_noise<>,
                             la::flatten, la::dense<5>, la::rms_norm> {};
/// Slopes and pieces.
struct pieced : la::network<la::input<7>, la::gaussian_noise<0.1>, la::prelu<>, la::maxout<10, la::pieces<3>>,
                            la::prelu<10>, la::named<"out", la::maxout<4>>> {};

/// Images: odd sizes, few and odd channels, a kernel of two sizes, batch norm by channel, and a row made of pixels.
struct small_image : la::network<la::input<2, 7, 6>, la::conv2d<5, la::kernel<3>, la::padding<1>>, la::batch_norm,
                                 la::relu, la::max_pool2d<2>, la::conv2d<9, la::kernel<2, 3>, la::no_bias>, la::tanh,
                                 la::dropout<0.2>, la::flatten, la::dense<5>> {};
/// Blocks with and without a way around, sums before formulas; the input is read by two.
struct small_blocks
    : la::network<la::input<3, 6, 5>, la::residual<la::conv2d<3, la::kernel<3>, la::same_padding>>, la::relu,
                  la::residual<la::conv2d<3, la::kernel<1>>, la::batch_norm, la::gelu,
                               la::residual<la::conv2d<3, la::kernel<3>, la::padding<1>>, la::tanh>, la::batch_norm>,
                  la::relu,
                  la::residual<la::shortcut<la::conv2d<7, la::kernel<1>, la::stride<2>>>,
                               la::conv2d<7, la::kernel<3>, la::stride<2>, la::padding<1>>, la::batch_norm>,
                  la::silu, la::global_avg_pool, la::residual<la::dense<7>, la::tanh>, la::dense<4>> {};
/// Paths of all kinds, in one another; what is joined is read as an image, by pixels, and as a row.
struct small_branches
    : la::network<la::input<2, 5, 5>,
                  la::branches<la::concat, la::path<la::conv2d<3, la::kernel<1>>, la::gelu>,
                               la::path<la::conv2d<4, la::kernel<3>, la::padding<1>>, la::batch_norm, la::relu>,
                               la::path<la::max_pool2d<3, la::stride<1>, la::padding<1>>>, la::path<>,
                               la::path<la::residual<la::conv2d<2, la::kernel<1>>>>>,
                  la::silu,
                  la::branches<la::add, la::path<la::conv2d<6, la::kernel<1>>, la::relu>,
                               la::path<la::conv2d<6, la::kernel<3>, la::padding<1>>>,
                               la::path<la::branches<la::concat, la::path<la::conv2d<2, la::kernel<1>>>,
                                                     la::path<la::conv2d<4, la::kernel<1>>, la::tanh>>>>,
                  la::avg_pool2d<2>, la::flatten,
                  la::branches<la::concat, la::path<la::dense<5>, la::tanh>, la::path<>, la::path<la::dense<3>>>,
                  la::named<"out", la::dense<4>>> {};
/// Signals, groups, and an image made of a row and given back row-major.
struct small_signal
    : la::network<la::input<4, 11>, la::conv1d<6, la::kernel<3>, la::stride<2>, la::padding<1>, la::groups<2>>,
                  la::softplus, la::avg_pool1d<2>, la::batch_norm, la::conv1d<6, la::kernel<2>, la::groups<6>>,
                  la::max_pool1d<2>, la::flatten, la::dense<12>, la::relu, la::reshape<3, 2, 2>,
                  la::conv_transpose2d<4, la::kernel<3>, la::stride<2>, la::padding<1>, la::output_padding<1>>,
                  la::tanh, la::conv_transpose2d<2, la::kernel<2, 1>, la::no_bias>> {};

/// Norms of images by groups and as a whole, slopes of channels, channels left out; a row that was an image.
struct normalized_image
    : la::network<la::input<3, 5, 4>, la::group_norm<3>, la::conv2d<6, la::kernel<3>, la::padding<1>>,
                  la::group_norm<2>, la::relu, la::channel_dropout<0.3>, la::prelu<>, la::conv2d<20, la::kernel<2>>,
                  la::layer_norm, la::gelu, la::prelu<20>, la::max_pool2d<2, la::stride<1>>, la::batch_norm,
                  la::channel_dropout<0.2>, la::avg_pool2d<2, la::stride<1>, la::padding<1>>, la::rms_norm, la::flatten,
                  la::layer_norm, la::softplus, la::dense<6>, la::group_norm<2>, la::dense<3>> {};
/// The same at the ends of paths, whose outputs stand in pieces.
struct normalized_paths
    : la::network<
          la::input<4, 4, 5>, la::channel_dropout<0.1>,
          la::branches<la::concat, la::path<la::conv2d<5, la::kernel<1>>, la::batch_norm, la::tanh>,
                       la::path<la::group_norm<2>, la::channel_dropout<0.3>>, la::path<la::layer_norm, la::softplus>,
                       la::path<la::conv2d<17, la::kernel<1>>, la::prelu<17>>, la::path<la::prelu<>>,
                       la::path<la::rms_norm>, la::path<la::channel_dropout<0.5>>,
                       la::path<la::max_pool2d<3, la::stride<1>, la::padding<1>>, la::channel_dropout<0.2>>>,
          la::channel_dropout<0.1>, la::conv2d<8, la::kernel<1>>, la::residual<la::group_norm<4>, la::silu>,
          la::residual<la::conv2d<8, la::kernel<1>>, la::layer_norm>, la::global_max_pool, la::dense<2>> {};
/// Signals, which stay row-major for a norm of their last axis.
struct normalized_signal
    : la::network<la::input<4, 10>, la::channel_dropout<0.2>, la::group_norm<2>, la::prelu<4>, la::layer_norm,
                  la::conv1d<6, la::kernel<3>>, la::rms_norm, la::prelu<>, la::batch_norm,
                  la::max_pool1d<3, la::stride<2>>, la::global_avg_pool, la::dense<3>> {};
/// Windows that overlap, leave gaps, leave pixels over, reach over the border, and are too large to be unrolled.
struct pooled : la::network<la::input<9, 13, 12>, la::max_pool2d<la::extent{2, 3}, la::stride<1>>, la::tanh,
                            la::avg_pool2d<2, la::stride<1>>, la::residual<la::max_pool2d<1>, la::tanh>,
                            la::max_pool2d<3, la::stride<2>, la::padding<1>>,
                            la::residual<la::avg_pool2d<la::extent{3, 1}, la::stride<1>, la::padding<1, 0>>, la::tanh>,
                            la::branches<la::concat, la::path<la::max_pool2d<2, la::stride<3>>>,
                                         la::path<la::avg_pool2d<2, la::stride<3>>>,
                                         la::path<la::max_pool2d<4, la::stride<3>, la::padding<1>>>,
                                         la::path<la::avg_pool2d<4, la::stride<3>, la::padding<1>>>>,
                            la::global_avg_pool, la::dense<4>> {};

/// Sequences: steps that see earlier ones, in blocks, and recurrent layers that give every step or the last one.
struct small_sequence
    : la::network<la::input<9, 2>, la::causal_conv1d<5, la::kernel<3>, la::dilation<2>>, la::tanh,
                  la::residual<la::causal_conv1d<5, la::kernel<2>>, la::softplus>, la::gru<7, la::return_sequence>,
                  la::dropout<0.2>, la::layer_norm, la::lstm<6>, la::tanh, la::dense<3>> {};
/// Every step to the end, and what reads it as a row; a formula behind a recurrent layer.
struct recurrent : la::network<la::input<6, 3>, la::rnn<20, la::return_sequence>, la::softplus,
                               la::per_step<la::dense<8>>, la::residual<la::lstm<8, la::return_sequence>>, la::relu,
                               la::causal_conv1d<4, la::kernel<2>, la::groups<2>, la::no_bias>, la::softmax,
                               la::flatten, la::dense<5>> {};
/// Few outputs of every step: weights in rows, one's own and another's, of features that are whole vectors.
struct few_of_steps
    : la::network<la::input<7, 3>, la::rnn<16, la::return_sequence>, la::named<"few", la::per_step<la::dense<2>>>,
                  la::tanh, la::per_step<la::dense<16, la::no_bias>>, la::softplus,
                  la::per_step<la::dense<2, la::weight_of<"few">>>, la::silu, la::per_step<la::dense<8>>, la::tanh,
                  la::per_step<la::dense<1, la::no_bias>>, la::flatten, la::dense<3>> {};
/// Layers that see steps to come, and a layer whose context is its output; two kinds of masks.
struct attentive
    : la::network<la::input<5, 6>, la::positional_encoding, la::tanh,
                  la::bidirectional<la::gru<3, la::return_sequence>>, la::residual<la::self_attention<2, la::causal>>,
                  la::silu, la::jordan_rnn<9, la::return_sequence>, la::self_attention<3>, la::softplus,
                  la::bidirectional<la::lstm<2>>, la::dense<3>> {};

/// Weights used again: three times and across a block, transposed, without a bias, of few outputs; in a network inside,
/// whose names are its own.
struct tied_body : la::network<la::input<9>, la::named<"in", la::dense<9>>, la::tanh, la::dense<9, la::weight_of<"in">>,
                               la::silu, la::dense<9, la::no_bias, la::transposed_weight_of<"in">>> {};
struct tied : la::network<la::input<70>, la::named<"in", la::dense<9>>, la::relu, la::named<"body", tied_body>,
                          la::residual<la::tanh, la::dense<9, la::weight_of<"body.in">>, la::batch_norm>,
                          la::named<"few", la::dense<2>>, la::tanh, la::dense<9, la::transposed_weight_of<"few">>,
                          la::softplus, la::dense<70, la::transposed_weight_of<"in">, la::from<9>>, la::batch_norm,
                          la::tanh, la::dense<9, la::weight_of<"in">, la::no_bias>> {};
/// Weights by the pixels of an image: what leaves their transposition is one again, and a row is put into its order.
struct tied_image
    : la::network<la::input<2, 4, 3>, la::conv2d<3, la::kernel<3>, la::padding<1>>, la::tanh, la::flatten,
                  la::named<"encoder", la::dense<5>>, la::relu, la::dense<36, la::transposed_weight_of<"encoder">>,
                  la::silu, la::dense<5, la::weight_of<"encoder">>, la::tanh, la::dense<36>, la::softplus,
                  la::dense<5, la::weight_of<"encoder">>, la::tanh, la::dense<36, la::transposed_weight_of<"encoder">>,
                  la::reshape<3, 4, 3>, la::conv2d<2, la::kernel<1>>> {};

/// Filters used again: by a transposed convolution, at another stride, side by side, in groups and one after another.
struct tied_filters
    : la::network<
          la::input<2, 7, 7>, la::named<"down", la::conv2d<4, la::kernel<3>, la::stride<2>, la::padding<1>>>, la::tanh,
          la::named<"same", la::conv2d<4, la::kernel<3>, la::same_padding, la::groups<2>>>, la::batch_norm, la::relu,
          la::residual<la::conv2d<4, la::kernel<3>, la::same_padding, la::groups<2>, la::weight_of<"same">>,
                       la::batch_norm>,
          la::silu, la::conv_transpose2d<2, la::kernel<3>, la::stride<2>, la::padding<1>, la::weight_of<"down">>,
          la::sigmoid, la::conv2d<4, la::weight_of<"down">, la::kernel<3>, la::no_bias>, la::max_pool2d<2>, la::tanh,
          la::global_avg_pool, la::dense<3>> {};

using networks =
    list<entry<"single", single>, entry<"tanh_7_13_5", tanh_7_13_5>, entry<"gelu_3_17_9_2", gelu_3_17_9_2>,
         entry<"relu_5_33_4", relu_5_33_4>, entry<"wide", wide>, entry<"chained", chained>,
         entry<"first_activation", first_activation>, entry<"after_softmax", after_softmax>, entry<"nested", nested>,
         entry<"normalized", normalized>, entry<"batch_normalized", batch_normalized>, entry<"by_rows", by_rows>,
         entry<"pieced", pieced>, entry<"small_image", small_image>, entry<"small_blocks", small_blocks>,
         entry<"small_branches", small_branches>, entry<"small_signal", small_signal>,
         entry<"normalized_image", normalized_image>, entry<"normalized_paths", normalized_paths>,
         entry<"normalized_signal", normalized_signal>, entry<"pooled", pooled>,
         entry<"small_sequence", small_sequence>, entry<"recurrent", recurrent>, entry<"few_of_steps", few_of_steps>,
         entry<"attentive", attentive>, entry<"tied", tied>, entry<"tied_image", tied_image>,
         entry<"tied_filters", tied_filters>>;

} // namespace laws
