// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv_transpose2d_18", 33, la::input<6, 5, 13>, la::conv_transpose2d<6, la::kernel<4, 4>, la::groups<3>>>,
    image_case<"conv_transpose2d_19", 2, la::input<8, 11, 10>, la::conv_transpose2d<8, la::groups<8>, la::kernel<1, 5>, la::dilation<2, 2>>>,
    image_case<"conv_transpose2d_20", 1, la::input<6, 9, 8>, la::conv_transpose2d<6, la::stride<2, 2>, la::kernel<1, 1>>>,
    image_case<"conv_transpose2d_21", 1, la::input<16, 13, 5>, la::conv_transpose2d<20, la::kernel<1, 2>, la::stride<2>, la::padding<2, 0>, la::dilation<3>>>,
    image_case<"conv_transpose2d_22", 2, la::input<16, 9, 8>, la::conv_transpose2d<16, la::stride<2>, la::padding<1>, la::groups<16>, la::kernel<2, 2>>>,
    image_case<"conv_transpose2d_23", 2, la::input<8, 13, 5>, la::conv_transpose2d<12, la::kernel<1, 1>>>,
    image_case<"conv_transpose2d_24", 2, la::input<16, 5, 13>, la::conv_transpose2d<4, la::kernel<2, 2>>>,
    image_case<"conv_transpose2d_25", 2, la::input<1, 7, 8>, la::conv_transpose2d<3, la::padding<1, 1>, la::stride<2>, la::kernel<3>, la::no_bias>>,
    image_case<"conv_transpose2d_26", 2, la::input<8, 7, 6>, la::conv_transpose2d<16, la::padding<2, 2>, la::no_bias, la::kernel<1, 1>>>,
    image_case<"conv_transpose2d_27", 2, la::input<8, 12, 13>, la::conv_transpose2d<12, la::kernel<3>, la::output_padding<1>, la::stride<2>>>,
    image_case<"conv_transpose2d_28", 1, la::input<8, 12, 5>, la::conv_transpose2d<33, la::padding<1>, la::kernel<5, 3>, la::no_bias>>,
    image_case<"conv_transpose2d_29", 1, la::input<3, 9, 10>, la::conv_transpose2d<16, la::no_bias, la::padding<1>, la::kernel<4, 5>, la::dilation<2, 2>>>,
    image_case<"conv_transpose2d_30", 1, la::input<8, 8, 10>, la::conv_transpose2d<12, la::groups<4>, la::kernel<1, 2>>>,
    image_case<"conv_transpose2d_31", 2, la::input<3, 5, 12>, la::conv_transpose2d<3, la::kernel<4, 3>, la::groups<3>>>,
    image_case<"conv_transpose2d_32", 1, la::input<8, 12, 13>, la::conv_transpose2d<12, la::kernel<1, 1>, la::stride<2>, la::padding<3>>>,
    image_case<"conv_transpose2d_33", 2, la::input<6, 11, 5>, la::conv_transpose2d<20, la::padding<1, 3>, la::dilation<3, 2>, la::groups<2>, la::stride<2, 3>, la::kernel<5, 2>>>,
    image_case<"conv_transpose2d_34", 1, la::input<17, 10, 11>, la::conv_transpose2d<17, la::groups<17>, la::stride<2>, la::kernel<2, 3>>>,
    image_case<"conv_transpose2d_35", 2, la::input<16, 8, 7>, la::conv_transpose2d<17, la::kernel<1>>>>;
// clang-format on

} // namespace

TEST_CASE("conv transpose2d 2: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
