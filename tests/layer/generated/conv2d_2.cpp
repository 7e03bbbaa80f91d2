// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv2d_21", 1, la::input<17, 6, 7>, la::conv2d<1, la::kernel<3>, la::dilation<3>, la::padding<3>, la::stride<2, 3>>>,
    image_case<"conv2d_22", 2, la::input<6, 7, 5>, la::conv2d<6, la::stride<3>, la::padding<1>, la::kernel<5, 5>, la::groups<6>>>,
    image_case<"conv2d_23", 1, la::input<17, 10, 12>, la::conv2d<33, la::stride<1, 2>, la::kernel<1>>>,
    image_case<"conv2d_24", 2, la::input<8, 12, 10>, la::conv2d<8, la::no_bias, la::kernel<1, 5>>>,
    image_case<"conv2d_25", 2, la::input<3, 9, 10>, la::conv2d<8, la::stride<3, 2>, la::kernel<4, 5>, la::padding<3, 2>>>,
    image_case<"conv2d_26", 33, la::input<3, 13, 11>, la::conv2d<1, la::no_bias, la::kernel<3, 3>, la::padding<1, 3>>>,
    image_case<"conv2d_27", 1, la::input<1, 12, 13>, la::conv2d<6, la::same_padding, la::kernel<4, 4>>>,
    image_case<"conv2d_28", 2, la::input<1, 8, 11>, la::conv2d<17, la::kernel<3, 5>, la::no_bias>>,
    image_case<"conv2d_29", 1, la::input<6, 11, 5>, la::conv2d<20, la::kernel<5, 3>, la::padding<2, 1>, la::dilation<2, 3>>>,
    image_case<"conv2d_30", 33, la::input<16, 9, 11>, la::conv2d<20, la::groups<2>, la::padding<0, 3>, la::kernel<2, 3>>>,
    image_case<"conv2d_31", 2, la::input<17, 11, 10>, la::conv2d<17, la::dilation<3, 2>, la::kernel<3>, la::groups<17>>>,
    image_case<"conv2d_32", 2, la::input<6, 9, 10>, la::conv2d<16, la::stride<3, 2>, la::kernel<2, 1>, la::padding<3, 2>>>,
    image_case<"conv2d_33", 1, la::input<1, 8, 10>, la::conv2d<16, la::dilation<2, 2>, la::kernel<3, 5>, la::stride<3, 2>>>,
    image_case<"conv2d_34", 1, la::input<8, 7, 9>, la::conv2d<8, la::stride<3, 2>, la::groups<8>, la::kernel<1, 2>>>,
    image_case<"conv2d_35", 1, la::input<6, 6, 5>, la::conv2d<8, la::groups<2>, la::kernel<1>>>,
    image_case<"conv2d_36", 2, la::input<16, 5, 6>, la::conv2d<20, la::kernel<2>>>,
    image_case<"conv2d_37", 33, la::input<8, 13, 12>, la::conv2d<17, la::padding<0, 1>, la::stride<2, 2>, la::kernel<2, 1>>>,
    image_case<"conv2d_38", 1, la::input<3, 5, 6>, la::conv2d<8, la::kernel<4>, la::padding<2>>>,
    image_case<"conv2d_39", 33, la::input<1, 13, 12>, la::conv2d<33, la::dilation<2, 2>, la::same_padding, la::kernel<4, 4>, la::no_bias>>,
    image_case<"conv2d_40", 33, la::input<1, 5, 12>, la::conv2d<20, la::kernel<4, 3>>>,
    image_case<"conv2d_41", 2, la::input<1, 13, 5>, la::conv2d<6, la::dilation<2>, la::kernel<3>>>,
    image_case<"conv2d_42", 2, la::input<16, 10, 9>, la::conv2d<4, la::groups<2>, la::no_bias, la::kernel<3>>>>;
// clang-format on

} // namespace

TEST_CASE("conv2d 2: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
