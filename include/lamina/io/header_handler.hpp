#pragma once
#include <cstddef>
#include <cstdint>
#include <lamina/core/text.hpp>
#include <lamina/io/tensor_entry.hpp>
#include <rapidjson/rapidjson.h>
#include <string>
#include <string_view>
#include <utility>

namespace lamina {

namespace detail {

/// Takes the tokens of the header as they come, and refuses the first that does not belong: the format has three levels
/// and no more, so that the depth of what is parsed is bounded, too.
class header_handler {
public:
  explicit header_handler(safetensors_header& header) : header_{header} {}

  const std::string& expected() const { return expected_; }
  const std::string& got() const { return got_; }
  /// The tensor that is being read, or nothing.
  std::string where() const {
    return header_.tensors.empty() || level_ != level::tensor
               ? ""
               : joined_text({" in tensor ", printable(header_.tensors.back().name)});
  }

  bool Null() { return refuse("null"); }
  bool Bool(bool value) { return refuse(value ? "true" : "false"); }
  bool Int(int value) { return refuse(std::to_string(value)); }
  bool Int64(std::int64_t value) { return refuse(std::to_string(value)); }
  bool Uint(unsigned value) { return Uint64(value); }
  bool Uint64(std::uint64_t value) {
    if (!in_array_ || !std::in_range<std::size_t>(value)) return refuse(std::to_string(value));
    if (wanted_ == value_of::shape)
      header_.tensors.back().shape.push_back(static_cast<std::size_t>(value));
    else {
      if (offsets_ == 2) return refuse("a third offset", "two offsets");
      (offsets_++ ? header_.tensors.back().end : header_.tensors.back().begin) = static_cast<std::size_t>(value);
    }
    return true;
  }
  bool Double(double) { return refuse("a number that is no size"); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return refuse("a number"); }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view value{text, length};
    if (wanted_ == value_of::note)
      header_.metadata.back().second = value;
    else if (wanted_ == value_of::type && value == "F32")
      header_.tensors.back().type = dtype::f32;
    else if (wanted_ == value_of::type && value == "F64")
      header_.tensors.back().type = dtype::f64;
    else if (wanted_ == value_of::type && value == "I64")
      header_.tensors.back().type = dtype::i64;
    else
      return refuse(printable(value));
    wanted_ = value_of::nothing;
    return true;
  }

  bool StartObject() {
    if (level_ == level::outside)
      level_ = level::file;
    else if (wanted_ == value_of::tensor)
      level_ = level::tensor;
    else if (wanted_ == value_of::metadata)
      level_ = level::metadata;
    else
      return refuse("an object");
    wanted_ = value_of::nothing;
    return true;
  }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view key{text, length};
    if (level_ == level::tensor) return tensor_key(key);
    if (level_ == level::metadata) {
      header_.metadata.emplace_back(key, "");
      wanted_ = value_of::note;
    } else if (key == "__metadata__") {
      if (std::exchange(has_metadata_, true)) return refuse("\"__metadata__\" a second time", "every name once");
      wanted_ = value_of::metadata;
    } else {
      header_.tensors.push_back({.name = std::string(key)});
      has_type_ = has_shape_ = has_offsets_ = false;
      wanted_ = value_of::tensor;
    }
    return true;
  }

  bool EndObject(rapidjson::SizeType) {
    if (level_ == level::tensor && !(has_type_ && has_shape_ && has_offsets_))
      return refuse("the end of the object", !has_type_ ? "\"dtype\"" : !has_shape_ ? "\"shape\"" : "\"data_offsets\"");
    level_ = level_ == level::file ? level::outside : level::file;
    return true;
  }

  bool StartArray() {
    if (in_array_ || (wanted_ != value_of::shape && wanted_ != value_of::offsets)) return refuse("an array");
    in_array_ = true;
    return true;
  }

  bool EndArray(rapidjson::SizeType) {
    if (wanted_ == value_of::offsets && offsets_ != 2) return refuse(offsets_, "two offsets");
    in_array_ = false;
    wanted_ = value_of::nothing;
    return true;
  }

private:
  enum class level : unsigned char { outside, file, metadata, tensor };
  enum class value_of : unsigned char { nothing, tensor, metadata, note, type, shape, offsets };

  [[gnu::cold]] bool refuse(const piece& got, const char* expected) {
    got_ = joined_text({got});
    expected_ = expected;
    return false;
  }
  [[gnu::cold]] bool refuse(const piece& got) {
    static constexpr const char* names[]{"an object",
                                         "an object for the tensor",
                                         "an object of notes",
                                         "a string",
                                         "dtype \"F32\", \"F64\" or \"I64\"",
                                         "an array of extents",
                                         "an array of two offsets"};
    return refuse(got, in_array_ ? "a size" : names[static_cast<unsigned char>(wanted_)]);
  }

  bool tensor_key(std::string_view key) {
    const auto once = [&](bool& seen, value_of value) {
      if (seen) return refuse(joined_text({printable(key), " a second time"}), "every key once");
      seen = true;
      wanted_ = value;
      return true;
    };
    offsets_ = 0;
    if (key == "dtype") return once(has_type_, value_of::type);
    if (key == "shape") return once(has_shape_, value_of::shape);
    if (key == "data_offsets") return once(has_offsets_, value_of::offsets);
    return refuse(printable(key), "\"dtype\", \"shape\" or \"data_offsets\"");
  }

  safetensors_header& header_;
  level level_ = level::outside;
  value_of wanted_ = value_of::nothing;
  bool in_array_ = false, has_metadata_ = false, has_type_ = false, has_shape_ = false, has_offsets_ = false;
  unsigned offsets_ = 0;
  std::string expected_{}, got_{};
};

} // namespace detail

} // namespace lamina
