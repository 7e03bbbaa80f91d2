// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"layer_norm_4", 2, la::input<16, 10, 9>, la::layer_norm>,
    image_case<"layer_norm_5", 1, la::input<17, 7, 12>, la::layer_norm>>;
// clang-format on

} // namespace

TEST_CASE("norm 2: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
