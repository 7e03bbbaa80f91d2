// Nothing of the catalogue escapes the laws.
#include <catch.hpp>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace {

std::string read(const std::string& path) {
  std::ifstream file{LAMINA_TESTS_DIRECTORY "/" + path};
  INFO(path);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Every type that a header declares under `pattern` is named in one of the lists of the laws.
void check_listed(const std::string& header, const char* pattern) {
  const std::string text = read("../include/lamina/" + header), lists = read("laws/catalogue.hpp");
  const std::regex declared{pattern};
  std::size_t count = 0;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), declared); it != std::sregex_iterator(); ++it) {
    const std::string name = (*it)[1];
    ++count;
    INFO(header << " declares " << name);
    CHECK(std::regex_search(lists, std::regex("la::" + name + "\\b")));
  }
  CHECK(count > 0);
}

} // namespace

TEST_CASE("every activation, loss, optimizer, penalty and schedule of the headers is in the lists of the laws") {
  check_listed("activation.hpp", "struct (\\w+) : activation<");
  check_listed("loss.hpp", "\\nstruct (\\w+)");
  check_listed("loss/binary_cross_entropy.hpp", "\\nstruct (\\w+)");
  check_listed("loss/cross_entropy.hpp", "\\nstruct (\\w+)");
  check_listed("loss/negative_log_likelihood.hpp", "\\nstruct (\\w+)");
  check_listed("optimizer/sgd.hpp", "\\nstruct (\\w+) \\{");
  check_listed("optimizer/adam.hpp", "\\nstruct (\\w+) \\{");
  check_listed("optimizer/adaptive.hpp", "\\nstruct (\\w+) \\{");
  check_listed("optimizer/penalty.hpp", "\\nstruct (\\w+) \\{");
  check_listed("optimizer/clip.hpp", "\\nstruct (\\w+) \\{");
  check_listed("optimizer/schedule.hpp", "\\nstruct (\\w+) \\{");
}
