#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

template <std::size_t Units> using each_step = la::jordan_rnn<Units, la::return_sequence>;

// The cases of golden/make_sequences.py.
using cases = list<sequence_case<"jordan_rnn_last", 3, la::input<7, 3>, la::named<"0", la::jordan_rnn<5>>>,
                   sequence_case<"jordan_rnn_sequence", 3, la::input<7, 3>, la::named<"0", each_step<5>>>,
                   sequence_case<"jordan_rnn_stacked", 3, la::input<7, 3>, la::named<"0", each_step<5>>,
                                 la::named<"1", la::jordan_rnn<4>>>,
                   sequence_case<"jordan_rnn_stacked_sequence", 3, la::input<7, 3>, la::named<"0", each_step<5>>,
                                 la::named<"1", each_step<4>>>,
                   sequence_case<"jordan_rnn_least", 1, la::input<1, 1>, la::named<"0", la::jordan_rnn<1>>>,
                   sequence_case<"jordan_rnn_one_feature", 2, la::input<6, 1>, la::named<"0", each_step<8>>>,
                   sequence_case<"jordan_rnn_wide", 5, la::input<4, 17>, la::named<"0", each_step<19>>>,
                   sequence_case<"jordan_rnn_wider", 33, la::input<3, 2>, la::named<"0", la::jordan_rnn<33>>>,
                   sequence_case<"jordan_rnn_20_steps", 2, la::input<20, 2>, la::named<"0", la::jordan_rnn<6>>>,
                   sequence_case<"jordan_rnn_20_steps_sequence", 2, la::input<20, 2>, la::named<"0", each_step<6>>>>;

} // namespace

TEST_CASE("jordan_rnn: outputs, gradients and streams are PyTorch's") { check_sequence_cases(cases{}); }
