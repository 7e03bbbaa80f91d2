// The past of a stream: its own, forgotten by `reset`, kept by `snapshot`, and untouched by what is refused.
#include "streams.hpp"
#include "allocations.hpp"
#include "refusal.hpp"
#include <limits>

using namespace laws;

namespace {

constexpr std::size_t steps = 50;
constexpr float infinity = std::numeric_limits<float>::infinity(),
                not_a_number = std::numeric_limits<float>::quiet_NaN();

template <class Net> std::vector<float> fresh(const la::model<Net>& model, const std::vector<float>& in) {
  la::stream<Net> stream{model};
  return through(stream, in);
}

} // namespace

TEST_CASE("a snapshot restored goes on as it did, in this stream or in another") {
  for_each(streams{}, []<class E>() {
    INFO(E::name);
    using net = typename E::type;
    const auto model = drawn_model<net, float>();
    const auto before = steps_for<net, float>(steps, 1), between = steps_for<net, float>(3, 2),
               after = steps_for<net, float>(steps, 3);
    la::stream<net> stream{model}, other{model};
    through(stream, before);
    const auto& past = stream.snapshot(); // a value of its own, which does not go on
    const auto expected = through(stream, after);
    CHECK(stream.position() == 2 * steps);
    stream.restore(past);
    CHECK(stream.position() == steps);
    CHECK(through(stream, after) == expected);
    through(other, between);
    other.restore(past);
    CHECK(through(other, after) == expected);
    CHECK(fresh(model, after) != expected); // the past matters
    auto copy = other;
    CHECK(through(copy, between) == through(other, between));
  });
}

TEST_CASE("reset forgets everything, NaN and infinity too") {
  for_each(streams{}, []<class E>() {
    INFO(E::name);
    using net = typename E::type;
    const auto model = drawn_model<net, float>();
    const auto in = steps_for<net, float>(steps, 1);
    const auto expected = fresh(model, in);
    la::stream<net> stream{model};
    through(stream, steps_for<net, float>(steps, 2));
    stream.reset();
    CHECK(stream.position() == 0);
    CHECK(through(stream, in) == expected);
    if constexpr (net::input_shape.tokens == 0)
      for (const float poison : {not_a_number, infinity, -infinity, std::numeric_limits<float>::max()}) {
        auto wrong = in;
        wrong[wrong.size() / 2] = poison;
        through(stream, wrong);
        stream.reset();
        CHECK(through(stream, in) == expected);
      }
  });
}

TEST_CASE("streams of one model do not touch each other, or the model") {
  for_each(streams{}, []<class E>() {
    INFO(E::name);
    using net = typename E::type;
    const auto model = drawn_model<net, float>();
    const image untouched = bytes_of(model);
    la::stream<net> streams[]{la::stream<net>{model}, la::stream<net>{model}, la::stream<net>{model}};
    const std::vector<float> in[]{steps_for<net, float>(steps, 1), steps_for<net, float>(steps, 2),
                                  steps_for<net, float>(steps, 3)};
    constexpr std::size_t inputs = la::stream<net>::inputs;
    std::vector<float> out[3];
    std::size_t done[3]{}, turn = 1;
    while (done[0] + done[1] + done[2] < 3 * steps) { // in no regular order
      turn = turn * 5 % 23;
      const std::size_t who = turn % 3;
      for (std::size_t left = 1 + turn % 4; left > 0 && done[who] < steps; --left, ++done[who])
        for (const float y : streams[who](std::span<const float>{in[who]}.subspan(done[who] * inputs, inputs)))
          out[who].push_back(y);
    }
    for (std::size_t who = 0; who < 3; ++who) CHECK(out[who] == fresh(model, in[who]));
    CHECK(bytes_of(model) == untouched);
  });
}

TEST_CASE("nothing is allocated by a stream, and nothing but once by voices") {
  for_each(streams{}, []<class E>() {
    INFO(E::name);
    using net = typename E::type;
    const auto model = drawn_model<net, float>();
    const auto in = steps_for<net, float>(steps, 1);
    std::vector<float> out(steps * la::stream<net>::outputs);
    CHECK(allocations_in([&] {
            la::stream<net> stream{model};
            const auto past = stream.snapshot();
            stream.process(in, out);
            stream(std::span<const float>{in}.first(stream.inputs));
            stream.restore(past);
            stream.process(in, out);
            stream.reset();
          }) == 0);
    la::voices<net> voices{model, steps};
    CHECK(allocations_in([&] {
            for (int t = 0; t < 3; ++t) voices(in, out);
            voices.reset();
          }) == 0);
  });
}

TEST_CASE("what is no step is refused, and nothing has happened") {
  const auto blocks = drawn_model<blocks_stream, float>();
  la::stream<blocks_stream> stream{blocks};
  const auto in = steps_for<blocks_stream, float>(steps, 1), more = steps_for<blocks_stream, float>(steps, 2);
  through(stream, in);
  std::vector<float> out(10 * 5);
  const std::span<const float> given{in};
  CHECK(refusal([&] { stream(given.first(2)); }) == "step of a stream: expected 3 numbers, got 2");
  CHECK(refusal([&] { stream(given.first(6)); }) == "step of a stream: expected 3 numbers, got 6");
  CHECK(refusal([&] { stream(given.first(0)); }) == "step of a stream: expected 3 numbers, got 0");
  const std::string block = "block of a stream: expected whole steps of 3 numbers in and 5 out, got ";
  CHECK(refusal([&] { stream.process(given.first(31), out); }) == block + "31 in and 50 out");
  CHECK(refusal([&] { stream.process(given.first(27), out); }) == block + "27 in and 50 out");
  CHECK(refusal([&] { stream.process({}, out); }) == block + "0 in and 50 out");
  stream.process({}, {});
  CHECK(stream.position() == steps);
  CHECK(out == std::vector<float>(10 * 5));
  la::stream<blocks_stream> undisturbed{blocks};
  through(undisturbed, in);
  CHECK(through(stream, more) == through(undisturbed, more));

  la::voices<blocks_stream> voices{blocks, 2};
  CHECK(refusal([&] { la::voices<blocks_stream>{blocks, 0}; }) == "voices: expected at least 1, got 0");
  CHECK(refusal([&] { voices(given.first(3), out); }) ==
        "step of voices: expected 6 numbers in and 10 out, got 3 in and 50 out");
  CHECK(refusal([&] { voices.reset(2); }) == "voice: expected below 2, got 2");
}

TEST_CASE("what is no token is refused, and nothing has happened") {
  const auto model = drawn_model<language_stream, float>();
  const auto in = steps_for<language_stream, float>(steps, 1), more = steps_for<language_stream, float>(steps, 2);
  la::stream<language_stream> stream{model}, undisturbed{model};
  la::voices<language_stream> voices{model, 3}, undisturbed_voices{model, 3};
  through(stream, in), through(undisturbed, in);
  for (const float wrong : {11.0f, -1.0f, 0.5f, 1e30f, not_a_number, infinity}) {
    INFO(wrong);
    CHECK(refusal([&] { stream(wrong); }).starts_with("token 0 of sample 0: expected a whole number below 11, got "));
    std::vector<float> block{1, 2, wrong, 3}, out(4 * 11);
    CHECK(refusal([&] { stream.process(block, out); }).starts_with("token 2 of sample 0: "));
    CHECK(out == std::vector<float>(4 * 11));
    std::vector<float> some{1, 2, wrong}, their(3 * 11);
    CHECK(refusal([&] { voices(some, their); }).starts_with("token 0 of sample 2: "));
    CHECK(their == std::vector<float>(3 * 11));
  }
  CHECK(stream.position() == steps);
  CHECK(through(stream, more) == through(undisturbed, more));
  std::vector<float> some{1, 2, 3}, given(3 * 11), expected(3 * 11);
  voices(some, given), undisturbed_voices(some, expected);
  CHECK(given == expected);
}

/// More steps than go through a network together, in blocks of one step, of many, and of sizes that change.
template <class Net, class T> void check_blocks(const std::string& name) {
  const double near = is_double<T> ? 1e-12 : 1e-5;
  constexpr std::size_t count = 150, inputs = la::stream<Net, T>::inputs;
  const auto model = drawn_model<Net, T>();
  const auto in = steps_for<Net, T>(count, 4);
  la::stream<Net, T> single{model};
  std::vector<T> steps;
  for (std::size_t t = 0; t < count; ++t)
    for (const T y : single(std::span{in}.subspan(t * inputs, inputs))) steps.push_back(y);
  std::size_t state = 7;
  const auto changing = [&] { return state = state * 31 % 71; };
  const std::array<std::size_t, 6> sizes{1, 2, 31, 64, 65, count};
  for (std::size_t i = 0; i <= sizes.size(); ++i) {
    la::stream<Net, T> stream{model};
    const auto out = through(stream, in, [&] { return i < sizes.size() ? sizes[i] : changing(); });
    CHECK(stream.position() == count);
    check_near(name, as_numbers(out), as_numbers(steps), {near, near});
    const std::span<const T> next{in.data(), inputs}; // the past is that of steps as well
    la::stream<Net, T> goes_on = single;
    check_near(name, as_numbers(stream(next)), as_numbers(goes_on(next)), {near, near});
  }
}

TEST_CASE("blocks of any size are their steps") {
  for_each(streams{}, []<class E>() {
    check_blocks<typename E::type, float>(E::text(", float"));
    check_blocks<typename E::type, double>(E::text(", double"));
  });
}

TEST_CASE("a block may be processed where it stands") {
  const auto model = drawn_model<amplifier_stream, float>();
  auto block = steps_for<amplifier_stream, float>(steps, 1);
  const auto expected = fresh(model, block);
  la::stream<amplifier_stream> stream{model};
  stream.process(block, block);
  CHECK(block == expected);
  stream.reset();
  CHECK(stream(steps_for<amplifier_stream, float>(1, 1)[0])[0] == expected[0]);
}
