// A program that reads images, and writes one to read.
#include <cstdio>
#include <lamina/images.hpp>
#include <lamina/lamina.hpp>
#include <string>
#include <vector>

int main(int, char** arguments) {
  const std::string file = std::string(arguments[0]) + ".png";
  const std::vector<float> numbers = {0, 1, 0.2f, 1, 0, 0.4f};
  lamina::save_image(numbers, lamina::shape<1, 3, 1, 2>, file);
  const lamina::loaded_image image = lamina::load_image(file);
  std::remove(file.c_str());
  return image.shape[0] != 3 || image.pixels.front() != 0 || image.pixels[image.shape[2] - 1] != 1;
}
