// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv2d_64", 2, la::input<16, 5, 8>, la::conv2d<6, la::kernel<2, 4>>>,
    image_case<"conv2d_65", 1, la::input<6, 9, 11>, la::conv2d<16, la::no_bias, la::dilation<2>, la::padding<1, 2>, la::kernel<4, 5>>>,
    image_case<"conv2d_66", 1, la::input<8, 11, 12>, la::conv2d<16, la::stride<2>, la::kernel<1>, la::groups<4>>>,
    image_case<"conv2d_67", 2, la::input<16, 10, 11>, la::conv2d<32, la::padding<1>, la::kernel<3>, la::groups<16>, la::dilation<3, 2>>>,
    image_case<"conv2d_68", 1, la::input<3, 9, 8>, la::conv2d<1, la::kernel<1, 1>, la::stride<2, 2>>>,
    image_case<"conv2d_69", 2, la::input<8, 12, 13>, la::conv2d<4, la::dilation<2, 2>, la::padding<1, 2>, la::groups<2>, la::no_bias, la::kernel<1, 2>, la::stride<2, 2>>>,
    image_case<"conv2d_70", 33, la::input<8, 12, 11>, la::conv2d<16, la::stride<2>, la::groups<8>, la::no_bias, la::kernel<1>>>,
    image_case<"conv2d_71", 1, la::input<17, 10, 9>, la::conv2d<12, la::kernel<1>, la::stride<1, 2>>>,
    image_case<"conv2d_72", 2, la::input<8, 13, 5>, la::conv2d<20, la::kernel<2, 2>>>,
    image_case<"conv2d_73", 2, la::input<16, 5, 13>, la::conv2d<4, la::kernel<2, 2>, la::stride<2, 2>, la::padding<1>>>,
    image_case<"conv2d_74", 2, la::input<1, 13, 5>, la::conv2d<6, la::padding<2>, la::kernel<3>>>,
    image_case<"conv2d_75", 2, la::input<16, 9, 8>, la::conv2d<17, la::same_padding, la::kernel<3, 3>>>,
    image_case<"conv2d_76", 2, la::input<8, 13, 13>, la::conv2d<12, la::kernel<1, 2>>>,
    image_case<"conv2d_77", 33, la::input<17, 5, 13>, la::conv2d<12, la::dilation<2, 2>, la::kernel<3, 3>>>,
    image_case<"conv2d_78", 2, la::input<6, 10, 9>, la::conv2d<6, la::stride<3>, la::groups<6>, la::no_bias, la::kernel<5>>>,
    image_case<"conv2d_79", 2, la::input<8, 7, 6>, la::conv2d<8, la::groups<8>, la::kernel<1>>>,
    image_case<"conv2d_80", 2, la::input<6, 5, 13>, la::conv2d<6, la::kernel<2, 2>, la::stride<3, 3>>>,
    image_case<"conv2d_81", 2, la::input<6, 11, 10>, la::conv2d<8, la::padding<2, 3>, la::stride<2, 2>, la::kernel<5, 4>, la::dilation<3, 2>, la::groups<2>>>,
    image_case<"conv2d_82", 2, la::input<6, 10, 9>, la::conv2d<6, la::groups<6>, la::kernel<5, 5>, la::stride<3, 3>, la::padding<1>>>,
    image_case<"conv2d_83", 1, la::input<6, 11, 13>, la::conv2d<4, la::kernel<1>>>,
    image_case<"conv2d_84", 2, la::input<17, 11, 10>, la::conv2d<20, la::kernel<3>, la::padding<3, 2>>>,
    image_case<"conv2d_85", 1, la::input<1, 13, 5>, la::conv2d<6, la::stride<2>, la::kernel<3, 3>, la::padding<2>>>>;
// clang-format on

} // namespace

TEST_CASE("conv2d 4: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
