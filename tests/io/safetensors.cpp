#include <bit>
#include <catch.hpp>
#include <cstdint>
#include <io/files.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/io/save_tensors.hpp>
#include <string>
#include <vector>

using lamina::dtype;
using lamina::safetensors_file;
using lamina::tensor_entry;

namespace {

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> 8 * i & 255u);
  return bytes;
}

std::string file_of(const std::string& header, std::size_t payload) {
  return little_endian(header.size()) + header + std::string(payload, '\0');
}

safetensors_file parse(const std::string& bytes) {
  return {"file", std::vector<unsigned char>(bytes.begin(), bytes.end())};
}

// What is wrong with a file of this header and so many bytes of tensors.
std::string wrong(const std::string& header, std::size_t payload = 0) {
  return message_of([&] { parse(file_of(header, payload)); });
}

const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

} // namespace

TEST_CASE("the bytes of a saved file are the format's") {
  const scratch_folder folder;
  const std::string path = folder / "file";
  const std::vector<tensor_entry> tensors{{.name = "w\"\\\n\u00e9", .shape = {1, 2}},
                                          {.name = "b", .type = dtype::f64, .shape = {}},
                                          {.name = "none", .shape = {0, 3}},
                                          {.name = "count", .type = dtype::i64, .shape = {}}};
  lamina::save_tensors(path, tensors,
                       [](std::size_t t, lamina::tensor_sink& put) {
                         if (t == 0) put(1.0f), put(-2.0);
                         if (t == 1) put(0.5);
                         if (t == 3) put(-3);
                       },
                       {{"step", "3"}});
  const std::string header = "{\"__metadata__\":{\"step\":\"3\"},"
                             "\"w\\\"\\\\\\u000a\u00e9\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                             "\"b\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]},"
                             "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[16,16]},"
                             "\"count\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[16,24]}}";
  const std::string spaces((8 - header.size() % 8) % 8, ' ');
  CHECK(content_of(path) == little_endian(header.size() + spaces.size()) + header + spaces +
                                std::string{0, 0, '\x80', '\x3f', 0, 0, 0, '\xc0'} +
                                std::string{0, 0, 0, 0, 0, 0, '\xe0', '\x3f'} + '\xfd' + std::string(7, '\xff'));

  const safetensors_file file{path};
  REQUIRE(file.tensors().size() == 4);
  CHECK(file.metadata() == lamina::tensor_metadata{{"step", "3"}});
  const tensor_entry* w = file.find("w\"\\\n\u00e9");
  REQUIRE(w);
  CHECK(w->shape == std::vector<std::size_t>{1, 2});
  CHECK(file.element<double>(*w, 1) == -2.0);
  CHECK(file.element<float>(*file.find("b"), 0) == 0.5f);
  CHECK(file.element<float>(*file.find("count"), 0) == -3);
  CHECK(file.find("none")->element_count() == 0);
  CHECK(file.find("nobody") == nullptr);
}

TEST_CASE("the writer refuses what the format cannot hold") {
  const scratch_folder folder;
  const auto saving = [&](const std::vector<tensor_entry>& tensors, int elements,
                          const lamina::tensor_metadata& notes = {}) {
    const auto fill = [&](std::size_t, lamina::tensor_sink& put) {
      for (int i = 0; i < elements; ++i) put(i);
    };
    return message_of<lamina::argument_error>([&] { lamina::save_tensors(folder / "file", tensors, fill, notes); });
  };
  const tensor_entry pair{.name = "a", .shape = {2}};
  CHECK(saving({pair, pair}, 2) == "tensors to save: expected every name once, got \"a\" twice");
  CHECK(saving({pair}, 2, {{"n", "1"}, {"n", "2"}}) == "tensors to save: expected every name once, got \"n\" twice");
  CHECK(saving({{.name = "__metadata__", .shape = {2}}}, 2) ==
        "tensors to save: expected a name for a tensor, got \"__metadata__\"");
  CHECK(saving({pair}, 1) == "tensor \"a\": expected 2 elements, got 1 fewer");
  CHECK(saving({pair}, 3) == "tensor \"a\": expected 2 elements, got more");
  CHECK(folder.files() == 0);
}

TEST_CASE("files that are cut, or whose header is longer than they are") {
  const std::string whole = file_of("{" + a + "}", 8);
  CHECK(message_of([&] { parse(whole); }) == "nothing was thrown");
  CHECK(message_of([] { parse(""); }) == "file: byte 0: expected 8 bytes, the header's length, got 0");
  CHECK(message_of([] { parse("1234567"); }) == "file: byte 0: expected 8 bytes, the header's length, got 7");
  CHECK(message_of([&] { parse(whole.substr(0, 30)); }) ==
        "file: byte 0: expected a file that holds the header's 54 bytes, got 22");
  CHECK(message_of([] { parse(little_endian(std::uint64_t(-1)) + "{}"); }) ==
        "file: byte 0: expected a header of at most 100000000 bytes, got 18446744073709551615");
  CHECK(message_of([] { parse(little_endian(99'999'999) + "{}"); }) ==
        "file: byte 0: expected a file that holds the header's 99999999 bytes, got 2");
  CHECK(message_of([&] { parse(whole.substr(0, whole.size() - 1)); }) ==
        "file: byte 69: expected 8 bytes of tensors, up to 8 for \"a\", got 7");
  CHECK(message_of([&] { parse(whole + "x"); }) ==
        "file: byte 70: expected the end of the file after 8 bytes of tensors, got more");
  CHECK(message_of([] { safetensors_file("no/such/file"); }) ==
        "no/such/file: expected a readable file, got No such file or directory");
  CHECK(message_of([] { safetensors_file("/"); }) == "/: byte 0: expected readable data, got Is a directory");
  CHECK(wrong("{}") == "nothing was thrown");
}

TEST_CASE("headers that are no JSON") {
  CHECK(wrong("") == "file: byte 8: expected a header that begins with {, got \"\"");
  CHECK(wrong("[]") == "file: byte 8: expected a header that begins with {, got \"[\"");
  CHECK(wrong("{\"a\"") == "file: byte 12: expected a JSON object, got Missing a colon after a name of object member.");
  CHECK(wrong("{" + a) == "file: byte 61: expected a JSON object, got Missing a comma or '}' after an object member.");
  CHECK(wrong("{}}").starts_with("file: byte 10: expected a JSON object, got The document root must not be followed"));
  CHECK(wrong(std::string("{}\0 ", 4)) ==
        "file: byte 10: expected nothing but spaces after the object, got a zero byte");
  CHECK(wrong("{\"\xff\":1}").find("Invalid encoding in string") != std::string::npos);
  CHECK(wrong("{\"a\":{\"shape\":[1e999]}}").find("Number too big") != std::string::npos);
}

TEST_CASE("headers of another form") {
  const auto tensor = [](const std::string& content) { return wrong("{\"a\":{" + content + "}}", 8); };
  CHECK(wrong("{\"a\":1}") == "file: byte 13: expected an object for the tensor, got 1");
  CHECK(wrong("{\"a\":[]}") == "file: byte 14: expected an object for the tensor, got an array");
  CHECK(wrong("{\"__metadata__\":{\"a\":1}}") == "file: byte 29: expected a string, got 1");
  CHECK(wrong("{\"__metadata__\":{\"a\":{}}}") == "file: byte 30: expected a string, got an object");
  CHECK(wrong("{\"__metadata__\":null}") == "file: byte 28: expected an object of notes, got null");
  CHECK(wrong("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}") ==
        "file: name \"a\": expected every name once, got it twice");
  CHECK(wrong("{\"__metadata__\":{},\"__metadata__\":{}}")
            .ends_with("expected every name once, got \"__metadata__\" a second time"));
  std::string many = "{";
  for (const char* name : {"q", "c", "x", "a", "m", "c", "z"})
    many += std::string("\"") + name + R"(":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)";
  many.back() = '}';
  CHECK(wrong(many) == "file: name \"c\": expected every name once, got it twice");
  CHECK(wrong("{" + a + "," + a + "}", 8) == "file: name \"a\": expected every name once, got it twice");

  CHECK(tensor(R"("dtype":"BF16")") ==
        "file: byte 28 in tensor \"a\": expected dtype \"F32\", \"F64\" or \"I64\", got \"BF16\"");
  CHECK(tensor(R"("dtype":32)").ends_with("in tensor \"a\": expected dtype \"F32\", \"F64\" or \"I64\", got 32"));
  CHECK(tensor(R"("dtype":{})").ends_with("expected dtype \"F32\", \"F64\" or \"I64\", got an object"));
  CHECK(tensor(R"("shape":2)").ends_with("in tensor \"a\": expected an array of extents, got 2"));
  CHECK(tensor(R"("shape":[-2])").ends_with("expected a size, got -2"));
  CHECK(tensor(R"("shape":[2.5])").ends_with("expected a size, got a number that is no size"));
  CHECK(tensor(R"("shape":[99999999999999999999])").ends_with("expected a size, got a number that is no size"));
  CHECK(tensor(R"("shape":["2"])").ends_with("expected a size, got \"2\""));
  CHECK(tensor(R"("shape":[true])").ends_with("expected a size, got true"));
  CHECK(tensor(R"("shape":[[2]])").ends_with("expected a size, got an array"));
  CHECK(tensor("\"shape\":" + std::string(1000000, '[')).ends_with("expected a size, got an array"));
  CHECK(tensor(R"("data_offsets":[0])").ends_with("in tensor \"a\": expected two offsets, got 1"));
  CHECK(tensor(R"("data_offsets":[0,8,8])").ends_with("expected two offsets, got a third offset"));
  CHECK(tensor(R"("data_offsets":8)").ends_with("expected an array of two offsets, got 8"));
  CHECK(tensor(R"("color":8)").ends_with("expected \"dtype\", \"shape\" or \"data_offsets\", got \"color\""));
  CHECK(tensor(R"("dtype":"F32","dtype":"F32")").ends_with("expected every key once, got \"dtype\" a second time"));
  CHECK(tensor(R"("shape":[2],"data_offsets":[0,8])").ends_with("expected \"dtype\", got the end of the object"));
  CHECK(tensor(R"("dtype":"F32","data_offsets":[0,8])").ends_with("expected \"shape\", got the end of the object"));
  CHECK(tensor(R"("dtype":"F32","shape":[2])").ends_with("expected \"data_offsets\", got the end of the object"));
}

TEST_CASE("offsets that do not fit the shapes or each other") {
  const auto two = [](const std::string& first, const std::string& second, std::size_t payload) {
    const std::string form = R"(:{"dtype":"F32","shape":[2],"data_offsets":)";
    return wrong("{\"a\"" + form + first + "},\"b\"" + form + second + "}}", payload);
  };
  const auto one = [](const std::string& shape, const std::string& offsets) {
    return wrong(R"({"a":{"dtype":"F64","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}", 8);
  };
  CHECK(two("[8,16]", "[0,8]", 16) == "nothing was thrown");
  CHECK(two("[0,8]", "[4,12]", 16) == "file: tensor \"b\": expected offset 8, where the tensor before it ends, got 4");
  CHECK(two("[0,8]", "[0,8]", 8) == "file: tensor \"b\": expected offset 8, where the tensor before it ends, got 0");
  CHECK(two("[0,8]", "[12,20]", 20) ==
        "file: tensor \"b\": expected offset 8, where the tensor before it ends, got 12");
  CHECK(two("[8,16]", "[16,24]", 24) ==
        "file: tensor \"a\": expected offset 0, where the tensor before it ends, got 8");
  CHECK(two("[0,8]", "[8,16]", 12).ends_with("expected 16 bytes of tensors, up to 16 for \"b\", got 12"));
  CHECK(one("[1]", "[8,0]") == "file: tensor \"a\": expected offsets in order, got 8 to 0");
  CHECK(one("[2]", "[0,8]") == "file: tensor \"a\": expected 16 bytes for F64 of shape (2), got 8 (offsets 0 to 8)");
  CHECK(one("[]", "[0,8]") == "nothing was thrown");
  CHECK(one("[0]", "[0,8]").find("expected 0 bytes for F64 of shape (0), got 8") != std::string::npos);
  CHECK(one("[4294967296,4294967296]", "[0,0]") ==
        "file: tensor \"a\": expected a shape whose bytes can be counted, got (4294967296, 4294967296)");
  CHECK(one("[2305843009213693952]", "[0,0]").find("a shape whose bytes can be counted") != std::string::npos);
  CHECK(
      one("[1152921504606846976]", "[0,9223372036854775808]").ends_with("up to 9223372036854775808 for \"a\", got 8"));
}

TEST_CASE("names from a file are printed short and clean") {
  const std::string name(500, 'n');
  const std::string text = wrong("{\"\\u0007" + name + "\":{\"dtype\":\"I8\"}}");
  CHECK(text.find("in tensor \"?nnn") != std::string::npos);
  CHECK(text.size() < 200);
}
