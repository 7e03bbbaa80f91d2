#pragma once
#include <cstddef>
#include <cstdint>
#include <lamina/data/byte_source.hpp>
#include <limits>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::detail {

/// A JSON value. Arrays are of numbers, or of other values; null is the number NaN.
struct json {
  enum class is : unsigned char { number, boolean, string, array, object };

  is kind = is::number;
  double number = std::numeric_limits<double>::quiet_NaN();
  std::string text{};            ///< of a string
  std::vector<double> numbers{}; ///< of an array
  std::vector<json> items{};     ///< of an array, or an object's values
  std::vector<std::string> keys{};

  std::size_t size() const { return numbers.size() + items.size(); }
  /// The value of a key, or nullptr.
  const json* find(std::string_view key) const {
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i] == key) return &items[i];
    return nullptr;
  }
};

/// Builds a value from RapidJSON's events. (Its own document does not compile with every compiler.)
class json_handler {
public:
  explicit json_handler(json& root) : root_{root} {}
  const char* expected() const { return expected_; }

  bool Null() { return Double(std::numeric_limits<double>::quiet_NaN()); }
  bool Bool(bool) { return put({.kind = json::is::boolean}) != nullptr; }
  bool Int(int value) { return Double(value); }
  bool Uint(unsigned value) { return Double(value); }
  bool Int64(std::int64_t value) { return Double(static_cast<double>(value)); }
  bool Uint64(std::uint64_t value) { return Double(static_cast<double>(value)); }
  bool Double(double value) {
    if (open_.empty() || open_.back()->kind == json::is::object) return put({.number = value}) != nullptr;
    if (!open_.back()->items.empty()) return refuse("an array of one kind of values");
    open_.back()->numbers.push_back(value);
    return true;
  }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return refuse("a number"); }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return put({.kind = json::is::string, .text = {text, length}}) != nullptr;
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (open_.back()->find({text, length})) return refuse("every key once");
    open_.back()->keys.emplace_back(text, length);
    return true;
  }
  bool StartObject() { return open({.kind = json::is::object}); }
  bool StartArray() { return open({.kind = json::is::array}); }
  bool EndObject(rapidjson::SizeType) { return open_.pop_back(), true; }
  bool EndArray(rapidjson::SizeType) { return open_.pop_back(), true; }

private:
  static constexpr std::size_t deepest = 32;

  bool refuse(const char* expected) { return expected_ = expected, false; }
  json* put(json&& value) {
    if (open_.empty()) return &(root_ = std::move(value));
    json& outer = *open_.back();
    if (!outer.numbers.empty()) return refuse("an array of one kind of values"), nullptr;
    outer.items.push_back(std::move(value));
    return &outer.items.back();
  }
  bool open(json&& value) {
    if (open_.size() == deepest) return refuse("values nested at most 32 deep"); // the reader recurses;
    json* const inner = put(std::move(value));
    if (inner) open_.push_back(inner); // stays where it is: what is outside of it does not grow meanwhile
    return inner != nullptr;
  }

  json& root_;
  std::vector<json*> open_{};
  const char* expected_ = "JSON";
};

/// Reads a JSON value and the end of the source.
/// Errors: `file_error` naming the byte: no JSON, nested more than 32 deep, a key twice, an array of numbers and
/// others.
template <class Source> json read_json(Source& source) {
  const auto as_char = [](unsigned char byte) { return static_cast<char>(byte); };
  std::string text;
  while (read_items(source, text, 2 * text.size() + (std::size_t{1} << 16), as_char)) {
  }
  json value;
  json_handler handler{value};
  const std::size_t length = text.size();
  // In place: the buffer that the reader would have does arithmetic on a null pointer. Numbers are within three units
  // in the last place.
  rapidjson::InsituStringStream stream{text.data()};
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<rapidjson::kParseInsituFlag>(stream, handler);
  if (result.Code() == rapidjson::kParseErrorTermination)
    source.fail(result.Offset(), handler.expected(), "another value");
  if (result.IsError()) source.fail(result.Offset(), "JSON", rapidjson::GetParseError_En(result.Code()));
  if (stream.Tell() != length) source.fail(stream.Tell(), "nothing but spaces after the value", "a zero byte");
  return value;
}

} // namespace lamina::detail
