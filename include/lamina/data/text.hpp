#pragma once
#include <concepts>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/data/utf8.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace lamina {

/// A text in UTF-8. Copies and `first` share its bytes and copy none; it stands wherever a `std::string_view` may.
/// Errors: `argument_error` naming the first byte that is no UTF-8.
/// Example: `const lamina::text speech{"to be, or not to be"}; speech.first(5).view(); // "to be"`
class text {
public:
  template <std::convertible_to<std::string> Characters> // a template: programs without texts do not compile it
  explicit text(Characters&& characters)
      : all_{std::make_shared<const std::string>(std::forward<Characters>(characters))}, size_{all_->size()} {
    if (const std::size_t end = detail::utf8_end(view()); end != size_)
      throw argument_error(expected_got(detail::joined_text({"text: byte ", end}), "a character in UTF-8",
                                        detail::joined_text({"byte ", static_cast<unsigned char>(view()[end])})));
  }

  /// How many bytes; in plain English as many as there are characters.
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {all_->data(), size_}; }
  operator std::string_view() const { return view(); }

  /// The text's first `count` bytes, or up to three fewer where a character would be cut.
  /// Errors: `argument_error` where there are not as many.
  text first(std::size_t count) const {
    if (count > size_)
      throw argument_error(expected_got("text::first", detail::joined_text({"at most ", size_, " bytes"}), count));
    text part = *this;
    part.size_ = detail::utf8_end(view().substr(0, count));
    return part;
  }

  friend bool operator==(const text& a, const text& b) { return a.view() == b.view(); }

private:
  std::shared_ptr<const std::string> all_{};
  std::size_t size_;
};

namespace detail {

/// Reads a source to its end.
template <class Source> text read_text(Source& source) {
  std::string all;
  const auto as_char = [](unsigned char byte) { return static_cast<char>(byte); };
  while (read_items(source, all, 2 * all.size() + (std::size_t{1} << 16), as_char)) {
  }
  if (const std::size_t end = utf8_end(all); end != all.size())
    source.fail(end, "a character in UTF-8", joined_text({"byte ", static_cast<unsigned char>(all[end])}));
  return text{std::move(all)};
}

} // namespace detail

/// Loads a text file, plain or gzip.
/// Errors: `file_error` naming the file: missing, damaged, or the byte that is no UTF-8.
/// Example: `const lamina::text text = lamina::load_text("tinyshakespeare.txt.gz");`
text load_text(const std::convertible_to<std::string> auto& path) {
  gzip_source source{path};
  return detail::read_text(source);
}

} // namespace lamina
