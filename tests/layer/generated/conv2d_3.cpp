// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv2d_43", 1, la::input<16, 13, 5>, la::conv2d<16, la::no_bias, la::groups<16>, la::kernel<2, 2>>>,
    image_case<"conv2d_44", 2, la::input<16, 10, 8>, la::conv2d<4, la::kernel<1, 1>, la::stride<2, 2>>>,
    image_case<"conv2d_45", 2, la::input<6, 11, 7>, la::conv2d<20, la::stride<3, 3>, la::kernel<1, 3>, la::dilation<2, 2>>>,
    image_case<"conv2d_46", 2, la::input<8, 12, 13>, la::conv2d<8, la::kernel<1, 1>, la::groups<8>, la::stride<2>, la::no_bias>>,
    image_case<"conv2d_47", 1, la::input<1, 8, 9>, la::conv2d<6, la::kernel<1, 1>>>,
    image_case<"conv2d_48", 2, la::input<6, 7, 6>, la::conv2d<8, la::kernel<1>>>,
    image_case<"conv2d_49", 2, la::input<8, 9, 10>, la::conv2d<12, la::kernel<2, 2>, la::padding<2>, la::stride<3, 2>, la::no_bias>>,
    image_case<"conv2d_50", 2, la::input<16, 5, 6>, la::conv2d<33, la::kernel<2>, la::padding<1>>>,
    image_case<"conv2d_51", 2, la::input<8, 12, 11>, la::conv2d<8, la::same_padding, la::groups<8>, la::dilation<3>, la::kernel<2, 5>>>,
    image_case<"conv2d_52", 2, la::input<1, 12, 9>, la::conv2d<12, la::kernel<3, 2>, la::no_bias>>,
    image_case<"conv2d_53", 2, la::input<3, 13, 12>, la::conv2d<3, la::dilation<2>, la::no_bias, la::kernel<4>>>,
    image_case<"conv2d_54", 1, la::input<8, 12, 13>, la::conv2d<12, la::groups<2>, la::stride<2, 2>, la::no_bias, la::kernel<1, 1>>>,
    image_case<"conv2d_55", 2, la::input<8, 12, 12>, la::conv2d<16, la::kernel<5>, la::groups<8>, la::padding<1>, la::no_bias>>,
    image_case<"conv2d_56", 2, la::input<17, 11, 12>, la::conv2d<33, la::stride<2, 2>, la::kernel<1, 1>>>,
    image_case<"conv2d_57", 2, la::input<8, 7, 7>, la::conv2d<16, la::dilation<2, 2>, la::groups<8>, la::no_bias, la::padding<2, 1>, la::stride<3, 3>, la::kernel<1, 5>>>,
    image_case<"conv2d_58", 2, la::input<3, 10, 11>, la::conv2d<3, la::groups<3>, la::stride<2>, la::kernel<5>>>,
    image_case<"conv2d_59", 2, la::input<8, 12, 11>, la::conv2d<16, la::no_bias, la::kernel<1, 1>>>,
    image_case<"conv2d_60", 1, la::input<1, 8, 6>, la::conv2d<33, la::kernel<3, 3>>>,
    image_case<"conv2d_61", 2, la::input<3, 9, 10>, la::conv2d<8, la::no_bias, la::padding<1>, la::stride<2>, la::kernel<4, 5>>>,
    image_case<"conv2d_62", 1, la::input<1, 12, 11>, la::conv2d<33, la::padding<1, 2>, la::kernel<3>>>,
    image_case<"conv2d_63", 33, la::input<6, 5, 6>, la::conv2d<16, la::same_padding, la::kernel<5, 5>>>>;
// clang-format on

} // namespace

TEST_CASE("conv2d 3: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
