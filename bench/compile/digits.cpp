// What most programs do: 784-128-10 declared, trained, measured, saved and loaded.
#include <iostream>
#include <lamina/lamina.hpp>

namespace la = lamina;

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

int main(int, char** argv) {
  const la::dataset<la::label> all = la::load_idx(argv[1], argv[2]);
  const auto [train, test] = all.split([](std::size_t i) { return i % 10 != 0; });
  la::model<digits> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
  const la::history history = trainer.fit(train, {.epochs = 10, .batch_size = 64, .validation = &test});
  la::save(model, "digits.safetensors");
  la::model<digits> copy{la::seed{2}};
  la::load(copy, "digits.safetensors");
  std::cout << history.back().training_loss << ' ' << la::accuracy(copy, test) << '\n';
}
