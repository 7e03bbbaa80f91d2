#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

template <std::size_t Heads> using causal = la::self_attention<Heads, la::causal>;
template <std::size_t Outputs> using each_step = la::per_step<la::dense<Outputs>>;

// The cases of golden/make_sequences.py.
using cases =
    list<sequence_case<"self_attention_1", 2, la::input<6, 8>, la::named<"0", la::self_attention<1>>>,
         sequence_case<"self_attention_2", 2, la::input<6, 8>, la::named<"0", la::self_attention<2>>>,
         sequence_case<"self_attention_4", 2, la::input<6, 8>, la::named<"0", la::self_attention<4>>>,
         sequence_case<"self_attention_1_causal", 2, la::input<6, 8>, la::named<"0", causal<1>>>,
         sequence_case<"self_attention_2_causal", 2, la::input<6, 8>, la::named<"0", causal<2>>>,
         sequence_case<"self_attention_4_causal", 2, la::input<6, 8>, la::named<"0", causal<4>>>,
         sequence_case<"self_attention_three_heads", 2, la::input<5, 12>, la::named<"0", causal<3>>>,
         sequence_case<"self_attention_one_step", 3, la::input<1, 4>, la::named<"0", la::self_attention<2>>>,
         sequence_case<"self_attention_wide", 2, la::input<19, 34>, la::named<"0", causal<2>>>,
         sequence_case<"self_attention_stacked", 2, la::input<7, 6>, la::named<"0", causal<2>>,
                       la::named<"1", la::tanh>, la::named<"2", la::self_attention<3>>, la::named<"3", each_step<3>>>,
         sequence_case<"positional_encoding", 2, la::input<11, 8>, la::named<"0", la::positional_encoding>,
                       la::named<"1", each_step<3>>>,
         sequence_case<"positional_encoding_odd", 2, la::input<130, 5>, la::named<"0", la::positional_encoding>,
                       la::named<"1", each_step<2>>>>;

struct looks_around : la::network<la::input<6, 8>, causal<2>> {};
static_assert(!la::Streamable<looks_around>);

} // namespace

TEST_CASE("attention: outputs and gradients are PyTorch's") { check_sequence_cases(cases{}); }
