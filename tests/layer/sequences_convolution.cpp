#include <layer/sequence_case.hpp>

using namespace laws;

namespace {

// The cases of golden/make_sequences.py.
using cases = list<
    sequence_case<"causal_conv1d_1_1_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<1>, la::dilation<1>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_1_1_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<1>, la::dilation<1>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_1_2_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<1>, la::dilation<2>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_1_2_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<1>, la::dilation<2>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_1_4_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<1>, la::dilation<4>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_1_4_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<1>, la::dilation<4>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_2_1_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<2>, la::dilation<1>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_2_1_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<2>, la::dilation<1>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_2_2_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<2>, la::dilation<2>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_2_2_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<2>, la::dilation<2>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_2_4_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<2>, la::dilation<4>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_2_4_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<2>, la::dilation<4>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_3_1_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<3>, la::dilation<1>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_3_1_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<3>, la::dilation<1>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_3_2_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<3>, la::dilation<2>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_3_2_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<3>, la::dilation<2>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_3_4_1", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<3>, la::dilation<4>, la::groups<1>>>>,
    sequence_case<"causal_conv1d_3_4_2", 2, la::input<9, 4>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<3>, la::dilation<4>, la::groups<2>>>>,
    sequence_case<"causal_conv1d_one_channel", 3, la::input<11, 1>,
                  la::named<"0", la::causal_conv1d<8, la::kernel<3>>>>,
    sequence_case<"causal_conv1d_beyond_the_start", 2, la::input<5, 3>,
                  la::named<"0", la::causal_conv1d<17, la::kernel<3>, la::dilation<4>>>>,
    sequence_case<"causal_conv1d_wide", 2, la::input<6, 17>,
                  la::named<"0", la::causal_conv1d<19, la::kernel<2>, la::dilation<3>>>>,
    sequence_case<"causal_conv1d_depthwise", 2, la::input<7, 6>,
                  la::named<"0", la::causal_conv1d<6, la::kernel<3>, la::dilation<2>, la::groups<6>>>>,
    sequence_case<"causal_conv1d_least", 1, la::input<1, 1>, la::named<"0", la::causal_conv1d<1, la::kernel<1>>>>,
    sequence_case<"causal_conv1d_stacked", 2, la::input<13, 1>, la::named<"0", la::causal_conv1d<8, la::kernel<3>>>,
                  la::named<"1", la::tanh>, la::named<"2", la::causal_conv1d<8, la::kernel<3>, la::dilation<4>>>,
                  la::named<"3", la::tanh>, la::named<"4", la::per_step<la::dense<1>>>>>;

} // namespace

TEST_CASE("causal convolutions: outputs, gradients and streams are PyTorch's") { check_sequence_cases(cases{}); }
