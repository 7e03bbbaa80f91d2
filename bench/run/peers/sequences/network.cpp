#include "network.hpp"
#include "../peer.hpp"
#include <cmath>
#include <utility>

namespace peers::sequences {
namespace {

struct size {
  const char* name;
  int numbers;
};
parameters drawn(const std::vector<size>& sizes, int hidden) {
  int count = 0;
  for (const size& s : sizes) count += s.numbers;
  std::vector<float> all(static_cast<std::size_t>(count));
  initialize(all.data(), all.size(), 2 / std::sqrt(static_cast<float>(hidden)));
  parameters p;
  auto from = all.begin();
  for (const size& s : sizes) {
    p[s.name].assign(from, from + s.numbers);
    from += s.numbers;
  }
  return p;
}

} // namespace

parameters initial_recurrent(int gates, int inputs, int hidden, int outputs) {
  const int rows = gates * hidden;
  std::vector<size> sizes{{"0.weight_ih_l0", rows * inputs},
                          {"0.weight_hh_l0", rows * hidden},
                          {"0.bias_ih_l0", rows},
                          {"0.bias_hh_l0", rows}};
  if (outputs != hidden) {
    sizes.push_back({"1.weight", outputs * hidden});
    sizes.push_back({"1.bias", outputs});
  }
  return drawn(sizes, hidden);
}

parameters initial_convolutions() {
  constexpr int F = convolutions::filters, K = convolutions::kernel;
  return drawn(
      {{"0.weight", F * K}, {"0.bias", F}, {"2.weight", F * F * K}, {"2.bias", F}, {"4.weight", F}, {"4.bias", 1}}, F);
}

parameters initial_text() {
  constexpr int V = text::vocabulary, E = text::embedding, H = text::hidden;
  return drawn({{"0.weight", V * E},
                {"1.weight_ih_l0", 3 * H * E},
                {"1.weight_hh_l0", 3 * H * H},
                {"1.bias_ih_l0", 3 * H},
                {"1.bias_hh_l0", 3 * H},
                {"2.weight", V * H},
                {"2.bias", V}},
               H);
}

parameters initial_attention() {
  constexpr int D = attention::features;
  return drawn({{"0.in_proj_weight", 3 * D * D},
                {"0.in_proj_bias", 3 * D},
                {"0.out_proj.weight", D * D},
                {"0.out_proj.bias", D}},
               D / 2);
}

} // namespace peers::sequences
