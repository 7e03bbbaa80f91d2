// What describe prints.
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

std::string line_of(const std::string& text, std::string_view start) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(start)) return line;
  return "no line starts with " + std::string(start);
}
bool has(const std::string& line, std::string_view part) { return line.find(part) != std::string::npos; }

} // namespace

TEST_CASE("describe prints each layer's type, shape, parameters, flops and bytes, and what was laminated") {
  const std::string text = la::describe<digits>();
  INFO(text);
  const std::string dense = line_of(text, "0 "), relu = line_of(text, "1 "), last = line_of(text, "2 ");
  CHECK(has(dense, "dense<128>"));
  CHECK(has(dense, "(128)"));
  CHECK(has(dense, "100,480"));
  CHECK(has(dense, "200,704"));
  CHECK(has(dense, "401,920"));
  CHECK(has(relu, "relu"));
  CHECK(has(relu, "laminated onto 0"));
  CHECK(has(relu, "backward keeps output"));
  CHECK(has(last, "1,290"));
  CHECK(has(text, "(784)"));
  CHECK(has(line_of(text, "total"), "101,770 parameters"));
  CHECK(has(line_of(text, "total"), "203,264 flops forward"));
  CHECK(has(line_of(text, "total"), "406,528 backward"));
}

TEST_CASE("describe prints the names of nested and named layers, and which only rename a shape") {
  const std::string text = la::describe<nested>();
  INFO(text);
  CHECK(has(line_of(text, "body.0 "), "dense<8"));
  CHECK(has(line_of(text, "body.1 "), "laminated onto body.0"));
  CHECK(has(line_of(text, "body.out "), "dense<6>"));
  CHECK(has(line_of(text, "2 "), "laminated onto body.out"));
  CHECK(has(line_of(text, "3 "), "renames the shape"));
  CHECK(has(line_of(text, "3 "), "(2, 3)"));
  CHECK(has(line_of(text, "head "), "dense<8>"));
  for_each(networks{}, []<class E>() {
    CHECK(has(la::describe<typename E::type>(), "total: " + la::detail::grouped(E::type::parameter_count)));
  });
}

TEST_CASE("describe says which formulas keep their input") {
  CHECK(has(line_of(la::describe<gelu_3_17_9_2>(), "1 "), "backward keeps input"));
  CHECK(has(line_of(la::describe<tanh_7_13_5>(), "1 "), "backward keeps output"));
}

TEST_CASE("describe says whose weight a layer uses, and counts it once") {
  const std::string text = la::describe<tied>();
  INFO(text);
  CHECK(has(line_of(text, "body.2 "), "dense<9, weight_of<\"in\">"));
  CHECK(has(line_of(text, "body.2 "), ", the weight of body.in"));
  CHECK(has(line_of(text, "body.4 "), ", the transposed weight of body.in"));
  CHECK(has(line_of(text, "body.4 "), " -  "));
  CHECK(has(line_of(text, "8 "), ", the transposed weight of in;"));
  CHECK(has(line_of(text, "11 "), ", the weight of in;"));
}
