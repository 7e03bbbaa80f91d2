// Several threads compute what one does, bit for bit.
#include "networks.hpp"
#include "support.hpp"

using namespace laws;

namespace {

/// Parameters after some steps, and predictions, with so many threads.
template <class Net> numbers trained_by(std::size_t count) {
  constexpr std::size_t in = Net::input_shape.size(), out = Net::output_shape.size();
  la::model<Net> model{la::seed{3}};
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{}, la::threads{count}};
  numbers all;
  for (const std::size_t batch : {700u, 333u, 5u}) {
    const auto inputs = drawn<float>(batch * in, 1), targets = drawn<float>(batch * out, 2);
    for (int step = 0; step < 2; ++step) all.push_back(trainer.step(inputs, targets));
    la::workspace<Net> workspace{batch, la::threads{count}};
    std::vector<float> outputs(batch * out);
    la::predict(model, inputs, outputs, workspace);
    all.insert(all.end(), outputs.begin(), outputs.end());
  }
  const numbers parameters = parameters_of(model);
  all.insert(all.end(), parameters.begin(), parameters.end());
  return all;
}

} // namespace

TEST_CASE("threads change no bit") {
  using all_ways =
      list<entry<"wide", wide>, entry<"batch_normalized", batch_normalized>, entry<"pieced", pieced>,
           entry<"small_image", small_image>, entry<"small_blocks", small_blocks>,
           entry<"small_branches", small_branches>, entry<"small_signal", small_signal>, entry<"attentive", attentive>,
           entry<"tied", tied>, entry<"tied_image", tied_image>, entry<"tied_filters", tied_filters>>;
  for_each(all_ways{}, []<class E>() {
    const numbers one = trained_by<typename E::type>(1);
    for (const std::size_t count : {2u, 3u}) {
      INFO(E::text(", threads ", std::to_string(count)));
      CHECK(trained_by<typename E::type>(count) == one);
    }
  });
}

TEST_CASE("no threads are an error") { CHECK_THROWS_AS(la::threads{0}, la::argument_error); }
