// A program that saves a sound, and loads it again.
#include <cstdio>
#include <lamina/sound.hpp>
#include <string>

int main(int, char** arguments) {
  const std::string file = std::string(arguments[0]) + ".wav";
  lamina::save_wav({.rate = 44100, .samples = {0, 0.5f, -1}}, file);
  const lamina::sound sound = lamina::load_wav(file);
  std::remove(file.c_str());
  return sound.rate != 44100 || sound.length() != 3 || sound.channel(0)[1] != 0.5f;
}
