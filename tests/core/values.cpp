// The vocabulary: shapes, texts, lists of types, tensors, the layout of a parameter.
#include <array>
#include <catch.hpp>
#include <lamina/core/error.hpp>
#include <lamina/core/fixed_string.hpp>
#include <lamina/core/label.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/spelling.hpp>
#include <lamina/core/tensor.hpp>
#include <lamina/core/text.hpp>
#include <lamina/core/type_list.hpp>
#include <set>

namespace la = lamina;

TEST_CASE("a shape is a value") {
  static_assert(la::shape<2, 3, 4>.size() == 24 && la::shape<2, 3, 4>.rank == 3 && la::shape<2, 3, 4>.last() == 4);
  static_assert(la::shape<2, 3>[1] == 3 && la::shape<2, 3> != la::shape<3, 2> && la::shape<6> != la::shape<6, 1>);
  static_assert(la::dimensions{}.size() == 0 && la::dimensions{}.last() == 0);
  SUCCEED();
}

TEST_CASE("a fixed string is compared by its text") {
  static_assert(la::fixed_string{"ab"} == la::fixed_string{"ab"});
  static_assert(!(la::fixed_string{"ab"} == la::fixed_string{"abc"}));
  static_assert(la::fixed_string{""}.view().empty());
  SUCCEED();
}

TEST_CASE("a short text is appended to while compiling, and cut where it is full") {
  constexpr auto name = la::short_text{"layer"}.append(std::size_t{1230}).append(".weight");
  static_assert(name.view() == "layer1230.weight");
  static_assert(la::short_text{}.append(std::size_t{0}).view() == "0");
  la::short_text full;
  for (int i = 0; i < 20; ++i) full.append("12345").append(std::size_t{67});
  CHECK(full.view().size() == la::short_text::capacity);
  CHECK(full.view().starts_with("1234567123"));
}

TEST_CASE("the spelling of a type is the compiler's") {
  CHECK(la::detail::spelling<la::label>() == "lamina::label");
  CHECK(la::detail::spelling<int>() == "int");
}

TEST_CASE("lists of types are joined and looked up") {
  using list =
      la::detail::joined<la::detail::type_list<int, char>, la::detail::type_list<>, la::detail::type_list<int>>::type;
  static_assert(std::is_same_v<list, la::detail::type_list<int, char, int>>);
  static_assert(std::is_same_v<la::detail::nth<1, list>, char> && std::is_same_v<la::detail::nth<2, list>, int>);
  static_assert(std::is_same_v<la::detail::joined<>::type, la::detail::type_list<>>);
  SUCCEED();
}

TEST_CASE("a tensor is row-major and compared by its elements") {
  la::tensor<int, la::shape<2, 3>> t{{0, 1, 2, 3, 4, 5}};
  CHECK(t(1, 0) == 3);
  CHECK(t(0, 2) == t[2]);
  t(1, 2) = 50;
  CHECK(*(t.end() - 1) == 50);
  auto copy = t;
  CHECK(copy == t);
  copy[0] = 9;
  CHECK(copy != t);
}

TEST_CASE("every element of a matrix in panels has a place of its own within the block") {
  for (const std::size_t outputs : {1u, 3u, 4u, 8u, 9u, 16u, 17u, 31u, 40u})
    for (const std::size_t depth : {1u, 2u, 7u}) {
      const std::size_t rows = (outputs + 3) / 4 * 4, columns = 16;
      const la::parameter_layout layout{
          .offset = 100, .stored = rows * depth, .columns = columns, .rows = rows, .depth = depth, .outputs = outputs};
      std::set<std::size_t> places;
      for (std::size_t i = 0; i < outputs * depth; ++i) places.insert(layout.position(i));
      INFO(outputs << " outputs of " << depth);
      CHECK(places.size() == outputs * depth);
      CHECK(*places.begin() == 100);
      CHECK(*places.rbegin() < 100 + layout.stored);
      // Neighbouring outputs of one input stand side by side, up to a panel's edge.
      for (std::size_t n = 0; n + 1 < outputs && n % columns + 1 < columns; ++n)
        CHECK(layout.position((n + 1) * depth) == layout.position(n * depth) + 1);
    }
  const la::parameter_layout vector{.offset = 7, .stored = 8};
  CHECK(vector.position(3) == 10);
}

TEST_CASE("a text is put together from characters and numbers") {
  using la::detail::joined_text;
  const std::string name = "fc1";
  CHECK(joined_text({"step ", 7u, " of ", name, ": ", std::string_view{"loss"}}) == "step 7 of fc1: loss");
  CHECK(joined_text({std::size_t{0}, std::string_view{}, std::string{}, 18446744073709551615u}) ==
        "018446744073709551615");
  CHECK(joined_text({}) == "");
}

TEST_CASE("errors say where, what was expected and what came, and are caught by their base") {
  CHECK(la::expected_got("here", "a", "b") == "here: expected a, got b");
  CHECK(la::expected_got("here", 12u, "b") == "here: expected 12, got b");
  CHECK_THROWS_AS(throw la::argument_error("x"), la::error);
  CHECK_THROWS_AS(throw la::file_error("x"), la::error);
  CHECK_THROWS_AS(throw la::training_error("x"), std::runtime_error);
}
