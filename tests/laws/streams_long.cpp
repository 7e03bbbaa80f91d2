// Streams without end: no drift, and no slow numbers.
#include "sanitized.hpp"
#include "streams.hpp"
#include <chrono>

using namespace laws;

namespace {

constexpr std::size_t million = sanitized ? 20'000 : 1'000'000, block = 100, period = 20;

struct gru_stack : la::network<la::input<16, 1>, la::causal_conv1d<4, la::kernel<3>, la::dilation<2>>, la::tanh,
                               la::gru<8, la::return_sequence>, la::per_step<la::dense<1>>> {};
struct lstm_stack : la::network<la::input<16, 1>, la::lstm<8, la::return_sequence>, la::per_step<la::dense<1>>> {};
struct rnn_stack : la::network<la::input<16, 1>, la::rnn<8, la::return_sequence>, la::per_step<la::dense<1>>> {};
struct jordan_stack
    : la::network<la::input<16, 1>, la::jordan_rnn<8, la::return_sequence>, la::per_step<la::dense<1>>> {};
using stacks = list<entry<"gru", gru_stack>, entry<"lstm", lstm_stack>, entry<"rnn", rnn_stack>,
                    entry<"jordan_rnn", jordan_stack>>;

/// Feeds the same block again and again; what comes of the last one stands in `out`. The seconds of the fastest tenth.
template <class Net>
double feed(la::stream<Net>& stream, std::size_t samples, const std::vector<float>& in, std::vector<float>& out) {
  using clock = std::chrono::steady_clock;
  double fastest = 1e9;
  for (int tenth = 0; tenth < 10; ++tenth) {
    const auto start = clock::now();
    for (std::size_t i = 0; i < samples / block / 10; ++i) stream.process(in, out);
    fastest = std::min(fastest, std::chrono::duration<double>(clock::now() - start).count());
  }
  return fastest;
}

/// Ten million samples for the first of the stacks, and a tenth of that for the others.
template <class Net> constexpr std::size_t samples_for = std::is_same_v<Net, gru_stack> ? 10 * million : million;

} // namespace

TEST_CASE("ten million samples: what is periodic stays so") {
  for_each(stacks{}, []<class E>() {
    using net = typename E::type;
    const la::model<net> model{la::seed{2}};
    la::stream<net> stream{model};
    std::vector<float> in(block), settled(block), last(block);
    for (std::size_t i = 0; i < block; ++i)
      in[i] = static_cast<float>(std::sin(2 * 3.141592653589793 * static_cast<double>(i) / period));
    feed(stream, 10 * block, in, settled);
    feed(stream, samples_for<net>, in, last);
    CHECK(stream.position() == 10 * block + samples_for<net>);
    check_near(E::text(": the same block"), as_numbers(last), as_numbers(settled), {0, 1e-5});
    for (std::size_t i = 0; i + period < block; ++i) CHECK(std::abs(last[i] - last[i + period]) <= 1e-5);
    const auto [least, most] = std::minmax_element(last.begin(), last.end());
    CHECK(*most - *least > 1e-3); // it has not died away
  });
}

TEST_CASE("ten million samples: silence after a burst becomes a constant, as fast as at first") {
  for_each(stacks{}, []<class E>() {
    using net = typename E::type;
    for (const bool biased : {true, false}) { // without biases, the past fades to 0 and would pass through denormals
      INFO(E::text(biased ? "" : " without biases"));
      la::model<net> model{la::seed{2}};
      if (!biased)
        for (const la::parameter& p : model.parameters)
          if (p.shape.rank == 1) assign(model.parameter(p.name.view()), numbers(p.shape.size()));
      la::stream<net> stream{model};
      const std::vector<float> loud = drawn<float>(block, 1), silence(block);
      std::vector<float> out(block), settled(block);
      const double first = feed(stream, million, loud, out);
      feed(stream, 10 * block, silence, settled);
      if (samples_for<net> > million) feed(stream, samples_for<net> - million, silence, out);
      const double last = feed(stream, million, silence, out);
      CHECK(last < 3 * first);
      check_near("silence", as_numbers(out), numbers(block, out.back()), {0, 1e-5});
      check_near("settled", as_numbers(out), as_numbers(settled), {0, 1e-5});
      if (!biased) CHECK(std::abs(out.back()) < 1e-5);
    }
  });
}
