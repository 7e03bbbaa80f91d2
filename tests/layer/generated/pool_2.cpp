// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"avg_pool2d_3", 33, la::input<8, 8, 6>, la::avg_pool2d<la::extent{3, 2}>>,
    image_case<"avg_pool2d_4", 1, la::input<16, 13, 5>, la::avg_pool2d<la::extent{2, 3}, la::stride<1, 2>, la::padding<1>>>,
    image_case<"avg_pool2d_5", 2, la::input<17, 9, 13>, la::avg_pool2d<2, la::stride<3, 3>>>,
    image_case<"avg_pool2d_6", 2, la::input<1, 7, 12>, la::avg_pool2d<la::extent{1, 4}, la::stride<5, 1>, la::padding<0, 2>>>,
    image_case<"avg_pool2d_7", 2, la::input<3, 12, 11>, la::avg_pool2d<4, la::padding<2, 2>>>,
    image_case<"avg_pool2d_8", 1, la::input<6, 5, 6>, la::avg_pool2d<3, la::stride<2, 1>, la::padding<1, 0>>>,
    image_case<"avg_pool2d_9", 2, la::input<8, 11, 5>, la::avg_pool2d<5>>,
    image_case<"avg_pool1d_0", 33, la::input<1, 12>, la::avg_pool1d<2>>,
    image_case<"avg_pool1d_1", 2, la::input<3, 13>, la::avg_pool1d<3, la::stride<2>, la::padding<1>>>,
    image_case<"avg_pool1d_2", 2, la::input<6, 12>, la::avg_pool1d<3, la::padding<1>, la::stride<1>>>,
    image_case<"avg_pool1d_3", 33, la::input<8, 12>, la::avg_pool1d<2>>,
    image_case<"avg_pool1d_4", 2, la::input<16, 13>, la::avg_pool1d<3, la::padding<1>, la::stride<2>>>,
    image_case<"avg_pool1d_5", 2, la::input<17, 8>, la::avg_pool1d<2, la::stride<3>>>,
    image_case<"avg_pool1d_6", 1, la::input<1, 8>, la::avg_pool1d<4, la::padding<2>, la::stride<1>>>,
    image_case<"global_avg_pool_0", 1, la::input<6, 10, 11>, la::global_avg_pool>,
    image_case<"global_avg_pool_1", 2, la::input<1, 9, 7>, la::global_avg_pool>,
    image_case<"global_avg_pool_2", 1, la::input<3, 13, 5>, la::global_avg_pool>,
    image_case<"global_avg_pool_3", 33, la::input<17, 11>, la::global_avg_pool>,
    image_case<"global_max_pool_0", 2, la::input<8, 5, 7>, la::global_max_pool>,
    image_case<"global_max_pool_1", 33, la::input<1, 13, 12>, la::global_max_pool>,
    image_case<"global_max_pool_2", 2, la::input<8, 11, 12>, la::global_max_pool>,
    image_case<"global_max_pool_3", 33, la::input<6, 12>, la::global_max_pool>>;
// clang-format on

} // namespace

TEST_CASE("pool 2: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
