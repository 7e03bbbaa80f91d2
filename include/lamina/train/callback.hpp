#pragma once
#include <concepts>
#include <string>
#include <type_traits>

#include <lamina/core/error.hpp>
#include <lamina/train/history.hpp>

/// What looks on while `fit` trains. A callback is a function of the epoch's record, or an object with
/// `watch(trainer)`, which gives a *watcher*: `epoch(record)` after every epoch says whether to go on, `finish()` is
/// called when training ends, in the order of the callbacks. A callback with a text `needs_validation`, its name, is
/// refused without a validation set.
namespace lamina::detail {

template <class Function> struct function_watcher {
  Function& function;
  bool epoch(const epoch_record& record) {
    if constexpr (std::same_as<decltype(function(record)), bool>)
      return function(record);
    else
      return function(record), true;
  }
  void finish() {}
};

template <class Trainer, class Callback> auto watcher_of(Trainer& trainer, Callback& callback) {
  if constexpr (requires { callback.watch(trainer); })
    return callback.watch(trainer);
  else
    return function_watcher<Callback>{callback};
}

template <class Callback> void require_validation(bool given) {
  if constexpr (requires { Callback::needs_validation; })
    if (!given)
      throw argument_error(expected_got(std::string("fit: ").append(Callback::needs_validation),
                                        "a validation set to watch, `{.validation = &test}`", "none"));
}

/// Calls `body(watchers…)`.
template <class Trainer, class Body, class... Callbacks>
void with_watchers(Trainer& trainer, const Body& body, Callbacks&... callbacks) {
  [&body](auto... watchers) { body(watchers...); }(watcher_of(trainer, callbacks)...);
}

} // namespace lamina::detail
