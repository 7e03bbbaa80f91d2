// A text continued by a stream: drawn from its logits, the same for the same seed.
#include <algorithm>
#include <catch.hpp>
#include <cmath>
#include <lamina/lamina.hpp>
#include <laws/refusal.hpp>
#include <limits>

namespace la = lamina;
using laws::refusal;

namespace {

struct language : la::network<la::token_input<8, 12>, la::embedding<5>, la::gru<9, la::return_sequence>,
                              la::per_step<la::dense<12>>> {};
const la::text alphabet{"to be, ornhkws"}; // twelve characters

struct writer {
  la::vocabulary vocabulary = la::characters(alphabet);
  la::model<language> model{la::seed{4}};
  la::stream<language> stream{model};

  writer() {
    const auto weight = model.parameter("2.weight");
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] *= 8; // so that likely and unlikely differ
  }
  std::string operator()(const la::generation& how) { return la::generate(stream, vocabulary, how); }
};

} // namespace

TEST_CASE("the same seed gives the same text, whatever the stream had heard") {
  writer write;
  const std::string text = write({.prompt = "to be", .length = 60, .seed = 1});
  CHECK(text.size() == 65);
  CHECK(text.starts_with("to be"));
  CHECK(write({.prompt = "to be", .length = 60, .seed = 1}) == text);
  CHECK(writer{}({.prompt = "to be", .length = 60, .seed = 1}) == text);
  CHECK(write({.prompt = "to be", .length = 60, .seed = 2}) != text);
  CHECK(write({.prompt = "to be", .length = 20, .seed = 1}) == text.substr(0, 25));
  CHECK(write({.prompt = "to be", .length = 0}) == "to be");
  CHECK(write({.prompt = "t", .length = 1}).size() == 2);
}

TEST_CASE("temperature 0 takes the likeliest, and a low one nearly always") {
  writer write;
  la::stream<language> stream{write.model};
  std::string expected = "be";
  const auto hear = [&](char c) { return stream(static_cast<float>(write.vocabulary.token(std::string(1, c)))); };
  auto logits = hear('b');
  for (std::size_t i = 1; i <= 40; ++i) {
    logits = hear(expected[i]);
    expected += write.vocabulary.name(
        static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
  }
  CHECK(write({.prompt = "be", .length = 40, .temperature = 0, .seed = 1}) == expected);
  CHECK(write({.prompt = "be", .length = 40, .temperature = 0, .seed = 2}) == expected);
  CHECK(write({.prompt = "be", .length = 40, .temperature = 1e-6, .seed = 3}) == expected);
  CHECK(write({.prompt = "be", .length = 40, .temperature = 1, .seed = 3}) != expected);
}

TEST_CASE("tokens are drawn from softmax(logits / temperature)") {
  writer write;
  const auto weight = write.model.parameter("2.weight"); // logits that do not depend on the past
  for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = 0;
  const auto bias = write.model.parameter("2.bias");
  for (std::size_t i = 0; i < 12; ++i) bias[i] = static_cast<float>(i) / 4;
  for (const double temperature : {0.5, 1.0, 3.0}) {
    INFO(temperature);
    constexpr std::size_t length = 20'000;
    const std::string text = write({.prompt = "t", .length = length, .temperature = temperature, .seed = 7}).substr(1);
    double sum = 0, chi_squared = 0;
    for (std::size_t i = 0; i < 12; ++i) sum += std::exp(static_cast<double>(i) / 4 / temperature);
    for (std::size_t i = 0; i < 12; ++i) {
      const double expected = length * std::exp(static_cast<double>(i) / 4 / temperature) / sum;
      const char c = write.vocabulary.name(i)[0];
      chi_squared += std::pow(static_cast<double>(std::count(text.begin(), text.end(), c)) - expected, 2) / expected;
    }
    CHECK(chi_squared < 33); // 11 degrees of freedom: exceeded once in 2000 seeds
  }
}

TEST_CASE("words are written with blanks between them") {
  struct speech : la::network<la::token_input<4, 5>, la::embedding<3>, la::rnn<4, la::return_sequence>,
                              la::per_step<la::dense<5>>> {};
  const la::vocabulary vocabulary = la::words(la::text{"to be or not to be"});
  REQUIRE(vocabulary.size() == 4); // fewer than the logits: the fifth is never drawn
  const la::model<speech> model{la::seed{1}};
  la::stream<speech> stream{model};
  const std::string text = la::generate(stream, vocabulary, {.prompt = "To be!", .length = 30});
  CHECK(text.starts_with("to be "));
  CHECK(vocabulary.encode(text).size() == 32);
}

TEST_CASE("what cannot be continued is refused, and the stream goes on as if nothing had been asked") {
  writer write;
  write.stream(3);
  CHECK(refusal([&] { write({.prompt = ""}); }) == "prompt of generate: expected at least one token, got none");
  CHECK(refusal([&] { write({.prompt = "to be?"}); }).starts_with("text: byte 5: expected one of the 12 characters"));
  CHECK(refusal([&] {
          write({.prompt = "to", .temperature = -1});
        }).starts_with("temperature of generate: expected at least 0"));
  CHECK(refusal([&] {
          write({.prompt = "to", .temperature = std::numeric_limits<double>::quiet_NaN()});
        }).starts_with("temperature of generate: expected at least 0"));
  const la::vocabulary larger = la::characters(la::text{"to be, ornhkwsxyz"});
  CHECK(refusal([&] { la::generate(write.stream, larger, {.prompt = "to"}); }) ==
        "vocabulary of generate: expected at most 12 tokens, got 15");
  CHECK(write.stream.position() == 1);
}
