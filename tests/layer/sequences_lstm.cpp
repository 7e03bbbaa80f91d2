#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

// The cases of golden/make_sequences.py.
using cases =
    list<sequence_case<"lstm_last", 3, la::input<7, 3>, la::named<"0", la::lstm<5>>>,
         sequence_case<"lstm_sequence", 3, la::input<7, 3>, la::named<"0", la::lstm<5, la::return_sequence>>>,
         sequence_case<"lstm_stacked", 3, la::input<7, 3>, la::named<"0", la::lstm<5, la::return_sequence>>,
                       la::named<"1", la::lstm<4>>>,
         sequence_case<"lstm_stacked_sequence", 3, la::input<7, 3>, la::named<"0", la::lstm<5, la::return_sequence>>,
                       la::named<"1", la::lstm<4, la::return_sequence>>>,
         sequence_case<"lstm_least", 1, la::input<1, 1>, la::named<"0", la::lstm<1>>>,
         sequence_case<"lstm_one_feature", 2, la::input<6, 1>, la::named<"0", la::lstm<8, la::return_sequence>>>,
         sequence_case<"lstm_wide", 5, la::input<4, 17>, la::named<"0", la::lstm<19, la::return_sequence>>>,
         sequence_case<"lstm_wider", 33, la::input<3, 2>, la::named<"0", la::lstm<33>>>,
         sequence_case<"lstm_20_steps", 2, la::input<20, 2>, la::named<"0", la::lstm<6>>>,
         sequence_case<"lstm_20_steps_sequence", 2, la::input<20, 2>, la::named<"0", la::lstm<6, la::return_sequence>>>,
         sequence_case<"lstm_truncated_4", 2, la::input<12, 3>,
                       la::named<"0", la::lstm<5, la::truncated<4>, la::return_sequence>>>>;

} // namespace

TEST_CASE("lstm: outputs, gradients and streams are PyTorch's") { check_sequence_cases(cases{}); }
