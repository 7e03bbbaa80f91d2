// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv2d_86", 2, la::input<6, 10, 9>, la::conv2d<8, la::kernel<5, 4>, la::stride<3, 2>, la::padding<2, 2>>>,
    image_case<"conv2d_87", 2, la::input<8, 12, 13>, la::conv2d<12, la::same_padding, la::kernel<2, 2>>>,
    image_case<"conv2d_88", 2, la::input<3, 13, 12>, la::conv2d<3, la::kernel<4, 3>>>,
    image_case<"conv2d_89", 2, la::input<17, 6, 9>, la::conv2d<8, la::kernel<3>, la::dilation<2>>>,
    image_case<"conv2d_90", 2, la::input<16, 12, 5>, la::conv2d<20, la::kernel<1, 1>, la::stride<2>, la::groups<4>>>,
    image_case<"conv2d_91", 2, la::input<3, 8, 7>, la::conv2d<3, la::kernel<3, 3>, la::padding<3, 3>, la::dilation<2>, la::groups<3>>>,
    image_case<"conv2d_92", 2, la::input<6, 7, 8>, la::conv2d<4, la::kernel<2>, la::stride<4>>>,
    image_case<"conv2d_93", 33, la::input<16, 9, 10>, la::conv2d<33, la::padding<0, 3>, la::dilation<3>, la::stride<2>, la::kernel<3>>>,
    image_case<"conv2d_94", 2, la::input<17, 6, 7>, la::conv2d<17, la::kernel<3, 3>, la::groups<17>, la::stride<2>, la::padding<3>>>,
    image_case<"conv2d_95", 2, la::input<1, 8, 7>, la::conv2d<1, la::kernel<1, 1>>>,
    image_case<"conv2d_96", 2, la::input<16, 8, 10>, la::conv2d<20, la::padding<1, 2>, la::kernel<2, 2>>>,
    image_case<"conv2d_97", 2, la::input<16, 9, 8>, la::conv2d<4, la::stride<3, 3>, la::kernel<2, 2>>>,
    image_case<"conv2d_98", 2, la::input<1, 7, 8>, la::conv2d<3, la::no_bias, la::kernel<3, 3>>>,
    image_case<"conv2d_99", 1, la::input<1, 8, 6>, la::conv2d<1, la::same_padding, la::kernel<4, 4>>>,
    image_case<"conv2d_100", 2, la::input<6, 5, 11>, la::conv2d<33, la::kernel<5, 3>>>,
    image_case<"conv2d_101", 2, la::input<1, 12, 11>, la::conv2d<33, la::dilation<2, 2>, la::no_bias, la::kernel<3, 3>, la::padding<0, 1>>>,
    image_case<"conv2d_102", 1, la::input<3, 9, 8>, la::conv2d<3, la::kernel<4, 4>, la::stride<3>, la::groups<3>>>,
    image_case<"conv2d_103", 1, la::input<16, 13, 12>, la::conv2d<16, la::dilation<3, 2>, la::groups<16>, la::kernel<2, 1>>>,
    image_case<"conv2d_104", 2, la::input<16, 8, 10>, la::conv2d<20, la::stride<4, 3>, la::padding<3, 1>, la::no_bias, la::kernel<2, 1>>>,
    image_case<"conv2d_105", 1, la::input<6, 5, 13>, la::conv2d<6, la::groups<6>, la::dilation<2, 2>, la::stride<2, 2>, la::padding<1>, la::kernel<4, 4>, la::no_bias>>,
    image_case<"conv2d_106", 1, la::input<6, 10, 11>, la::conv2d<6, la::stride<2, 2>, la::kernel<5, 1>, la::padding<0, 3>, la::groups<6>>>,
    image_case<"conv2d_107", 2, la::input<17, 7, 6>, la::conv2d<20, la::kernel<1, 1>>>>;
// clang-format on

} // namespace

TEST_CASE("conv2d 5: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
