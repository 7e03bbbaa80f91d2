#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

template <template <std::size_t, class...> class Layer, std::size_t Units>
using both = la::bidirectional<Layer<Units, la::return_sequence>>;

// The cases of golden/make_sequences.py.
using cases =
    list<sequence_case<"bidirectional_rnn_sequence", 3, la::input<7, 3>, la::named<"0", both<la::rnn, 5>>>,
         sequence_case<"bidirectional_rnn_last", 3, la::input<7, 3>, la::named<"0", la::bidirectional<la::rnn<5>>>>,
         sequence_case<"bidirectional_rnn_stacked", 2, la::input<5, 2>, la::named<"0", both<la::rnn, 3>>,
                       la::named<"1", both<la::rnn, 4>>>,
         sequence_case<"bidirectional_lstm_sequence", 3, la::input<7, 3>, la::named<"0", both<la::lstm, 5>>>,
         sequence_case<"bidirectional_lstm_last", 3, la::input<7, 3>, la::named<"0", la::bidirectional<la::lstm<5>>>>,
         sequence_case<"bidirectional_lstm_stacked", 2, la::input<5, 2>, la::named<"0", both<la::lstm, 3>>,
                       la::named<"1", both<la::lstm, 4>>>,
         sequence_case<"bidirectional_gru_sequence", 3, la::input<7, 3>, la::named<"0", both<la::gru, 5>>>,
         sequence_case<"bidirectional_gru_last", 3, la::input<7, 3>, la::named<"0", la::bidirectional<la::gru<5>>>>,
         sequence_case<"bidirectional_gru_stacked", 2, la::input<5, 2>, la::named<"0", both<la::gru, 3>>,
                       la::named<"1", both<la::gru, 4>>>,
         sequence_case<"bidirectional_lstm_wide", 2, la::input<4, 3>, la::named<"0", both<la::lstm, 17>>>,
         sequence_case<"bidirectional_lstm_then_gru", 3, la::input<6, 3>, la::named<"0", both<la::lstm, 4>>,
                       la::named<"1", la::gru<5>>, la::named<"2", la::dense<2>>>>;

struct both_ways : la::network<la::input<7, 3>, la::bidirectional<la::gru<5>>> {};
static_assert(!la::Streamable<both_ways>, "the other direction begins at a window's end");

} // namespace

TEST_CASE("both directions: outputs and gradients are PyTorch's") { check_sequence_cases(cases{}); }
