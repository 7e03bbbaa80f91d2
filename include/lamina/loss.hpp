#pragma once
#include <numbers>

#include <lamina/core/checked.hpp>
#include <lamina/expression/formula.hpp>
#include <lamina/loss/binary_cross_entropy.hpp>
#include <lamina/loss/cross_entropy.hpp>
#include <lamina/loss/formula.hpp>
#include <lamina/loss/last_layer.hpp>
#include <lamina/loss/negative_log_likelihood.hpp>
#include <lamina/loss/parametric.hpp>

/// The catalogue of losses.
namespace lamina {

/// mean (y − t)². Source: torch.nn.MSELoss.
struct mean_squared_error : loss<square(terms::y - terms::t)> {};

/// mean |y − t|. Source: torch.nn.L1Loss.
struct mean_absolute_error : loss<abs(terms::y - terms::t)> {};

/// mean of ½(y − t)² where |y − t| < δ, else δ(|y − t| − ½δ): squares near the target, straight lines far from it.
/// Errors: argument_error for a δ not above 0. Source: Huber 1964; torch.nn.HuberLoss. Example: `huber{.delta = 0.5}`.
struct huber {
  positive<"huber: delta"> delta = 1;

  static constexpr auto formula() {
    using namespace terms;
    constexpr hyper<&huber::delta> delta;
    return select(abs(y - t) < delta, 0.5 * square(y - t), delta * (abs(y - t) - 0.5 * delta));
  }
};

/// mean log cosh (y − t), without overflow: about ½(y − t)² near the target and |y − t| − log 2 far from it.
struct log_cosh : loss<terms::y - terms::t + terms::softplus(-2 * (terms::y - terms::t)) - std::numbers::ln2> {};

/// mean max(0, 1 − t y) with targets t of 1 and −1: 0 where the output is on the target's side, with a margin of 1.
/// Source: Cortes and Vapnik 1995. (torch.nn.HingeEmbeddingLoss is another loss.)
struct hinge : loss<max(1 - terms::t * terms::y, 0)> {};

/// The Kullback-Leibler divergence of the output's distribution from the target's, given as log-probabilities y and
/// probabilities t: mean over the batch of Σ t (log t − y), where t = 0 adds 0. Errors: does not compile where the
/// network's last layer is not log_softmax. Source: torch.nn.KLDivLoss(reduction="batchmean").
struct kl_divergence : loss<select(terms::t <= 0, 0, (log(terms::t) - terms::y) * terms::t), mean_over_samples> {
  template <class Net> static constexpr auto diagnose() {
    return detail::diagnose_log_probabilities<kl_divergence, Net>();
  }
};

} // namespace lamina
