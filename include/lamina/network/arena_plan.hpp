#pragma once
#include <array>
#include <cstddef>
#include <utility>

#include <lamina/network/outline.hpp>

namespace lamina {

/// A buffer of the arena: so many elements a sample, needed from one moment of a step to another.
/// Moments: stage s forward is s; the loss is S; backward of stage s is S+1+2(S−1−s) for its input, one later for its
/// parameters.
struct arena_buffer {
  std::size_t elements = 0;
  std::size_t born = 0, dies = 0;
  std::size_t offset = 0; ///< elements a sample
};

/// What backward and forward write: for each stage its output y, its pre-activation z (if kept), the gradient at z, and
/// what its head works in.
/// A stage that writes into a concatenation has no output of its own.
template <std::size_t Stages> struct arena_plan {
  std::array<arena_buffer, Stages> output{}, input{}, gradient{}, work{};
  std::array<std::size_t, Stages> kept{}; ///< what does not grow with the batch: kept by heads, sums of shared weights
  std::size_t elements_per_sample = 0;
  std::size_t scratch = 0, kept_elements = 0;
  std::size_t gathered = 0; ///< for the gradients of one stage's parameters, twice: for either half of the batch
};

namespace detail {

/// What the arena's layout must know about a stage.
struct stage_needs {
  std::size_t width = 0;                         ///< padded features of the output
  std::size_t scratch = 0, backward_scratch = 0; ///< of its passes
  std::size_t gathered = 0;                      ///< where it gathers gradients
  std::size_t kept = 0; ///< that its head leaves whatever the batch, or that a shared weight is summed in
  std::size_t work = 0; ///< what its head works in, a sample
  bool reads_input = false, reads_output = false;
  bool formula_reads_output = false, formula_reads_input = false;
  bool trains = false; ///< it has parameters, its own or another's
};

/// Gives each buffer, in this order, the lowest place that no buffer alive at the same time has.
template <std::size_t N>
constexpr std::size_t place_in_order(std::array<arena_buffer*, N>& buffers, std::size_t count) {
  std::size_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    arena_buffer& b = *buffers[i];
    b.offset = 0;
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t j = 0; j < i; ++j) {
        const arena_buffer& a = *buffers[j];
        const bool together = a.born <= b.dies && b.born <= a.dies;
        if (together && a.offset < b.offset + b.elements && b.offset < a.offset + a.elements) {
          b.offset = a.offset + a.elements;
          moved = true;
        }
      }
    }
    if (b.offset + b.elements > total) total = b.offset + b.elements;
  }
  return total;
}

/// The most that is alive at one moment: no placement takes less.
template <std::size_t N>
constexpr std::size_t alive_at_most(const std::array<arena_buffer*, N>& buffers, std::size_t count) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < count; ++i) { // something is born where the most is alive
    std::size_t alive = 0;
    for (std::size_t j = 0; j < count; ++j)
      if (buffers[j]->born <= buffers[i]->born && buffers[i]->born <= buffers[j]->dies) alive += buffers[j]->elements;
    if (alive > most) most = alive;
  }
  return most;
}

/// Places the buffers, the largest first; while that takes more than is alive at one moment, the one that stands
/// highest is tried before all others.
template <std::size_t N> constexpr std::size_t place(std::array<arena_buffer*, N>& buffers, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) // sorted by insertion: equal ones stay in their order
    for (std::size_t j = i; j > 0 && buffers[j - 1]->elements < buffers[j]->elements; --j)
      std::swap(buffers[j - 1], buffers[j]);
  const std::size_t bound = alive_at_most(buffers, count);
  std::size_t least = place_in_order(buffers, count);
  std::array<arena_buffer*, N> best = buffers;
  for (int tries = 0; tries < 24 && least > bound; ++tries) {
    std::size_t highest = 0;
    for (std::size_t i = 1; i < count; ++i)
      if (buffers[i]->offset + buffers[i]->elements > buffers[highest]->offset + buffers[highest]->elements)
        highest = i;
    for (std::size_t i = highest; i > 0; --i) std::swap(buffers[i - 1], buffers[i]);
    if (const std::size_t total = place_in_order(buffers, count); total < least) least = total, best = buffers;
  }
  return place_in_order(best, count);
}

/// Whether stage c gives a share of the gradient at stage s, counting those that are summed.
constexpr std::size_t shares(const stage_outline& c, std::size_t index_of_c, const stage_outline& s,
                             std::size_t index_of_s) {
  return (c.input == index_of_s ? 1u : 0u) + (c.addend == index_of_s ? 1u : 0u) + (s.slice_of == index_of_c ? 1u : 0u);
}

/// The first stage with parameters, its own or another's: backward goes no further.
template <std::size_t S> constexpr std::size_t first_trained(const std::array<stage_needs, S>& needs) {
  std::size_t s = 0;
  while (s + 1 < S && !needs[s].trains) ++s;
  return s;
}

/// The buffer is read or written at this moment.
constexpr void use(arena_buffer& buffer, std::size_t elements, std::size_t moment) {
  if (buffer.elements == 0) buffer.born = moment;
  buffer.elements = elements, buffer.dies = moment;
}

/// The arena of a training step (`training`) or of inference alone: the passes are played, moment by moment, so that
/// every buffer lives from its first use to its last one.
template <std::size_t S>
constexpr arena_plan<S> lay_out(const std::array<stage_outline, S>& stages, const std::array<stage_needs, S>& needs,
                                bool training) {
  arena_plan<S> plan{};
  const std::size_t trained = first_trained(needs), loss = S;
  const auto use_output = [&](std::size_t s, std::size_t moment) {
    if (s >= S) return; // the network's input, or nothing
    const std::size_t home = stages[s].sliced() ? stages[s].slice_of : s;
    use(plan.output[home], needs[home].width, moment);
  };
  for (std::size_t s = 0; s < S; ++s) {
    use_output(stages[s].input, s), use_output(stages[s].addend, s), use_output(s, s);
    if (needs[s].work) use(plan.work[s], needs[s].work, s);
    if (training && s >= trained && needs[s].formula_reads_input) use(plan.input[s], needs[s].width, s);
  }
  use_output(S - 1, loss);
  // A share of the gradient at stage s; when the last one is there, the derivative of its formula is read.
  const auto use_gradient = [&](std::size_t s, std::size_t moment) {
    use(plan.gradient[s], needs[s].width, moment);
    if (needs[s].formula_reads_output) use_output(s, moment);
    if (needs[s].formula_reads_input) use(plan.input[s], needs[s].width, moment);
  };
  const auto use_by_head = [&](std::size_t s, std::size_t moment) {
    use(plan.gradient[s], needs[s].width, moment);
    if (needs[s].reads_input) use_output(stages[s].input, moment);
    if (needs[s].reads_output) use_output(s, moment);
    if (needs[s].work) use(plan.work[s], needs[s].work, moment);
  };
  if (training) use_gradient(S - 1, loss);
  for (std::size_t s = S; training && s-- > trained;) {
    const std::size_t moment = S + 1 + 2 * (S - 1 - s);
    const auto has_gradient = [&](std::size_t source) { return source < S && source >= trained; };
    if (has_gradient(stages[s].input)) use_by_head(s, moment), use_gradient(stages[s].input, moment);
    if (needs[s].work) use_by_head(s, moment);
    if (has_gradient(stages[s].addend))
      use(plan.gradient[s], needs[s].width, moment), use_gradient(stages[s].addend, moment);
    for (std::size_t path = trained; path < s; ++path)
      if (stages[path].slice_of == s) use(plan.gradient[s], needs[s].width, moment), use_gradient(path, moment);
    if (needs[s].trains) use_by_head(s, moment + 1);
  }
  std::array<arena_buffer*, 4 * S> order{};
  std::size_t count = 0;
  for (std::size_t s = 0; s < S; ++s) {
    for (arena_buffer* buffer : {&plan.output[s], &plan.input[s], &plan.gradient[S - 1 - s], &plan.work[s]})
      if (buffer->elements) order[count++] = buffer;
    if (needs[s].scratch > plan.scratch) plan.scratch = needs[s].scratch;
    if (training && s >= trained && needs[s].backward_scratch > plan.scratch) plan.scratch = needs[s].backward_scratch;
    if (training && 2 * needs[s].gathered > plan.gathered) plan.gathered = 2 * needs[s].gathered;
    plan.kept[s] = plan.kept_elements;
    if (training) plan.kept_elements += needs[s].kept;
  }
  plan.elements_per_sample = place(order, count);
  return plan;
}

} // namespace detail

} // namespace lamina
