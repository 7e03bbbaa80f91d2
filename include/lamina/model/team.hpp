#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <lamina/core/error.hpp>

/// Threads that do one piece of work together, stage by stage.
namespace lamina {

/// How many threads share the work of a batch: `trainer{model, loss, optimizer, threads{2}}`, `workspace<net>{64,
/// threads{2}}`. Results are those of one thread, bit for bit; where the work is too little to share, one thread does
/// it. Errors: argument_error for 0.
struct threads {
  std::size_t count = 1;
  explicit threads(std::size_t number) : count{number} {
    if (number == 0) throw argument_error(expected_got("threads", "at least 1", "0"));
  }
};

namespace detail {

/// A pause between two looks at a value that another thread writes.
inline void spin_pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/// What a member of a team needs to know: which one it is, and how to wait for the others.
class member {
public:
  member() = default;
  member(std::size_t index, std::size_t count, std::atomic<std::size_t>* arrived)
      : index_{index}, count_{count}, arrived_{arrived} {}

  std::size_t index() const { return index_; }
  std::size_t count() const { return count_; }
  /// The first of `n` things that are this member's, in whole groups of `of`; those up to the next one's are its own.
  std::size_t first(std::size_t n, std::size_t of = 1) const { return boundary(index_, n, of); }
  std::size_t last(std::size_t n, std::size_t of = 1) const { return boundary(index_ + 1, n, of); }

  /// Returns when all have come here as often as this one.
  void wait_for_all() {
    if (count_ > 1) wait();
  }

private:
  // Functions of their own, since every stage of every pass calls them.
  [[gnu::noinline]] void wait() {
    due_ += count_;
    arrived_->fetch_add(1, std::memory_order_acq_rel);
    while (arrived_->load(std::memory_order_acquire) < due_) spin_pause();
  }
  [[gnu::noinline]] std::size_t boundary(std::size_t which, std::size_t n, std::size_t of) const {
    if (which >= count_) return n;
    const std::size_t groups = (n + of - 1) / of, at = groups * which / count_ * of;
    return at < n ? at : n;
  }

  std::size_t index_ = 0, count_ = 1, due_ = 0;
  std::atomic<std::size_t>* arrived_ = nullptr;
};

/// The same member, of which the compiler knows nothing: a pass is compiled once for one thread and for several, or
/// contracted products and sums could round differently in two copies of it.
inline member& unseen(member& me) {
  member* who = &me;
#if defined(__GNUC__)
  asm("" : "+r"(who));
#endif
  return *who;
}

/// Threads that wait for work: spinning for a while, then asleep.
class team {
public:
  explicit team(std::size_t count) : count_{count} {
    for (std::size_t i = 1; i < count; ++i) others_.emplace_back([this, i] { serve(i); });
  }
  team(const team&) = delete;
  team& operator=(const team&) = delete;
  ~team() {
    work_ = nullptr;
    call();
    for (std::thread& other : others_) other.join();
  }

  std::size_t count() const { return count_; }

  /// Calls `work(member)` on every thread of the team, this one included, and returns when all have done it.
  template <class Work> void run(const Work& work) {
    arrived_.store(0, std::memory_order_relaxed);
    done_.store(0, std::memory_order_relaxed);
    argument_ = &work;
    work_ = [](const void* what, member& me) { (*static_cast<const Work*>(what))(me); };
    call();
    member me{0, count_, &arrived_};
    work(me);
    while (done_.load(std::memory_order_acquire) + 1 < count_) spin_pause();
  }

private:
  void call() {
    call_.fetch_add(1, std::memory_order_release);
    call_.notify_all();
  }
  void serve(std::size_t index) {
    for (std::size_t heard = 0;;) {
      for (int looks = 0; call_.load(std::memory_order_acquire) == heard && looks < 20'000; ++looks) spin_pause();
      call_.wait(heard, std::memory_order_acquire);
      ++heard;
      if (!work_) return;
      member me{index, count_, &arrived_};
      work_(argument_, me);
      done_.fetch_add(1, std::memory_order_release);
    }
  }

  std::size_t count_;
  std::atomic<std::size_t> call_{0}, arrived_{0}, done_{0};
  void (*work_)(const void*, member&) = nullptr;
  const void* argument_ = nullptr;
  std::vector<std::thread> others_;
};

/// Work worth sharing, in operations: some 20 µs of one core. Below, waiting costs more than it saves.
inline constexpr double shared_from = 2e6;

} // namespace detail
} // namespace lamina
