// Saving a training of ten million parameters against writing as many bytes: by the clock, in pairs, flushed to the
// disk and renamed both times.
//
// usage: checkpoint [--json FILE] [FOLDER]
#include "race.hpp"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <lamina/lamina.hpp>
#include <random>
#include <string>
#include <vector>

namespace la = lamina;

namespace {

struct large : la::network<la::input<784>, la::dense<3000>, la::relu, la::dense<2500>, la::relu, la::dense<10>> {};

double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void write_plainly(const std::string& path, const std::string& bytes) {
  const std::string temporary = path + ".tmp";
  std::FILE* const file = std::fopen(temporary.c_str(), "wb");
  if (!file || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() || std::fflush(file)) std::exit(2);
  fsync(fileno(file));
  std::fclose(file);
  std::rename(temporary.c_str(), path.c_str());
}

template <class O> void race_of(race::report& report, const char* name, const std::string& folder, O optimizer) {
  la::model<large> model{la::seed{1}};
  la::trainer trainer{model, la::softmax_cross_entropy{}, optimizer};
  const std::vector<float> x(784, 0.5f);
  const std::vector<la::label> y{la::label{1}};
  trainer.step(x, y);
  const std::string ours = folder + "/lamina_bench.checkpoint", plain = folder + "/lamina_bench.bytes";
  trainer.save(ours);
  std::string bytes(std::filesystem::file_size(ours), ' ');
  std::mt19937 draw{1};
  for (char& c : bytes) c = static_cast<char>(draw());
  std::vector<double> saving, writing;
  for (int pair = 0; pair < 21; ++pair) {
    const double start = clock_seconds();
    write_plainly(plain, bytes);
    const double between = clock_seconds();
    trainer.save(ours);
    writing.push_back(between - start), saving.push_back(clock_seconds() - between);
  }
  std::filesystem::remove(ours), std::filesystem::remove(plain);
  std::ranges::sort(saving), std::ranges::sort(writing);
  race::result r{
      name, {"lamina", "plain write"}, {saving[10] * 1e9, writing[10] * 1e9}, writing[10] / saving[10], 1 / 1.3, ""};
  std::printf("%-28s %8.1f MB %10.1f ms %10.1f ms  %6.2f  %6.2f  %s\n", name, static_cast<double>(bytes.size()) * 1e-6,
              saving[10] * 1e3, writing[10] * 1e3, r.ratio, r.asked, r.met() ? "met" : "MISSED");
  report.add(std::move(r));
}

} // namespace

int main(int argc, char** argv) {
  race::report report{"checkpoint of 9.9 M parameters, by the clock", argc, argv};
  const std::string folder = argc % 2 == 0 ? argv[argc - 1] : ".";
  std::printf("%-28s %11s %13s %13s  %6s  %6s\n", "", "", "save", "plain write", "ratio", "asked");
  race_of(report, "sgd", folder, la::sgd{});
  race_of(report, "adam", folder, la::adam{});
  return 0;
}
