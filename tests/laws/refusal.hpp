#pragma once
// What an action is refused with.
#include <lamina/lamina.hpp>
#include <string>

namespace laws {
namespace la = lamina;

template <class Action> std::string refusal(const Action& action) {
  try {
    action();
  } catch (const la::argument_error& wrong) {
    return wrong.what();
  }
  return "nothing was thrown";
}

} // namespace laws
