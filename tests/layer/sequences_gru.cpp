#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

// The cases of golden/make_sequences.py.
using cases =
    list<sequence_case<"gru_last", 3, la::input<7, 3>, la::named<"0", la::gru<5>>>,
         sequence_case<"gru_sequence", 3, la::input<7, 3>, la::named<"0", la::gru<5, la::return_sequence>>>,
         sequence_case<"gru_stacked", 3, la::input<7, 3>, la::named<"0", la::gru<5, la::return_sequence>>,
                       la::named<"1", la::gru<4>>>,
         sequence_case<"gru_stacked_sequence", 3, la::input<7, 3>, la::named<"0", la::gru<5, la::return_sequence>>,
                       la::named<"1", la::gru<4, la::return_sequence>>>,
         sequence_case<"gru_least", 1, la::input<1, 1>, la::named<"0", la::gru<1>>>,
         sequence_case<"gru_one_feature", 2, la::input<6, 1>, la::named<"0", la::gru<8, la::return_sequence>>>,
         sequence_case<"gru_wide", 5, la::input<4, 17>, la::named<"0", la::gru<19, la::return_sequence>>>,
         sequence_case<"gru_wider", 33, la::input<3, 2>, la::named<"0", la::gru<33>>>,
         sequence_case<"gru_20_steps", 2, la::input<20, 2>, la::named<"0", la::gru<6>>>,
         sequence_case<"gru_20_steps_sequence", 2, la::input<20, 2>, la::named<"0", la::gru<6, la::return_sequence>>>,
         sequence_case<"gru_truncated_4", 2, la::input<12, 3>,
                       la::named<"0", la::gru<5, la::truncated<4>, la::return_sequence>>>>;

} // namespace

TEST_CASE("gru: outputs, gradients and streams are PyTorch's") { check_sequence_cases(cases{}); }
