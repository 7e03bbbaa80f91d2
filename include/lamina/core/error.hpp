#pragma once
#include <lamina/core/text.hpp>
#include <stdexcept>
#include <string>

namespace lamina {

/// What the library throws on bad input. The text names what was wrong, where, what was expected and what came.
/// Everything the failed call was to change is as it was before the call.
struct error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file that cannot be read or written, or whose content is malformed; the text begins with the file's name.
struct file_error : error {
  using error::error;
};

/// An argument outside its domain: a length, a label, a batch size, a name.
struct argument_error : error {
  using error::error;
};

/// Training that cannot go on: a loss that is not finite. Parameters stay as they are, to be looked at.
struct training_error : error {
  using error::error;
};

/// Forms every message: "where: expected …, got …", with numbers written out. It is `cold`, so that what leads to it is
/// compiled for size, which saves a tenth of a program's compile time. Functions that main calls directly, such as
/// `save`, must not lead to a call of it inline: g++ takes all that leads to a cold call for cold, loops before it too.
[[gnu::cold]] inline std::string expected_got(const detail::piece& where, const detail::piece& expected,
                                              const detail::piece& got) {
  return detail::joined_text({where, ": expected ", expected, ", got ", got});
}

} // namespace lamina
