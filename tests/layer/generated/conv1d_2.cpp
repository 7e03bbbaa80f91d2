// Written by golden/make_images.py: change it there.
#include <layer/image_case.hpp>

using namespace laws;

namespace {

// clang-format off
using cases = list<
    image_case<"conv1d_20", 2, la::input<6, 5>, la::conv1d<33, la::kernel<2>, la::stride<3>>>,
    image_case<"conv1d_21", 2, la::input<17, 8>, la::conv1d<6, la::stride<2>, la::kernel<1>, la::padding<3>, la::dilation<3>>>,
    image_case<"conv1d_22", 1, la::input<17, 7>, la::conv1d<34, la::kernel<3>, la::groups<17>, la::stride<2>>>,
    image_case<"conv1d_23", 2, la::input<8, 12>, la::conv1d<1, la::stride<2>, la::kernel<1>>>>;
// clang-format on

} // namespace

TEST_CASE("conv1d 2: outputs and gradients are PyTorch's") { check_image_cases(cases{}); }
