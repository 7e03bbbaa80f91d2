// Looking at vectors: neighbours, analogies, files; and what is refused.
#include "words.hpp"
#include <catch.hpp>
#include <io/files.hpp>
#include <lamina/word2vec.hpp>
#include <limits>

namespace la = lamina;

namespace {

la::word2vec<7> drawn_vectors(std::size_t vocabulary) {
  la::word2vec<7> model{std::vector<std::uint64_t>(vocabulary, 1), la::seed{5}};
  return model;
}
void set(la::word2vec<4>& model, std::uint32_t token, std::initializer_list<float> numbers) {
  std::size_t d = 0;
  for (const float number : numbers) model.embedding()(token, d++) = number;
}
double cosine(const la::word2vec<7>& model, std::uint32_t a, std::uint32_t b) {
  double product = 0, aa = 0, bb = 0;
  for (std::size_t d = 0; d < 7; ++d) {
    const double x = static_cast<double>(model.vector(a)[d]), y = static_cast<double>(model.vector(b)[d]);
    product += x * y, aa += x * x, bb += y * y;
  }
  return product / std::sqrt(aa * bb);
}

} // namespace

TEST_CASE("vectors start evenly between ∓½ over the dimension, output vectors at 0") {
  const la::word2vec<50> model{std::vector<std::uint64_t>(400, 1), la::seed{5}};
  double sum = 0, squares = 0, largest = 0;
  for (std::size_t i = 0; i < model.embedding().size(); ++i) {
    const auto v = static_cast<double>(model.embedding()[i]);
    sum += v, squares += v * v, largest = std::max(largest, std::abs(v));
    REQUIRE(model.output_embedding()[i] == 0);
  }
  CHECK(model.embedding().shape() == la::shape<400, 50>);
  CHECK(largest <= 0.01);
  CHECK(largest > 0.00999);
  CHECK(std::abs(sum / 20'000) < 5 * 0.01 / std::sqrt(3 * 20'000.0));
  CHECK(squares / 20'000 == Approx(1e-4 / 3).epsilon(0.05));
}

TEST_CASE("neighbours are all words by falling cosine, without the word itself") {
  const la::word2vec<7> model = drawn_vectors(40);
  for (std::uint32_t token = 0; token < 40; ++token) {
    const std::vector<la::neighbour> all = la::nearest(model, token, 100);
    REQUIRE(all.size() == 39);
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(all[i].token != token);
      CHECK(all[i].similarity == Approx(cosine(model, token, all[i].token)).margin(1e-6));
      if (i > 0) CHECK(all[i].similarity <= all[i - 1].similarity);
    }
    const std::vector<la::neighbour> three = la::nearest(model, token, 3);
    REQUIRE(three.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(three[i].token == all[i].token);
  }
  CHECK(la::nearest(model, 0).size() == 10);
  CHECK(la::nearest(model, 0, 0).empty());
}

TEST_CASE("of equals the smaller token is nearer, and a vector of zeros is like no other") {
  la::word2vec<4> model{std::vector<std::uint64_t>(4, 1), la::seed{1}};
  set(model, 0, {1, 0, 0, 0}), set(model, 1, {0, 0, 0, 0}), set(model, 2, {3, 0, 0, 0}), set(model, 3, {2, 0, 0, 0});
  const auto near = la::nearest(model, 0, 3);
  CHECK(near[0].token == 2);
  CHECK(near[1].token == 3);
  CHECK(near[2].token == 1);
  CHECK(near[2].similarity == 0);
}

TEST_CASE("an analogy is a parallelogram, however long its vectors are") {
  enum : std::uint32_t { man, woman, king, queen, apple };
  la::word2vec<4> model{std::vector<std::uint64_t>(5, 1), la::seed{1}};
  set(model, man, {1, 0, 0.2f, 0}), set(model, woman, {0, 2, 0.4f, 0}), set(model, king, {3, 0, 0.6f, 3});
  set(model, queen, {0, 1, 0.2f, 1}), set(model, apple, {-1, -1, 0, 0});
  const auto found = la::analogy(model, man, king, woman, 2);
  REQUIRE(found.size() == 2);
  CHECK(found[0].token == queen);
  CHECK(found[0].similarity > 0.9);
  CHECK(found[1].token == apple);
  CHECK(la::analogy(model, king, man, queen, 1)[0].token == woman);
}

TEST_CASE("vectors are saved as an embedding's weight and loaded bit for bit") {
  const scratch_folder folder;
  const la::word2vec<7> model = drawn_vectors(40);
  la::save(model, folder / "words.safetensors");
  const la::safetensors_file file{folder / "words.safetensors"};
  REQUIRE(file.tensors().size() == 1);
  CHECK(file.tensors()[0].name == "weight");
  CHECK(file.tensors()[0].shape == std::vector<std::size_t>{40, 7});
  CHECK(file.element<float>(file.tensors()[0], 3 * 7 + 2) == model.vector(3)[2]);

  la::word2vec<7> other{std::vector<std::uint64_t>(40, 1), la::seed{6}};
  la::load(other, folder / "words.safetensors");
  for (std::size_t i = 0; i < 40 * 7; ++i) CHECK(other.embedding()[i] == model.embedding()[i]);

  la::word2vec<7> fewer{std::vector<std::uint64_t>(39, 1), la::seed{6}};
  const la::word2vec<7> before = fewer;
  CHECK_THROWS_WITH(la::load(fewer, folder / "words.safetensors"),
                    Catch::Contains("tensor \"weight\": expected shape (39, 7), got (40, 7)"));
  for (std::size_t i = 0; i < 39 * 7; ++i) CHECK(fewer.embedding()[i] == before.embedding()[i]);
}

TEST_CASE("what is no word, no text or no number of words is refused") {
  const words::tokens text{0, 1, 2, 3, 1};
  la::word2vec<4> model{words::counted(text, 4), la::seed{1}};
  const la::word2vec<4> before = model;
  const words::tokens wrong{0, 1, 2, 4, 9};
  CHECK_THROWS_WITH(model.fit(wrong, la::cbow{}), "word2vec::fit: token 3: expected one below 4, got 4");
  CHECK_THROWS_WITH(model.fit({}, la::cbow{}), "word2vec::fit: tokens: expected at least one, got none");
  CHECK_THROWS_AS(model.fit(wrong, la::skip_gram{}), la::argument_error);
  for (std::size_t i = 0; i < 16; ++i) CHECK(model.embedding()[i] == before.embedding()[i]);
  CHECK_THROWS_WITH(model.vector(4), "word2vec: token: expected one below 4, got 4");
  CHECK_THROWS_AS(la::nearest(model, 4), la::argument_error);
  CHECK_THROWS_AS(la::analogy(model, 0, 1, 4), la::argument_error);

  const std::vector<std::uint64_t> none, zeros(3);
  CHECK_THROWS_WITH((la::word2vec<4>{none, la::seed{1}}),
                    "word2vec: counts: expected those of at least one word, one of them above 0, got none");
  CHECK_THROWS_AS((la::word2vec<4>{zeros, la::seed{1}}), la::argument_error);

  using options = la::word2vec_options;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(options{.window = 0}, "word2vec: window: expected a whole number, at least 1, got 0.000000");
  CHECK_THROWS_AS(options{.negatives = 0}, la::argument_error);
  CHECK_THROWS_AS(options{.negatives = 2.5}, la::argument_error);
  CHECK_THROWS_AS(options{.epochs = 0}, la::argument_error);
  CHECK_THROWS_AS(options{.subsample = -1e-3}, la::argument_error);
  for (const double rate : {0.0, -0.1, nan}) CHECK_THROWS_AS(options{.learning_rate = rate}, la::argument_error);
}

TEST_CASE("a text of one word, and a window larger than the text, are learned from without harm") {
  la::word2vec<4> model{std::vector<std::uint64_t>{1}, la::seed{1}};
  const words::tokens one{0}, two{0, 0};
  CHECK(model.fit(one, la::skip_gram{}, {.epochs = 1}) == std::vector<double>{0});
  for (const double loss : model.fit(two, la::skip_gram{}, {.window = 1e9, .subsample = 0, .epochs = 2}))
    CHECK(loss > 0);
  CHECK(model.fit(two, la::cbow{}, {.window = 1e9, .subsample = 0, .epochs = 2}).size() == 2);
}

TEST_CASE("a loss that is not finite ends the training") {
  const words::tokens text = words::drawn(200, 5, 1);
  la::word2vec<4> model{words::counted(text, 5), la::seed{1}};
  CHECK_THROWS_AS(model.fit(text, la::skip_gram{}, {.learning_rate = 1e30, .epochs = 5}), la::training_error);
}
