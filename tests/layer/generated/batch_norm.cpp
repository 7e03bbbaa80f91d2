// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"batch_norm_0", 1, la::input<1, 12, 8>, la::batch_norm>,
    image_case<"batch_norm_1", 2, la::input<3, 8, 7>, la::batch_norm>,
    image_case<"batch_norm_2", 2, la::input<6, 13, 5>, la::batch_norm>,
    image_case<"batch_norm_3", 33, la::input<8, 11>, la::batch_norm>,
    image_case<"batch_norm_4", 1, la::input<16, 12, 9>, la::batch_norm>,
    image_case<"batch_norm_5", 2, la::input<17, 7, 5>, la::batch_norm>,
    image_case<"batch_norm_6", 2, la::input<1, 5, 6>, la::batch_norm>,
    image_case<"batch_norm_7", 2, la::input<3, 12>, la::batch_norm>>;
// clang-format on

} // namespace

TEST_CASE("batch norm: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
