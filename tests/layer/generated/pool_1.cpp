// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"max_pool2d_0", 1, la::input<1, 11, 8>, la::max_pool2d<2>>,
    image_case<"max_pool2d_1", 1, la::input<3, 5, 13>, la::max_pool2d<3, la::padding<1, 1>, la::stride<2, 2>>>,
    image_case<"max_pool2d_2", 2, la::input<6, 8, 10>, la::max_pool2d<3, la::padding<1, 1>, la::stride<1, 1>>>,
    image_case<"max_pool2d_3", 33, la::input<8, 11, 5>, la::max_pool2d<la::extent{3, 2}>>,
    image_case<"max_pool2d_4", 2, la::input<16, 5, 10>, la::max_pool2d<la::extent{2, 3}, la::stride<1, 2>, la::padding<1, 1>>>,
    image_case<"max_pool2d_5", 2, la::input<17, 12, 11>, la::max_pool2d<2, la::stride<3, 3>>>,
    image_case<"max_pool2d_6", 33, la::input<1, 10, 11>, la::max_pool2d<la::extent{1, 4}, la::padding<0, 2>, la::stride<5, 1>>>,
    image_case<"max_pool2d_7", 2, la::input<3, 10, 5>, la::max_pool2d<4, la::padding<2, 2>>>,
    image_case<"max_pool2d_8", 2, la::input<6, 11, 7>, la::max_pool2d<3, la::stride<2, 1>, la::padding<1, 0>>>,
    image_case<"max_pool2d_9", 2, la::input<8, 5, 12>, la::max_pool2d<5>>,
    image_case<"max_pool2d_10", 1, la::input<16, 10, 9>, la::max_pool2d<2, la::stride<1>>>,
    image_case<"max_pool2d_11", 1, la::input<17, 12, 8>, la::max_pool2d<1, la::stride<2, 2>>>,
    image_case<"max_pool1d_0", 2, la::input<1, 11>, la::max_pool1d<2>>,
    image_case<"max_pool1d_1", 2, la::input<3, 13>, la::max_pool1d<3, la::stride<2>, la::padding<1>>>,
    image_case<"max_pool1d_2", 1, la::input<6, 9>, la::max_pool1d<3, la::stride<1>, la::padding<1>>>,
    image_case<"max_pool1d_3", 33, la::input<8, 9>, la::max_pool1d<2>>,
    image_case<"max_pool1d_4", 1, la::input<16, 13>, la::max_pool1d<3, la::padding<1>, la::stride<2>>>,
    image_case<"max_pool1d_5", 1, la::input<17, 11>, la::max_pool1d<2, la::stride<3>>>,
    image_case<"max_pool1d_6", 2, la::input<1, 10>, la::max_pool1d<4, la::stride<1>, la::padding<2>>>,
    image_case<"avg_pool2d_0", 1, la::input<1, 9, 10>, la::avg_pool2d<2>>,
    image_case<"avg_pool2d_1", 2, la::input<3, 8, 11>, la::avg_pool2d<3, la::padding<1, 1>, la::stride<2, 2>>>,
    image_case<"avg_pool2d_2", 2, la::input<6, 8, 5>, la::avg_pool2d<3, la::padding<1, 1>, la::stride<1>>>>;
// clang-format on

} // namespace

TEST_CASE("pool 1: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
