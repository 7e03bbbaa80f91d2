#pragma once
/// The front door: includes all of the library, and declares `network`. What a compiler quotes when a user is wrong is
/// declared here and not deeper, so that its message is one include away from the user's line and stays within eight
/// lines.
namespace lamina {
enum class reason : int;
template <reason Why, class... Details> struct wrong_call; // never defined: a call that gives it is the error
} // namespace lamina

#include <lamina/activation.hpp>
#include <lamina/data/augment.hpp>
#include <lamina/data/cifar10.hpp>
#include <lamina/data/dataset.hpp>
#include <lamina/data/idx.hpp>
#include <lamina/data/mnist.hpp>
#include <lamina/data/next_token_windows.hpp>
#include <lamina/data/vocabulary.hpp>
#include <lamina/ensemble/average.hpp>
#include <lamina/expression/compiled.hpp>
#include <lamina/initializer.hpp>
#include <lamina/io/dataset_file.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/save_image.hpp>
#include <lamina/io/vocabulary_file.hpp>
#include <lamina/layer.hpp>
#include <lamina/loss.hpp>
#include <lamina/metric.hpp>
#include <lamina/model/fold.hpp>
#include <lamina/model/generate.hpp>
#include <lamina/model/model.hpp>
#include <lamina/model/predict.hpp>
#include <lamina/model/stream.hpp>
#include <lamina/model/voices.hpp>
#include <lamina/network/describe.hpp>
#include <lamina/network/network.hpp>
#include <lamina/optimizer.hpp>
#include <lamina/pretrain.hpp>
#include <lamina/train/checkpoint.hpp>
#include <lamina/train/csv_log.hpp>
#include <lamina/train/early_stopping.hpp>
#include <lamina/train/trainer.hpp>

namespace lamina {

/// A neural network as a type: its input, then its layers, counted from 0.
/// `struct digits : network<input<784>, dense<128>, relu, dense<10>> {};`
/// Gives `input_shape`, `output_shape`, `layer_count`, `parameter_count`, `shape_after<I>`. A network may stand in
/// another one as a layer. Errors: one static_assert that quotes a `shape_error<reason, layer<I>, the layer,
/// expects<…>, gets<…>>`. Example: examples/03_digits.cpp.
template <class... Layers> struct network : detail::network_body<detail::is_sound<Layers...>, Layers...>::type {
  static_assert(decltype(detail::diagnose<Layers...>())::none);
};

/// A network run one time step at a time (model/stream.hpp).
template <Network Net, class Scalar = float, class Arch = xsimd::default_arch>
struct stream : detail::stream_body<Net, Scalar, Arch> {
  static_assert(decltype(detail::stream_diagnosis<Net>())::none);
  using detail::stream_body<Net, Scalar, Arch>::stream_body;
};

/// Many of them, a step of all at a time (model/voices.hpp).
template <Network Net, class Scalar = float, class Arch = xsimd::default_arch>
struct voices : detail::voices_body<Net, Scalar, Arch> {
  static_assert(decltype(detail::stream_diagnosis<Net>())::none);
  using detail::voices_body<Net, Scalar, Arch>::voices_body;
};

} // namespace lamina
