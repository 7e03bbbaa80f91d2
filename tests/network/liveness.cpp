// The arena holds what is alive at one time and no more. Here a training step is played once more, from the plan's
// stages alone: who writes and reads which buffer at which moment. The most that is alive at any moment is what an
// arena needs at least, and it is what the library's takes; beside it there are row pointers, and scratch and kept
// numbers that do not grow with the batch.
#include <laws/networks.hpp>
#include <laws/support.hpp>
#include <map>

using namespace laws;

namespace {

struct lenet : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu,
                           la::max_pool2d<2>, la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten,
                           la::dense<128>, la::relu, la::dropout<0.25>, la::dense<10>> {};
template <std::size_t Channels>
using block = la::residual<la::conv2d<Channels, la::kernel<3>, la::padding<1>>, la::batch_norm, la::relu,
                           la::conv2d<Channels, la::kernel<3>, la::padding<1>>, la::batch_norm>;
template <std::size_t Channels>
using down = la::residual<la::shortcut<la::conv2d<Channels, la::kernel<1>, la::stride<2>>>,
                          la::conv2d<Channels, la::kernel<3>, la::stride<2>, la::padding<1>>, la::batch_norm>;
struct small_resnet : la::network<la::input<3, 16, 16>, la::named<"stem", la::conv2d<8, la::kernel<3>, la::padding<1>>>,
                                  la::relu, block<8>, la::relu, down<16>, la::relu, la::global_avg_pool, la::dense<4>> {
};
struct inception : la::network<la::input<8, 12, 12>,
                               la::branches<la::concat, la::path<la::conv2d<4, la::kernel<1>>, la::relu>,
                                            la::path<la::conv2d<6, la::kernel<3>, la::padding<1>>, la::relu>,
                                            la::path<la::max_pool2d<3, la::stride<1>, la::padding<1>>>>,
                               la::flatten, la::maxout<10, la::pieces<3>>, la::dense<2>> {};
struct deep_resnet : la::network<la::input<3, 16, 16>, la::conv2d<8, la::kernel<3>, la::padding<1>>, la::relu, block<8>,
                                 la::relu, block<8>, la::relu, block<8>, la::relu, down<16>, la::relu, block<16>,
                                 la::relu, block<16>, la::relu, la::global_avg_pool, la::dense<4>> {};

using convolutional = list<entry<"lenet", lenet>, entry<"small_resnet", small_resnet>, entry<"inception", inception>,
                           entry<"deep_resnet", deep_resnet>>;

enum class holds { output, input, gradient, work }; ///< y, z, dL/dz of a stage, and what its head works in

/// The buffers of a step: which moments they are needed between.
struct played {
  struct life {
    std::size_t elements, first, last;
  };
  std::map<std::pair<holds, std::size_t>, life> lives;

  void touch(holds what, std::size_t stage, std::size_t elements, std::size_t moment) {
    auto& [size, first, last] = lives.try_emplace({what, stage}, life{elements, moment, moment}).first->second;
    first = std::min(first, moment), last = std::max(last, moment);
  }
  /// The most that is alive at one time.
  std::size_t most() const {
    std::map<std::size_t, std::size_t> alive;
    for (const auto& [name, life] : lives)
      for (std::size_t moment = life.first; moment <= life.last; ++moment) alive[moment] += life.elements;
    std::size_t result = 0;
    for (const auto& [moment, elements] : alive) result = std::max(result, elements);
    return result;
  }
};

/// What the play must know of a stage's type.
struct part {
  la::detail::stage_outline where;
  std::size_t elements, work;
  bool head_reads_input, head_reads_output, formula_reads_output, formula_reads_input, trains;
};

template <class Plan, class T> std::vector<part> parts_of() {
  return []<std::size_t... S>(std::index_sequence<S...>) {
    const auto one = []<class Stage>(const Stage&) {
      return part{Stage::where,
                  la::simd::padded<T, xsimd::default_arch>(Stage::out.size()),
                  la::detail::work_of<typename Stage::head, T, xsimd::default_arch, Stage::in>(),
                  Stage::head::needs_input,
                  Stage::head::needs_output,
                  Stage::formula_keeps_output,
                  Stage::formula_keeps_input,
                  Stage::head::parameter_tensors > 0};
    };
    return std::vector<part>{one(typename Plan::template stage<S>{})...};
  }(std::make_index_sequence<Plan::stage_count>{});
}

/// Plays forward, and the loss and backward where it trains.
template <class Net, class T, class Mode> std::size_t alive_at_most() {
  using la::detail::network_input, la::detail::none;
  const std::vector<part> parts = parts_of<la::plan<Net, Mode>, T>();
  const std::size_t count = parts.size();
  played step;
  std::size_t now = 0, trained = 0; // nothing before `trained` needs a gradient
  while (trained + 1 < count && !parts[trained].trains) ++trained;
  const auto output = [&](std::size_t s) { // a slice stands in the concatenation's buffer
    if (s == network_input || s == none) return;
    const std::size_t home = parts[s].where.sliced() ? parts[s].where.slice_of : s;
    step.touch(holds::output, home, parts[home].elements, now);
  };
  const auto of = [&](holds what, std::size_t s) { step.touch(what, s, parts[s].elements, now); };
  const auto work = [&](std::size_t s) {
    if (parts[s].work) step.touch(holds::work, s, parts[s].work, now);
  };
  for (std::size_t s = 0; s < count; ++s, ++now) {
    output(parts[s].where.input), output(parts[s].where.addend), output(s), work(s);
    if (parts[s].formula_reads_input && s >= trained && std::is_same_v<Mode, la::in_training>) of(holds::input, s);
  }
  output(count - 1); // somebody takes it
  if (std::is_same_v<Mode, la::in_inference>) return step.most();

  std::vector<std::size_t> shares(count); // of its gradient that are to come
  for (std::size_t s = trained + 1; s < count; ++s) {
    if (parts[s].where.input < count) ++shares[parts[s].where.input];
    if (parts[s].where.addend < count) ++shares[parts[s].where.addend];
  }
  for (std::size_t s = 0; s < count; ++s) shares[s] += parts[s].where.sliced() || s + 1 == count;
  const auto gives = [&](std::size_t s) { // a share of the gradient of s; the last one is multiplied by the derivative
    if (s >= count || s < trained) return;
    of(holds::gradient, s);
    if (--shares[s] > 0) return;
    if (parts[s].formula_reads_output) output(s);
    if (parts[s].formula_reads_input) of(holds::input, s);
  };
  gives(count - 1); // the loss
  for (std::size_t s = count; s-- > trained;) {
    const part& here = parts[s];
    ++now;
    if (here.where.does == la::detail::work::concat) {
      for (std::size_t path = 0; path < s; ++path)
        if (parts[path].where.slice_of == s) of(holds::gradient, s), gives(path);
      continue;
    }
    const auto head_reads = [&] {
      of(holds::gradient, s), work(s);
      if (here.head_reads_input) output(here.where.input);
      if (here.head_reads_output) output(s);
    };
    if (here.work) head_reads(); // it goes back through time whoever asks
    if (here.where.input < count && here.where.input >= trained) head_reads(), gives(here.where.input);
    if (here.where.addend < count && here.where.addend >= trained) of(holds::gradient, s), gives(here.where.addend);
    ++now;
    if (here.trains) head_reads();
  }
  return step.most();
}

/// `most` times what is alive is allowed: where paths lie in one another, no placement may reach the bound itself.
template <class Net, class T> void check(const std::string& name, double most) {
  INFO(name);
  using arch = xsimd::default_arch;
  constexpr std::size_t room = la::simd::width<T, arch>; // behind it: slices are read by whole vectors
  const auto bytes = [&](const auto& layout, std::size_t alive, std::size_t batch) {
    return (alive * batch + layout.scratch + layout.gathered + layout.kept_elements + room) * sizeof(T) +
           3 * batch * sizeof(void*);
  };
  constexpr const auto& training = la::memory<Net, T, arch, la::in_training>::layout;
  constexpr const auto& inference = la::memory<Net, T, arch, la::in_inference>::layout;
  for (const std::size_t batch : {1u, 64u}) {
    const auto compare = [most](std::size_t taken, std::size_t alive) {
      CHECK(taken >= alive);
      CHECK(static_cast<double>(taken) <= most * static_cast<double>(alive));
    };
    compare(la::cost<Net, T>.arena_bytes(batch), bytes(training, alive_at_most<Net, T, la::in_training>(), batch));
    compare(la::cost<Net, T>.inference_arena_bytes(batch),
            bytes(inference, alive_at_most<Net, T, la::in_inference>(), batch));
  }
}

} // namespace

TEST_CASE("an arena holds what is alive at one time and no more") {
  for_each(networks{}, []<class E>() { check<typename E::type, float>(E::text(), 1.04); });
  for_each(convolutional{}, []<class E>() {
    check<typename E::type, float>(E::text(": float"), 1);
    check<typename E::type, double>(E::text(": double"), 1);
  });
}
