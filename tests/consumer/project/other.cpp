#include "net.hpp"

#include <cmath>

data_set samples() {
  data_set all{4, 2};
  for (int i = 0; i < 64; ++i) {
    const float a = std::sin(float(i)), b = std::cos(3 * float(i));
    all.push_back({a, b, a * b, 1}, {a - b, a * b});
  }
  return all;
}

float train(lamina::model<net>& model, data_set data) {
  lamina::trainer trainer{model, lamina::mean_squared_error{}, lamina::adam{.learning_rate = 0.02f}};
  return float(trainer.fit(data, {.epochs = 50, .batch_size = 8}).back().training_loss);
}
