#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

/// Tokens, a recurrent layer and a label a step.
template <la::fixed_string Name, template <std::size_t, class...> class Layer>
using of_tokens =
    sequence_case<Name, 3, la::token_input<6, 11>, la::named<"0", la::embedding<5>>,
                  la::named<"1", Layer<7, la::return_sequence>>, la::named<"2", la::per_step<la::dense<11>>>>;

// The cases of golden/make_sequences.py.
using cases =
    list<sequence_case<"per_step", 3, la::input<7, 3>, la::named<"0", la::per_step<la::dense<5>>>>,
         sequence_case<"per_step_wide", 2, la::input<5, 17>, la::named<"0", la::per_step<la::dense<33>>>,
                       la::named<"1", la::tanh>, la::named<"2", la::per_step<la::dense<2>>>>,
         sequence_case<"embedding", 3, la::token_input<6, 11>, la::named<"0", la::embedding<5>>>,
         sequence_case<"embedding_mean", 3, la::token_input<6, 11>, la::named<"0", la::mean_embedding<5>>,
                       la::named<"2", la::dense<11>>>,
         of_tokens<"rnn_of_tokens", la::rnn>, of_tokens<"lstm_of_tokens", la::lstm>,
         of_tokens<"gru_of_tokens", la::gru>,
         sequence_case<"gru_of_tokens_last", 3, la::token_input<6, 11>, la::named<"0", la::embedding<11, 5>>,
                       la::named<"1", la::gru<7>>, la::named<"2", la::dense<4>>>,
         sequence_case<"attention_of_tokens", 2, la::token_input<6, 11>, la::named<"0", la::embedding<8>>,
                       la::named<"1", la::positional_encoding>, la::named<"2", la::self_attention<2, la::causal>>,
                       la::named<"3", la::per_step<la::dense<11>>>>>;

} // namespace

TEST_CASE("layers of words: outputs, gradients and streams are PyTorch's") { check_sequence_cases(cases{}); }
