// LeNet declared, trained, measured and described, its filters drawn.
#include <iostream>
#include <lamina/lamina.hpp>

namespace la = lamina;

struct lenet : la::network<la::input<1, 28, 28>, la::conv2d<8, la::kernel<5>>, la::batch_norm, la::relu,
                           la::max_pool2d<2>, la::conv2d<16, la::kernel<5>>, la::relu, la::max_pool2d<2>, la::flatten,
                           la::dense<128>, la::relu, la::dropout<0.25>, la::dense<10>> {};

static_assert(lenet::shape_after<0> == la::shape<8, 24, 24>);
static_assert(lenet::shape_after<6> == la::shape<16, 4, 4>);
static_assert(lenet::parameter_count == (8 * 25 + 8) + 16 + (16 * 8 * 25 + 16) + (256 * 128 + 128) + (128 * 10 + 10));

int main(int, char** argv) {
  const auto [train, test] = la::load_idx(argv[1], argv[2]).split([](std::size_t i) { return i % 10 != 0; });
  la::model<lenet> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
  trainer.fit(train, {.epochs = 6, .batch_size = 64, .validation = &test});
  la::save_image(model.parameter("0.weight"), "filters.png"); // the filters as one picture
  const double accuracy = la::accuracy(model, test);
  std::cout << "accuracy " << accuracy << '\n' << la::describe<lenet>();
  return accuracy < 0.965;
}
