// The digits are read as well as PyTorch reads them.
#include <laws/sanitized.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {
struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};
} // namespace

TEST_CASE("784-128-10 reads 93.5 of a hundred digits, within 0.7, from three seeds") {
  const auto [train, test] = la::load_mnist(LAMINA_DATA_DIRECTORY "/mnist");
  REQUIRE(train.size() == 9000);
  REQUIRE(test.size() == 1000);
  if (sanitized) {
    la::model<digits> model{la::seed{1}};
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
    trainer.fit(train.take(2000), {.epochs = 1, .batch_size = 64, .validation = &test});
    CHECK(la::accuracy(model, test) > 0.7);
    return;
  }
  // Seeds differ by 0.4 points (the deviation of sixteen), so the law is one of their mean.
  double mean = 0;
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    la::model<digits> model{la::seed{seed}};
    la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
    trainer.fit(train, {.epochs = 10, .batch_size = 64});
    const double accuracy = 100 * la::accuracy(model, test);
    INFO("seed " << seed);
    CHECK(std::abs(accuracy - 93.5) <= 1.6);
    mean += accuracy / 3;
  }
  CHECK(std::abs(mean - 93.5) <= 0.7);
}
