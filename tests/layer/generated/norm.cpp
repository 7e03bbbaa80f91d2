// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"group_norm_0", 2, la::input<1, 8, 11>, la::group_norm<1>>,
    image_case<"group_norm_1", 2, la::input<3, 5, 7>, la::group_norm<1>>,
    image_case<"group_norm_2", 2, la::input<6, 9, 8>, la::group_norm<2>>,
    image_case<"group_norm_3", 33, la::input<8, 13>, la::group_norm<4>>,
    image_case<"group_norm_4", 2, la::input<16, 6, 10>, la::group_norm<4>>,
    image_case<"group_norm_5", 2, la::input<17, 6, 7>, la::group_norm<1>>,
    image_case<"group_norm_6", 2, la::input<1, 5, 12>, la::group_norm<1>>,
    image_case<"group_norm_7", 2, la::input<3, 11>, la::group_norm<1>>,
    image_case<"layer_norm_0", 2, la::input<1, 11, 9>, la::layer_norm>,
    image_case<"layer_norm_1", 2, la::input<3, 8, 13>, la::layer_norm>,
    image_case<"layer_norm_2", 2, la::input<6, 12, 6>, la::layer_norm>,
    image_case<"layer_norm_3", 33, la::input<8, 10, 11>, la::layer_norm>,
    image_case<"layer_norm_4", 2, la::input<16, 10, 9>, la::layer_norm>,
    image_case<"layer_norm_5", 1, la::input<17, 7, 12>, la::layer_norm>>;
// clang-format on

} // namespace

TEST_CASE("norm: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
