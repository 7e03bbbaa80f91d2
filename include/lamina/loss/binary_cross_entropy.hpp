#pragma once
#include <lamina/expression/formula.hpp>
#include <lamina/loss/formula.hpp>

namespace lamina {

namespace formulas {

/// −(t log σ(y) + (1−t) log(1−σ(y))), without overflow.
inline constexpr auto binary_cross_entropy = terms::softplus(terms::y) - terms::y * terms::t;

} // namespace formulas

/// mean −(t log σ(y) + (1−t) log(1−σ(y))) on logits y, without overflow. Source: torch.nn.BCEWithLogitsLoss.
struct binary_cross_entropy : loss<formulas::binary_cross_entropy> {};

/// A few words told apart from the one that belongs here: on 1 + k scores y, with targets t of 1 for the word that was
/// seen and 0 for those that were drawn, the mean over the samples of −log σ(y₀) − Σ log σ(−yᵢ): the binary
/// cross-entropies of a sample added up. Source: Mikolov, Sutskever, Chen, Corrado and Dean, "Distributed
/// representations of words and phrases and their compositionality", 2013, equation 4. Example: tests/loss/losses.cpp;
/// `word2vec` (<lamina/word2vec.hpp>) is trained by it.
struct negative_sampling : loss<formulas::binary_cross_entropy, mean_over_samples> {};

} // namespace lamina
