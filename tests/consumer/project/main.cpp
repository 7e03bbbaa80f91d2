// Everything that the library links with is used: training, inference, files (zlib, RapidJSON); in two translation
// units.
#include "net.hpp"

#include <cstdio>

int main(int, char** arguments) {
  lamina::model<net> model{lamina::seed{1}};
  const data_set data = samples();
  const double before = lamina::mean_loss(model, lamina::mean_squared_error{}, data);
  train(model, data);
  const double after = lamina::mean_loss(model, lamina::mean_squared_error{}, data);

  const std::string file = std::string(arguments[0]) + ".safetensors";
  lamina::save(model, file);
  lamina::model<net> copy{lamina::seed{2}};
  lamina::load(copy, file);
  std::remove(file.c_str());
  bool refused = false;
  try {
    lamina::load_mnist("no such directory");
  } catch (const lamina::file_error&) {
    refused = true;
  }
  std::printf("loss %.4f before training, %.4f after\n", before, after);
  return after > before / 10 || !refused || copy(data.input(3)) != model(data.input(3));
}
