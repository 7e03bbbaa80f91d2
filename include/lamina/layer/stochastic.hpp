#pragma once
#include <lamina/core/diagnostics.hpp>
#include <lamina/expression/freeze.hpp>

/// Layers that draw in training and do nothing in inference. What they draw is a function of the seed, the step, the
/// sample and the feature: it is drawn again in backward and kept nowhere.
namespace lamina {

/// Leaves out each number with probability P and makes up for it by 1/(1−P).
/// Shape: same. Forward: y = x/(1−P) where a draw from [0, 1) is at least P, else 0; inference: y = x.
/// Errors: P outside [0, 1) does not compile. Source: Srivastava et al. 2014; torch.nn.Dropout.
template <double P = 0.5> struct dropout {
  static constexpr double scale = P < 1 ? 1 / (1 - P) : 0;
  using formula = frozen<select(terms::noise >= P, terms::x* scale, 0)>;
  using inference_formula = terms::term<"x">;
  static constexpr shape_answer infer(dimensions in) {
    return P >= 0 && P < 1 ? fits(in) : does_not_fit(reason::out_of_range, {}, {});
  }
};

/// Leaves out each channel of an image or a signal as a whole with probability P and makes up for it by 1/(1−P).
/// Shape: same, (C, H, W) or (C, L). Forward: as `dropout`, with one draw for all pixels of a sample's channel;
/// inference: y = x. Errors: input_rank for a row of features; P outside [0, 1) does not compile. Source: Tompson et
/// al. 2015; torch.nn.Dropout2d and Dropout1d.
template <double P = 0.5> struct channel_dropout {
  static constexpr bool of_channels = true;
  static constexpr double scale = dropout<P>::scale;
  using formula = frozen<select(terms::channel_noise >= P, terms::x* scale, 0)>;
  using inference_formula = terms::term<"x">;
  static constexpr shape_answer infer(dimensions in) {
    if (in.rank < 2) return does_not_fit(reason::input_rank, {3, {0, 0, 0}}, in);
    return dropout<P>::infer(in);
  }
};

/// Adds noise of the normal distribution with mean 0.
/// Shape: same. Forward: y = x + σn; inference: y = x. Errors: a negative deviation does not compile.
template <double Deviation = 0.1> struct gaussian_noise {
  using formula = frozen<terms::x + Deviation * terms::normal>;
  using inference_formula = terms::term<"x">;
  static constexpr shape_answer infer(dimensions in) {
    return Deviation >= 0 ? fits(in) : does_not_fit(reason::out_of_range, {}, {});
  }
};

} // namespace lamina
