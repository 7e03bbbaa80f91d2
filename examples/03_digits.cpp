// usage: 03_digits [DIRECTORY] [--epochs N] [--save FILE]
// Handwritten digits: the main job. 784-128-10 learns the digits in a directory of MNIST's files, plain or .gz (the
// 10,000 that ship with lamina if none is named), and shows what it still misreads.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include <lamina/lamina.hpp>

namespace la = lamina;

struct digits : la::network<la::input<784>, la::dense<128>, la::relu, la::dense<10>> {};

struct misread {
  std::span<const float> image;
  std::size_t truth, read;
};

// Images side by side, two pixels in a character.
void draw(const std::vector<misread>& shown) {
  for (const misread& one : shown)
    std::printf("  %-28s", ("a " + std::to_string(one.truth) + ", read as " + std::to_string(one.read)).c_str());
  std::printf("\n");
  for (std::size_t row = 2; row < 26; row += 2) {
    for (const misread& one : shown) {
      std::printf("  ");
      for (std::size_t column = 0; column < 28; ++column) {
        const bool upper = one.image[28 * row + column] > 0.4f, lower = one.image[28 * (row + 1) + column] > 0.4f;
        std::printf("%s", upper ? lower ? "█" : "▀" : lower ? "▄" : " ");
      }
    }
    std::printf("\n");
  }
}

int run(const std::string& directory, std::size_t epochs, const std::string& file) {
  const auto [train, test] = la::load_mnist(directory);
  std::cout << la::describe<digits>() << train.size() << " digits to learn from, " << test.size()
            << " to be tested on\n";

  la::model<digits> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-3f}};
  const auto begin = std::chrono::steady_clock::now();
  const la::history history = trainer.fit(train, {.epochs = epochs, .batch_size = 64});
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  la::save(model, file);

  std::vector<misread> wrong;
  for (std::size_t i = 0; i < test.size(); ++i) {
    const auto logits = model(test.input(i));
    const std::size_t read = std::size_t(std::max_element(logits.begin(), logits.end()) - logits.begin());
    if (read != test.target(i).value) wrong.push_back({test.input(i), test.target(i).value, read});
  }
  std::printf("\n%zu of %zu misread, for example:\n", wrong.size(), test.size());
  draw({wrong.begin(), wrong.begin() + std::ptrdiff_t(std::min<std::size_t>(wrong.size(), 3))});

  const double accuracy = la::accuracy(model, test);
  std::printf("\naccuracy  %.2f %%\n", 100 * accuracy);
  std::printf("speed     %.0f samples/s: %zu epochs in %.2f s, loss %.3f at first and %.3f at last\n",
              double(epochs * train.size()) / time.count(), epochs, time.count(), double(history.front().training_loss),
              double(history.back().training_loss));
  std::printf("weights   %s\n", file.c_str());
  return accuracy < 0.8;
}

int main(int argument_count, char** arguments) {
  std::string directory = LAMINA_DIGITS, file = "digits.safetensors";
  std::size_t epochs = 10;
  for (int i = 1; i < argument_count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--epochs" && i + 1 < argument_count)
      epochs = std::strtoul(arguments[++i], nullptr, 10);
    else if (argument == "--save" && i + 1 < argument_count)
      file = arguments[++i];
    else
      directory = argument;
  }
  try {
    return run(directory, epochs, file);
  } catch (const la::error& mistake) {
    std::fprintf(stderr, "%s\n", mistake.what());
    return 1;
  }
}
