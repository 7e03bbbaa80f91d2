#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

// The cases of golden/make_sequences.py.
using cases =
    list<sequence_case<"rnn_last", 3, la::input<7, 3>, la::named<"0", la::rnn<5>>>,
         sequence_case<"rnn_sequence", 3, la::input<7, 3>, la::named<"0", la::rnn<5, la::return_sequence>>>,
         sequence_case<"rnn_stacked", 3, la::input<7, 3>, la::named<"0", la::rnn<5, la::return_sequence>>,
                       la::named<"1", la::rnn<4>>>,
         sequence_case<"rnn_stacked_sequence", 3, la::input<7, 3>, la::named<"0", la::rnn<5, la::return_sequence>>,
                       la::named<"1", la::rnn<4, la::return_sequence>>>,
         sequence_case<"rnn_least", 1, la::input<1, 1>, la::named<"0", la::rnn<1>>>,
         sequence_case<"rnn_one_feature", 2, la::input<6, 1>, la::named<"0", la::rnn<8, la::return_sequence>>>,
         sequence_case<"rnn_wide", 5, la::input<4, 17>, la::named<"0", la::rnn<19, la::return_sequence>>>,
         sequence_case<"rnn_wider", 33, la::input<3, 2>, la::named<"0", la::rnn<33>>>,
         sequence_case<"rnn_20_steps", 2, la::input<20, 2>, la::named<"0", la::rnn<6>>>,
         sequence_case<"rnn_20_steps_sequence", 2, la::input<20, 2>, la::named<"0", la::rnn<6, la::return_sequence>>>,
         sequence_case<"rnn_truncated_4", 2, la::input<12, 3>,
                       la::named<"0", la::rnn<5, la::truncated<4>, la::return_sequence>>>>;

} // namespace

TEST_CASE("rnn: outputs, gradients and streams are PyTorch's") { check_sequence_cases(cases{}); }
