#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

// The cases of golden/make_sequences.py.
using cases = list<sequence_case<"per_step", 3, la::input<7, 3>, la::named<"0", la::per_step<la::dense<5>>>>,
                   sequence_case<"per_step_wide", 2, la::input<5, 17>, la::named<"0", la::per_step<la::dense<33>>>,
                                 la::named<"1", la::tanh>, la::named<"2", la::per_step<la::dense<2>>>>,
                   sequence_case<"embedding", 3, la::token_input<6, 11>, la::named<"0", la::embedding<5>>>>;

} // namespace

TEST_CASE("layers of words: outputs, gradients and streams are PyTorch's") { check_sequence_cases(cases{}); }
