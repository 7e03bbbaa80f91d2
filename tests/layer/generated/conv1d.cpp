// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv1d_0", 1, la::input<8, 7>, la::conv1d<3, la::padding<2>, la::kernel<5>>>,
    image_case<"conv1d_1", 2, la::input<8, 7>, la::conv1d<16, la::kernel<1>, la::padding<3>, la::stride<2>>>,
    image_case<"conv1d_2", 1, la::input<6, 11>, la::conv1d<17, la::no_bias, la::kernel<4>>>,
    image_case<"conv1d_3", 33, la::input<1, 7>, la::conv1d<16, la::no_bias, la::same_padding, la::kernel<4>>>,
    image_case<"conv1d_4", 2, la::input<1, 11>, la::conv1d<4, la::no_bias, la::kernel<3>>>,
    image_case<"conv1d_5", 33, la::input<8, 8>, la::conv1d<16, la::dilation<3>, la::kernel<2>>>,
    image_case<"conv1d_6", 2, la::input<17, 11>, la::conv1d<17, la::kernel<3>, la::no_bias, la::padding<1>, la::groups<17>>>,
    image_case<"conv1d_7", 1, la::input<16, 5>, la::conv1d<32, la::padding<2>, la::groups<16>, la::kernel<3>>>,
    image_case<"conv1d_8", 2, la::input<6, 5>, la::conv1d<33, la::stride<3>, la::kernel<2>>>,
    image_case<"conv1d_9", 1, la::input<17, 11>, la::conv1d<4, la::no_bias, la::dilation<2>, la::stride<2>, la::kernel<3>>>,
    image_case<"conv1d_10", 1, la::input<6, 5>, la::conv1d<6, la::stride<3>, la::groups<6>, la::kernel<1>>>,
    image_case<"conv1d_11", 1, la::input<16, 9>, la::conv1d<8, la::stride<2>, la::kernel<1>, la::padding<2>>>,
    image_case<"conv1d_12", 2, la::input<8, 12>, la::conv1d<33, la::kernel<1>>>,
    image_case<"conv1d_13", 1, la::input<17, 6>, la::conv1d<1, la::padding<1>, la::stride<2>, la::kernel<2>>>,
    image_case<"conv1d_14", 2, la::input<3, 5>, la::conv1d<3, la::padding<2>, la::kernel<5>>>,
    image_case<"conv1d_15", 2, la::input<3, 5>, la::conv1d<33, la::same_padding, la::kernel<4>, la::no_bias>>,
    image_case<"conv1d_16", 2, la::input<16, 5>, la::conv1d<3, la::kernel<3>>>,
    image_case<"conv1d_17", 2, la::input<3, 9>, la::conv1d<8, la::dilation<3>, la::kernel<3>>>,
    image_case<"conv1d_18", 2, la::input<6, 7>, la::conv1d<16, la::kernel<5>, la::stride<3>, la::groups<2>>>,
    image_case<"conv1d_19", 1, la::input<3, 13>, la::conv1d<3, la::kernel<3>, la::groups<3>, la::no_bias>>,
    image_case<"conv1d_20", 2, la::input<6, 5>, la::conv1d<33, la::kernel<2>, la::stride<3>>>,
    image_case<"conv1d_21", 2, la::input<17, 8>, la::conv1d<6, la::stride<2>, la::kernel<1>, la::padding<3>, la::dilation<3>>>,
    image_case<"conv1d_22", 1, la::input<17, 7>, la::conv1d<34, la::kernel<3>, la::groups<17>, la::stride<2>>>,
    image_case<"conv1d_23", 2, la::input<8, 12>, la::conv1d<1, la::stride<2>, la::kernel<1>>>>;
// clang-format on

} // namespace

TEST_CASE("conv1d: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
