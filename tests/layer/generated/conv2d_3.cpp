// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv2d_36", 2, la::input<16, 5, 6>, la::conv2d<20, la::kernel<2>>>,
    image_case<"conv2d_37", 33, la::input<8, 13, 12>, la::conv2d<17, la::padding<0, 1>, la::stride<2, 2>, la::kernel<2, 1>>>,
    image_case<"conv2d_38", 1, la::input<3, 5, 6>, la::conv2d<8, la::kernel<4>, la::padding<2>>>,
    image_case<"conv2d_39", 33, la::input<1, 13, 12>, la::conv2d<33, la::dilation<2, 2>, la::same_padding, la::kernel<4, 4>, la::no_bias>>,
    image_case<"conv2d_40", 33, la::input<1, 5, 12>, la::conv2d<20, la::kernel<4, 3>>>,
    image_case<"conv2d_41", 2, la::input<1, 13, 5>, la::conv2d<6, la::dilation<2>, la::kernel<3>>>,
    image_case<"conv2d_42", 2, la::input<16, 10, 9>, la::conv2d<4, la::groups<2>, la::no_bias, la::kernel<3>>>,
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
    image_case<"conv2d_53", 2, la::input<3, 13, 12>, la::conv2d<3, la::dilation<2>, la::no_bias, la::kernel<4>>>>;
// clang-format on

} // namespace

TEST_CASE("conv2d 3: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
