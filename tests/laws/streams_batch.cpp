// A stream gives what the network gives on the window, however it is cut into blocks.
#include "streams.hpp"
#include <simd/architectures.hpp>

using namespace laws;

TEST_CASE("streams are batches") {
  for_each(streams{}, []<class E>() {
    static_assert(la::Streamable<typename E::type>);
    check_stream_is_batch<typename E::type, float>(E::text(", float"));
    check_stream_is_batch<typename E::type, double>(E::text(", double"));
  });
}

TEST_CASE("streams are batches on emulated widths") {
  [&]<class... Arch>(std::type_identity<std::tuple<Arch...>>) {
    (check_stream_is_batch<blocks_stream, float, Arch>(Arch::name()), ...);
    (check_stream_is_batch<last_step_stream, double, Arch>(Arch::name()), ...);
  }(std::type_identity<machine_architectures>{});
}

TEST_CASE("a voice of many is a stream") {
  for_each(streams{}, []<class E>() {
    using net = typename E::type;
    constexpr std::size_t count = 5, steps = 40;
    const auto model = drawn_model<net, float>();
    la::voices<net> voices{model, count};
    constexpr std::size_t inputs = la::voices<net>::inputs, outputs = la::voices<net>::outputs;
    std::vector<std::vector<float>> in;
    for (std::size_t m = 0; m < count; ++m) in.push_back(steps_for<net, float>(steps, m));
    std::vector<numbers> out(count);
    for (std::size_t t = 0; t < steps; ++t) {
      std::vector<float> x, y(count * outputs);
      for (std::size_t m = 0; m < count; ++m)
        for (std::size_t i = 0; i < inputs; ++i) x.push_back(in[m][t * inputs + i]);
      if (t == 17) voices.reset(3), out[3].clear(); // the others do not notice
      voices(x, y);
      for (std::size_t m = 0; m < count; ++m)
        out[m].insert(out[m].end(), y.begin() + static_cast<std::ptrdiff_t>(m * outputs),
                      y.begin() + static_cast<std::ptrdiff_t>((m + 1) * outputs));
    }
    for (std::size_t m = 0; m < count; ++m) {
      la::stream<net> stream{model};
      const std::vector<float> own(in[m].begin() + static_cast<std::ptrdiff_t>(m == 3 ? 17 * inputs : 0), in[m].end());
      check_near(E::text(", voice ", std::to_string(m)), out[m], as_numbers(through(stream, own)), {1e-5, 1e-5});
    }
  });
}
