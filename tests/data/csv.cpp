// Tables in text: every spelling of a row gives the same numbers, and a mistake is named by line and column.
#include <catch.hpp>
#include <io/files.hpp>
#include <lamina/data/csv.hpp>
#include <lamina/io/dataset_file.hpp>

namespace la = lamina;

namespace {

const std::string houses = "id,rooms,area,price\n1,3,70.5,210\n2,4,-1e2,3.25e1\n3,0, 5 ,+7\n";

template <class Target = la::values>
la::csv_table<Target> parse(const std::string& text, const la::csv_options& options = {}) {
  la::memory_source source{"table", {reinterpret_cast<const unsigned char*>(text.data()), text.size()}};
  return la::detail::read_csv<Target>(source, options);
}
template <class Target = la::values> std::string refusal(const std::string& text, const la::csv_options& options = {}) {
  const std::string message = message_of([&] { (void)parse<Target>(text, options); });
  return message.starts_with("table: ") ? message.substr(7) : message;
}
using names = std::vector<std::string>;
std::vector<float> row(std::span<const float> numbers) { return {numbers.begin(), numbers.end()}; }

template <class Target> bool same(const la::csv_table<Target>& a, const la::csv_table<Target>& b) {
  bool equal = a.samples.size() == b.samples.size() && a.inputs == b.inputs && a.targets == b.targets &&
               a.classes == b.classes && a.samples.target_size() == b.samples.target_size();
  for (std::size_t i = 0; equal && i < a.samples.size(); ++i) {
    equal = row(a.samples.input(i)) == row(b.samples.input(i));
    for (std::size_t n = 0; n < a.samples.target_size(); ++n)
      equal = equal && a.samples.target_row(i)[n] == b.samples.target_row(i)[n];
  }
  return equal;
}

} // namespace

TEST_CASE("columns are inputs and targets by name, in the file's order") {
  const auto table = parse(houses, {.target = "price", .ignore = "id"});
  CHECK(table.inputs == names{"rooms", "area"});
  CHECK(table.targets == names{"price"});
  REQUIRE(table.samples.size() == 3);
  CHECK(row(table.samples.input(0)) == std::vector{3.f, 70.5f});
  CHECK(row(table.samples.input(1)) == std::vector{4.f, -100.f});
  CHECK(row(table.samples.input(2)) == std::vector{0.f, 5.f});
  CHECK(row(table.samples.target(1)) == std::vector{32.5f});
  CHECK(row(table.samples.target(2)) == std::vector{7.f});
  CHECK(same(parse(houses), parse(houses, {.target = "price"}))); // the last one
  const auto two = parse(houses, {.target = {"price", "rooms"}});
  CHECK(two.inputs == names{"id", "area"});
  CHECK(two.targets == names{"rooms", "price"});
  CHECK(row(two.samples.target(1)) == std::vector{4.f, 32.5f});
  const scratch_folder folder;
  CHECK(same(la::load_csv(folder.write("houses.csv", houses), {.ignore = {"id", "area"}}),
             parse(houses, {.ignore = {"area", "id"}})));
}

TEST_CASE("a row is the same in every spelling") {
  const auto expected = parse("a,b,c\n1,2,3\n4,5,6\n");
  for (const char* text :
       {"a,b,c\n1,2,3\n4,5,6", "a,b,c\r\n1,2,3\r\n4,5,6\r\n", "\n\na,b,c\n\n1,2,3\n\r\n4,5,6\n\n\n",
        "a;b;c\n1;2;3\n4;5;6", "a\tb\tc\n1\t2\t3\n4\t5\t6\n",
        "\xEF\xBB\xBF"
        "a,b,c\n1,2,3\n4,5,6\n",
        "\"a\",\"b\",c\n\"1\",2,\"3\"\r\n4,\"5\",6", "a,b,c\n 1, 2 ,3  \n4,+5,0.6e1", "a,b,c\n1.0,2.000,3\n4,5.,6"})
    CHECK(same(parse(text), expected));
  CHECK(same(parse("a|b|c\n1|2|3\n4|5|6", {.separator = '|'}), expected));
  const auto named = parse("\"a, \"\"b\"\"\nc\";d\n1;2\n");
  CHECK(named.inputs == names{"a, \"b\"\nc"});
  CHECK(parse("a;b,c;d\n1;2;3\n").inputs == names{"a", "b,c"});
}

TEST_CASE("a table of any length is read, wherever the chunks end") {
  for (const std::size_t digits : {1u, 5u, 16380u, 16384u, 16385u, 40000u}) {
    std::string text = "first,second\n";
    const std::string number = "1." + std::string(digits, '0');
    for (int i = 0; i < 12; ++i) text += number + ",\"" + std::to_string(i) + "\"\r\n";
    const auto table = parse(text);
    REQUIRE(table.samples.size() == 12);
    for (std::size_t i = 0; i < 12; ++i) {
      CHECK(table.samples.input(i)[0] == 1);
      CHECK(table.samples.target(i)[0] == static_cast<float>(i));
    }
  }
  const std::string wide(20000, 'n');
  CHECK(parse("a\t" + wide + "\n1\t2\n").targets == names{wide});
  for (std::size_t length = 16370; length < 16390; ++length) // the separator is looked for across chunks
    CHECK(parse("\n\n" + wide.substr(0, length) + "\ta,b\n1\t2\n").targets == names{"a,b"});
}

TEST_CASE("labels are numbered by their names, or by the classes that are given") {
  const std::string flowers = "length,kind\n1,setosa\n2,iris\n3,\"setosa\"\n4,Zinnia\n";
  const auto table = parse<la::label>(flowers);
  CHECK(table.classes == names{"Zinnia", "iris", "setosa"});
  CHECK((table.samples.target(0) == la::label{2} && table.samples.target(1) == la::label{1}));
  CHECK((table.samples.target(2) == la::label{2} && table.samples.target(3) == la::label{0}));
  const auto test = parse<la::label>("length,kind\n5,setosa\n", {.classes = table.classes});
  CHECK((test.samples.target(0) == la::label{2} && test.classes == table.classes));
  CHECK(refusal<la::label>("length,kind\n5,rose\n", {.classes = table.classes}) ==
        "line 2, column 'kind': expected one of the 3 classes, got 'rose'");
  CHECK(parse<la::label>("x,y\n1,10\n1,9\n1,b\n1,2\n1,01\n").classes == names{"2", "9", "10", "01", "b"});
  CHECK(refusal<la::label>("x,y\n1,\n") == "line 2, column 'y': expected the name of a class, got ''");
  CHECK(refusal<la::label>("x,y,z\n1,2,3\n", {.target = {"y", "z"}}) ==
        "line 1: expected one target for labels, got 2");
  std::string many = "x,y\n";
  for (int i = 0; i < 4097; ++i) many += "0," + std::to_string(i) + "\n";
  CHECK(refusal<la::label>(many) == "line 4098, column 'y': expected at most 4096 classes, got '4096'");
}

TEST_CASE("a mistake in a table is named by line and column") {
  CHECK(refusal("") == "line 1: expected a header, the names of the columns, got nothing");
  CHECK(refusal("\n\n") == "line 1: expected a header, the names of the columns, got nothing");
  CHECK(refusal("a,b\n") == "line 1: expected at least one row after the header, got none");
  CHECK(refusal("a,a\n1,2\n") == "line 1: expected a name of its own for every column, got 'a' twice");
  CHECK(refusal("a\n1\n") == "line 1: expected a column beside the target, got none");
  CHECK(refusal("a,b\n1,2\n", {.target = "c"}) == "line 1: expected a column 'c', got none of that name");
  CHECK(refusal("a,b\n1,2\n", {.ignore = "c"}) == "line 1: expected a column 'c', got none of that name");
  CHECK(refusal("a,b\n1,2\n", {.target = "b", .ignore = "a"}) ==
        "line 1: expected a column beside the target, got none");
  CHECK(refusal("a,b\n1,2\n3\n") == "line 3: expected 2 columns, as the header has, got 1");
  CHECK(refusal("a,b\n1,2\n\n3,4,5\n") == "line 4: expected 2 columns, as the header has, got 3");
  CHECK(refusal("a,b\n1,x\n") == "line 2, column 'b': expected a finite number, got 'x'");
  CHECK(refusal("a,\"b\nc\"\n1,2\n1,\n") == "line 4, column 'b\nc': expected a finite number, got ''");
  for (const char* wrong : {"nan", "inf", "-inf", "1e39", "1e999", "1 2", "0x10", "+-1", "+", "1,5", "--1", "1e", "."})
    CHECK(refusal(std::string("a;b\n1;") + wrong + "\n") ==
          std::string("line 2, column 'b': expected a finite number, got '") + wrong + "'");
  CHECK(refusal("a,b\n1,\"2\n3,4\n") == "line 2: expected a quote that ends the field, got the end of the file");
  CHECK(refusal("a,b\n1,\"2\"3\n") == "line 2: expected a separator or a line's end after a quote, got '3'");
  CHECK(refusal("a,b\n1,2\"3\n") == "line 2: expected quotes around a whole field, got a quote within '2'");
  const scratch_folder folder;
  CHECK(message_of([&] { (void)la::load_csv(folder / "none"); }) ==
        (folder / "none") + ": expected a readable file, got No such file or directory");
  CHECK(message_of([&] { (void)la::load_csv(folder.write("a.csv", "a,b\n1,?\n")); }) ==
        (folder / "a.csv") + ": line 2, column 'b': expected a finite number, got '?'");
}
