#include <array>
#include <catch.hpp>
#include <io/files.hpp>
#include <lamina/data/dataset.hpp>
#include <type_traits>
#include <vector>

using lamina::dataset;
using lamina::label;
using lamina::values;

namespace {

dataset<label> ten_samples() {
  dataset<label> data{2};
  for (int i = 0; i < 10; ++i) data.push_back({static_cast<float>(i), static_cast<float>(-i)}, label(i % 3));
  return data;
}

std::vector<float> firsts(const dataset<label>& data) {
  std::vector<float> all;
  for (const auto& [input, target] : data) all.push_back(input[0]);
  return all;
}

std::string argument_message(auto action) { return message_of<lamina::argument_error>(action); }

} // namespace

TEST_CASE("a data set gives back what was put in, from braces and from anything contiguous") {
  dataset<values> data{2, 1};
  const std::vector<float> vector{3, 4};
  const std::array<float, 1> array{5};
  data.push_back({1, 2}, {3});
  data.push_back(vector, array);
  data.push_back({5, 6}, array);
  data.push_back(vector, {7});
  REQUIRE(data.size() == 4);
  CHECK(data.input_size() == 2);
  CHECK(data.target_size() == 1);
  CHECK(data.input(1)[0] == 3);
  CHECK(data.target(1)[0] == 5);
  CHECK(data.input(2)[1] == 6);
  CHECK(data.target(3)[0] == 7);
  CHECK(data.row(3) == data.input(3).data());
  CHECK(data.target_row(3) == data.target(3).data());
  CHECK(data.row(3) - data.row(0) == 6); // one block

  dataset<label> labelled{1};
  labelled.push_back({1}, label{4});
  labelled.push_back(array, label(std::size_t{2}));
  CHECK(labelled.target(0) == label{4});
  CHECK(labelled.class_count() == 5);
  CHECK(dataset<label>{3}.class_count() == 0);
  CHECK(dataset<label>{3}.empty());
}

TEST_CASE("whole columns are taken over without a copy") {
  std::vector<float> inputs{1, 2, 3, 4, 5, 6};
  const float* block = inputs.data();
  const dataset<label> data{3, std::move(inputs), {label{0}, label{1}}};
  CHECK(data.size() == 2);
  CHECK(data.row(0) == block);
  const dataset<values> table{1, 2, {1, 2}, {1, 2, 3, 4}};
  CHECK(table.size() == 2);
  CHECK(table.target(1)[1] == 4);
}

TEST_CASE("split and take are views in the old order that copy no sample") {
  const dataset<label> data = ten_samples();
  const auto [train, test] = data.split([](std::size_t i) { return i % 5 != 0; });
  CHECK(firsts(train) == std::vector<float>{1, 2, 3, 4, 6, 7, 8, 9});
  CHECK(firsts(test) == std::vector<float>{0, 5});
  CHECK(test.row(1) == data.row(5));
  CHECK(test.target(1) == data.target(5));
  CHECK(firsts(train.take(3)) == std::vector<float>{1, 2, 3});
  CHECK(firsts(data.take(2)) == std::vector<float>{0, 1});
  CHECK(data.take(2).row(1) == data.row(1));
  CHECK(firsts(train.split([](std::size_t i) { return i < 2; }).second.take(2)) == std::vector<float>{3, 4});
  CHECK(data.take(0).empty());
  const auto nothing = data.split([](std::size_t) { return false; }).first;
  CHECK(nothing.empty());
  CHECK(nothing.begin() == nothing.end());
}

TEST_CASE("select is a view of any samples in any order, also several times") {
  const dataset<label> data = ten_samples();
  const dataset<label> odd = data.split([](std::size_t i) { return i % 2 == 1; }).first;
  CHECK(firsts(data.select(std::vector<std::size_t>{7, 0, 7, 9})) == std::vector<float>{7, 0, 7, 9});
  CHECK(firsts(odd.select(std::vector<std::size_t>{4, 0, 0})) == std::vector<float>{9, 1, 1});
  CHECK(odd.select(std::array<std::size_t, 1>{2}).row(0) == data.row(5));
  CHECK(odd.select(std::array<std::size_t, 1>{2}).target(0) == data.target(5));
  CHECK(data.select({}).empty());
  CHECK(argument_message([&] { (void)odd.select(std::vector<std::size_t>{0, 5, 6}); }) ==
        "dataset::select: an index: expected below 5, got 5");
  dataset<label> nothing = data.select({}), some = data.select(std::vector<std::size_t>{3, 3});
  nothing.push_back({1, 2}, label{0});
  some.push_back({100, 0}, label{0});
  CHECK(firsts(nothing) == std::vector<float>{1});
  CHECK(firsts(some) == std::vector<float>{3, 3, 100});
  CHECK(firsts(data) == firsts(ten_samples()));
}

TEST_CASE("a split of a temporary keeps the samples") {
  const auto [train, test] = ten_samples().split([](std::size_t i) { return i != 4; });
  CHECK(test.input(0)[1] == -4);
  CHECK(train.size() == 9);
}

TEST_CASE("push_back disturbs no view, and no view disturbs push_back") {
  dataset<label> data = ten_samples();
  dataset<label> some = data.split([](std::size_t i) { return i >= 8; }).first;
  dataset<label> first = data.take(2), copy = data;
  const std::span<const float> seen = some.input(0);
  data.push_back({100, 0}, label{9});
  some.push_back({200, 0}, label{8});
  first.push_back({300, 0}, label{7});
  CHECK(firsts(data) == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100});
  CHECK(firsts(some) == std::vector<float>{8, 9, 200});
  CHECK(firsts(first) == std::vector<float>{0, 1, 300});
  CHECK(firsts(copy) == firsts(ten_samples()));
  CHECK(seen[0] == 8); // in the block that `copy` keeps
  CHECK(first.target(2) == label{7});

  SECTION("also where the view has become the block's only owner") {
    dataset<label> last = ten_samples().take(3);
    last.push_back({7, 7}, label{1});
    CHECK(firsts(last) == std::vector<float>{0, 1, 2, 7});
  }
  SECTION("and a row of the data set itself can be appended") {
    for (int i = 0; i < 40; ++i) some.push_back(some.input(some.size() - 3), some.target(1));
    CHECK(some.input(42)[0] == 8);
    data.push_back(copy.input(3), copy.target(3));
    copy.push_back(copy.input(3), copy.target(3));
    CHECK(copy.input(10)[0] == 3);
  }
}

TEST_CASE("a data set says what is wrong with a sample, and is as it was") {
  dataset<label> data = ten_samples();
  CHECK(argument_message([&] { data.push_back({1, 2, 3}, label{0}); }) ==
        "dataset: input of sample 10: expected 2 numbers, got 3");
  CHECK(argument_message([&] { data.push_back(std::vector<float>{}, label{0}); }) ==
        "dataset: input of sample 10: expected 2 numbers, got 0");
  CHECK(data.size() == 10);
  dataset<values> table{1, 2};
  CHECK(argument_message([&] { table.push_back({1}, {1}); }) ==
        "dataset: target of sample 0: expected 2 numbers, got 1");
  CHECK(table.empty());

  CHECK(argument_message([] { dataset<label>{0}; }) == "dataset: input size: expected at least 1, got 0");
  CHECK(argument_message([] { dataset<values>(1, 0); }) == "dataset: target size: expected at least 1, got 0");
  CHECK(argument_message([] { dataset<values>(0, 1); }) == "dataset: input size: expected at least 1, got 0");
  CHECK(argument_message([] { dataset<label>(2, {1, 2, 3}, {label{0}}); }) ==
        "dataset: inputs: expected 1 rows of 2, got 3 numbers");
  CHECK(argument_message([] { dataset<label>(2, {1, 2}, {}); }) ==
        "dataset: inputs: expected 0 rows of 2, got 2 numbers");
  CHECK(argument_message([] { dataset<values>(1, 2, {1}, {1, 2, 3}); }) ==
        "dataset: targets: expected 1 rows of 2, got 3 numbers");
  CHECK(argument_message([&] { (void)data.take(11); }) == "dataset::take: expected at most 10 samples, got 11");
}

TEST_CASE("labels out of range and empty data sets are named") {
  dataset<label> data = ten_samples();
  data.require_labels_below(3);
  data.require_samples();
  data.push_back({0, 0}, label{12});
  CHECK(argument_message([&] { data.require_labels_below(10); }) ==
        "dataset: label of sample 10: expected below 10, got 12");
  CHECK(argument_message([&] { data.take(3).require_labels_below(2); }) ==
        "dataset: label of sample 2: expected below 2, got 2");
  CHECK(argument_message([] { dataset<label>{2}.require_samples(); }) ==
        "dataset: expected at least one sample, got none");
}

TEST_CASE("iteration gives every sample, and data sets are values") {
  STATIC_REQUIRE(std::is_copy_constructible_v<dataset<label>>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<dataset<values>>);
  STATIC_REQUIRE(!std::is_convertible_v<std::size_t, dataset<label>>);
  float sum = 0;
  std::size_t labels = 0;
  for (const auto& [input, target] : ten_samples().take(4)) {
    sum += input[1];
    labels += target.value;
  }
  CHECK(sum == -6);
  CHECK(labels == 3);
}

TEST_CASE("a data set of rows of labels gives back what was put in, whole, split and selected") {
  using lamina::labels;
  dataset<labels> data{2, 3};
  const std::vector<float> input{3, 4};
  const std::array<label, 3> row{label{4}, label{5}, label{6}};
  data.push_back({1, 2}, {label{1}, label{2}, label{3}});
  data.push_back(input, row);
  data.push_back({5, 6}, row);
  data.push_back(input, {label{7}, label{8}, label{0}});
  REQUIRE(data.size() == 4);
  CHECK(data.target_size() == 3);
  const auto third = [](const dataset<labels>& some, std::size_t i) { return some.target(i)[2].value; };
  CHECK((third(data, 0) == 3 && third(data, 1) == 6 && third(data, 2) == 6 && third(data, 3) == 0));
  CHECK(data.class_count() == 9);
  CHECK(data.target_row(3)[1] == label{8});
  const auto [even, odd] = data.split([](std::size_t i) { return i % 2 == 0; });
  CHECK((third(even, 0) == 3 && third(even, 1) == 6 && third(odd, 0) == 6 && third(odd, 1) == 0));
  auto grown = odd;
  grown.push_back({0, 0}, odd.target(1));
  CHECK((grown.size() == 3 && third(grown, 2) == 0 && odd.size() == 2));
  CHECK(argument_message([&] { data.push_back({1, 2}, {label{1}}); }) ==
        "dataset: target of sample 4: expected 3 numbers, got 1");
  CHECK(argument_message([&] { data.require_labels_below(8); }) ==
        "dataset: label 1 of sample 3: expected below 8, got 8");
  CHECK(argument_message([] { dataset<labels>{2, 0}; }) == "dataset: target size: expected at least 1, got 0");
  CHECK(argument_message([] {
          dataset<labels>{2, 2, {1, 2, 3, 4}, {label{1}, label{2}, label{3}}};
        }).starts_with("dataset: targets: expected 1 rows of 2"));
  const dataset<labels> whole{1, 2, {7, 8}, {label{1}, label{2}, label{3}, label{4}}};
  CHECK((whole.size() == 2 && whole.target(1)[0] == label{3} && whole.input(1)[0] == 8));
}
