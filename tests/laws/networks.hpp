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

using networks = list<entry<"single", single>, entry<"tanh_7_13_5", tanh_7_13_5>, entry<"gelu_3_17_9_2", gelu_3_17_9_2>,
                      entry<"relu_5_33_4", relu_5_33_4>, entry<"wide", wide>, entry<"chained", chained>,
                      entry<"first_activation", first_activation>, entry<"after_softmax", after_softmax>,
                      entry<"nested", nested>, entry<"normalized", normalized>,
                      entry<"batch_normalized", batch_normalized>, entry<"by_rows", by_rows>, entry<"pieced", pieced>>;

} // namespace laws
