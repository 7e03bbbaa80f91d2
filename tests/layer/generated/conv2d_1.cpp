// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv2d_0", 2, la::input<17, 11, 10>, la::conv2d<12, la::kernel<3, 2>, la::no_bias>>,
    image_case<"conv2d_1", 2, la::input<3, 6, 7>, la::conv2d<16, la::padding<3>, la::stride<2>, la::no_bias, la::kernel<5>>>,
    image_case<"conv2d_2", 33, la::input<8, 11, 10>, la::conv2d<16, la::kernel<1, 5>, la::padding<1, 0>>>,
    image_case<"conv2d_3", 33, la::input<1, 7, 8>, la::conv2d<1, la::same_padding, la::kernel<4, 4>>>,
    image_case<"conv2d_4", 33, la::input<17, 11, 9>, la::conv2d<20, la::padding<3>, la::kernel<3, 2>>>,
    image_case<"conv2d_5", 2, la::input<17, 7, 10>, la::conv2d<8, la::kernel<3>, la::dilation<2>>>,
    image_case<"conv2d_6", 2, la::input<8, 12, 13>, la::conv2d<4, la::groups<4>, la::kernel<1>>>,
    image_case<"conv2d_7", 2, la::input<3, 9, 10>, la::conv2d<3, la::no_bias, la::groups<3>, la::dilation<2>, la::kernel<4, 5>>>,
    image_case<"conv2d_8", 2, la::input<6, 7, 6>, la::conv2d<8, la::stride<4>, la::kernel<2, 2>>>,
    image_case<"conv2d_9", 2, la::input<16, 5, 13>, la::conv2d<4, la::dilation<2, 2>, la::stride<3, 3>, la::kernel<3, 2>, la::padding<0, 1>>>,
    image_case<"conv2d_10", 1, la::input<6, 10, 12>, la::conv2d<12, la::stride<2, 2>, la::kernel<5, 1>, la::groups<6>>>,
    image_case<"conv2d_11", 1, la::input<1, 7, 6>, la::conv2d<33, la::kernel<1, 1>>>,
    image_case<"conv2d_12", 2, la::input<3, 6, 7>, la::conv2d<16, la::kernel<5, 5>>>,
    image_case<"conv2d_13", 1, la::input<6, 6, 5>, la::conv2d<6, la::kernel<5, 5>, la::stride<2>, la::padding<3, 3>>>,
    image_case<"conv2d_14", 2, la::input<16, 13, 6>, la::conv2d<20, la::kernel<2>, la::padding<2>>>,
    image_case<"conv2d_15", 2, la::input<3, 10, 9>, la::conv2d<3, la::groups<3>, la::same_padding, la::kernel<5, 5>>>,
    image_case<"conv2d_16", 2, la::input<6, 6, 12>, la::conv2d<1, la::kernel<5, 3>, la::no_bias>>,
    image_case<"conv2d_17", 1, la::input<8, 7, 6>, la::conv2d<16, la::dilation<3, 3>, la::no_bias, la::kernel<1, 1>>>,
    image_case<"conv2d_18", 2, la::input<8, 7, 6>, la::conv2d<16, la::groups<4>, la::kernel<1, 1>>>,
    image_case<"conv2d_19", 1, la::input<8, 11, 10>, la::conv2d<16, la::kernel<5, 4>, la::dilation<2, 2>, la::groups<8>>>,
    image_case<"conv2d_20", 2, la::input<8, 11, 10>, la::conv2d<16, la::padding<1, 1>, la::stride<3, 2>, la::kernel<1, 1>>>>;
// clang-format on

} // namespace

TEST_CASE("conv2d 1: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
