// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv_transpose2d_0", 2, la::input<17, 10, 9>, la::conv_transpose2d<12, la::kernel<3, 3>>>,
    image_case<"conv_transpose2d_1", 2, la::input<3, 5, 6>, la::conv_transpose2d<8, la::kernel<4, 4>, la::stride<2>, la::padding<1, 1>>>,
    image_case<"conv_transpose2d_2", 1, la::input<1, 6, 5>, la::conv_transpose2d<20, la::padding<2>, la::kernel<3>, la::no_bias>>,
    image_case<"conv_transpose2d_3", 33, la::input<6, 11, 12>, la::conv_transpose2d<4, la::output_padding<1>, la::kernel<5>, la::stride<2>>>,
    image_case<"conv_transpose2d_4", 2, la::input<16, 9, 8>, la::conv_transpose2d<4, la::kernel<2, 1>>>,
    image_case<"conv_transpose2d_5", 2, la::input<8, 7, 8>, la::conv_transpose2d<4, la::dilation<2, 2>, la::kernel<5, 5>>>,
    image_case<"conv_transpose2d_6", 1, la::input<6, 11, 12>, la::conv_transpose2d<4, la::stride<2>, la::kernel<1>, la::groups<2>>>,
    image_case<"conv_transpose2d_7", 1, la::input<8, 13, 5>, la::conv_transpose2d<16, la::kernel<2, 2>, la::groups<8>>>,
    image_case<"conv_transpose2d_8", 2, la::input<16, 9, 6>, la::conv_transpose2d<16, la::kernel<1>, la::stride<3>>>,
    image_case<"conv_transpose2d_9", 2, la::input<8, 12, 10>, la::conv_transpose2d<4, la::stride<2, 2>, la::kernel<3, 2>, la::padding<3>, la::dilation<3, 2>>>,
    image_case<"conv_transpose2d_10", 2, la::input<6, 10, 11>, la::conv_transpose2d<6, la::no_bias, la::stride<2, 2>, la::kernel<5>, la::groups<6>>>,
    image_case<"conv_transpose2d_11", 2, la::input<6, 11, 9>, la::conv_transpose2d<8, la::groups<2>, la::no_bias, la::kernel<1>, la::stride<2, 2>>>,
    image_case<"conv_transpose2d_12", 33, la::input<16, 9, 10>, la::conv_transpose2d<20, la::padding<1, 1>, la::kernel<2, 3>>>,
    image_case<"conv_transpose2d_13", 2, la::input<6, 6, 5>, la::conv_transpose2d<3, la::padding<1, 1>, la::no_bias, la::kernel<5>, la::stride<2, 2>>>,
    image_case<"conv_transpose2d_14", 1, la::input<3, 9, 11>, la::conv_transpose2d<16, la::stride<2, 2>, la::kernel<4, 5>>>,
    image_case<"conv_transpose2d_15", 2, la::input<6, 10, 9>, la::conv_transpose2d<6, la::kernel<5, 5>, la::stride<3, 3>, la::padding<1, 1>, la::output_padding<1>>>,
    image_case<"conv_transpose2d_16", 2, la::input<1, 11, 8>, la::conv_transpose2d<4, la::kernel<3, 1>, la::padding<3, 3>>>,
    image_case<"conv_transpose2d_17", 2, la::input<8, 7, 5>, la::conv_transpose2d<8, la::dilation<3>, la::kernel<5>>>>;
// clang-format on

} // namespace

TEST_CASE("conv transpose2d 1: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
