// The library once more, every layer a stage of its own; under other names, so that one program may hold both.
#define LAMINA_UNFUSED
#define lamina lamina_unfused
#define laws laws_unfused
#include "stages.hpp"

std::vector<std::vector<double>> unfused_values() { return laws::staged_values(); }
std::vector<std::size_t> unfused_stages() {
  return {lamina::plan<laws::chained>::stage_count,         lamina::plan<laws::after_softmax>::stage_count,
          lamina::plan<laws::nested>::stage_count,          lamina::plan<laws::normalized>::stage_count,
          lamina::plan<laws::by_rows>::stage_count,         lamina::plan<laws::normalized_image>::stage_count,
          lamina::plan<laws::normalized_paths>::stage_count};
}
