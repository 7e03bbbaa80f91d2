// Lamination changes no number.
#include "stages.hpp"

using namespace laws;

TEST_CASE("fused stages compute what single layers do") {
  CHECK(unfused_stages() == std::vector<std::size_t>{7, 7, 7, 8, 5, 21, 27});
  CHECK(la::plan<chained>::stage_count == 2);
  CHECK(la::plan<after_softmax>::stage_count == 6);
  CHECK(la::plan<nested>::stage_count == 5);
  const std::vector<numbers> fused = staged_values(), unfused = unfused_values();
  REQUIRE(fused.size() == unfused.size());
  for (std::size_t i = 0; i < fused.size(); ++i) {
    const bool narrow = i / values_per_network % 2;
    const double near = narrow ? 2e-6 : 1e-14;
    check_near("values " + std::to_string(i) + (narrow ? ", float" : ", double"), fused[i], unfused[i], {near, near});
  }
}
