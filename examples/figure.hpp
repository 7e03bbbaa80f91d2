#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// A figure of an example: blocks of numbers, and the commands for gnuplot that draw them.
///
///     figure plot{"07_towers", argument_count, arguments};
///     plot.row("error", pairs, error);                              // a row of the block $error
///     plot.draw("plot $error with linespoints title 'mean error'"); // writes 07_towers.gp and 07_towers.png
///
/// Files go to the folder that is the program's first argument, or to the current directory. NAME.gp holds data and
/// commands: `gnuplot NAME.gp` draws the figure again, anywhere. Where there is no gnuplot, NAME.gp alone is written
/// and the program says so. Errors: std::runtime_error where the folder cannot be written or gnuplot refuses a command.
class figure {
public:
  figure(std::string name, int argument_count, char** arguments)
      : name_{std::move(name)}, folder_{argument_count > 1 ? arguments[1] : "."} {}

  /// Appends a row to a block: numbers, and texts without quotation marks. An empty row ends a line of points.
  template <class... Cells> void row(const std::string& block, const Cells&... cells) {
    std::ostringstream line;
    line << std::setprecision(9);
    [[maybe_unused]] const auto put = [&line]<class Cell>(const Cell& cell) {
      if constexpr (std::is_convertible_v<Cell, double>)
        line << static_cast<double>(cell) << ' ';
      else
        line << '"' << cell << "\" ";
    };
    (put(cells), ...);
    rows_of(block) += line.str() + '\n';
  }

  /// Where a further file of the example goes: beside the figure, NAME with this ending.
  std::filesystem::path file(const std::string& ending) const {
    std::filesystem::create_directories(folder_);
    return folder_ / (name_ + ending);
  }

  /// Writes the script and has gnuplot draw it, so many pixels wide and high.
  void draw(const std::string& commands, int width = 900, int height = 560) const {
    std::ofstream script{file(".gp")};
    script << "set terminal pngcairo size " << width << ',' << height << " font 'sans,11' background '#ffffff'\n"
           << "set output '" << name_ << ".png'\n"
           << style;
    for (const auto& [block, rows] : blocks_) script << '$' << block << " << end_of_data\n" << rows << "end_of_data\n";
    script << commands << '\n';
    script.close();
    if (!script) throw std::runtime_error("cannot write " + shown(".gp"));

    if (std::system("gnuplot --version > /dev/null 2>&1") != 0) {
      std::printf("no gnuplot here: the figure's data and commands are in %s\n", shown(".gp").c_str());
      return;
    }
    const std::filesystem::path here = std::filesystem::current_path();
    std::filesystem::current_path(folder_); // so that no path has to be quoted for the shell
    const int status = std::system(("gnuplot " + name_ + ".gp").c_str());
    std::filesystem::current_path(here);
    if (status != 0) throw std::runtime_error("gnuplot does not draw " + shown(".gp"));
    std::printf("figure: %s\n", shown(".png").c_str());
  }

private:
  static constexpr const char* style = R"(
set encoding utf8
set border 3 linecolor '#606060'
set tics nomirror
set grid linecolor '#e4e4e4' linetype 1
set key noautotitle
set style fill solid 1 noborder
set palette defined (0 '#440154', 1 '#3b528b', 2 '#21918c', 3 '#5ec962', 4 '#fde725')
set linetype 1 linecolor '#0072b2' linewidth 2 pointtype 7
set linetype 2 linecolor '#d55e00' linewidth 2 pointtype 7
set linetype 3 linecolor '#009e73' linewidth 2 pointtype 7
set linetype 4 linecolor '#cc79a7' linewidth 2 pointtype 7
set linetype 5 linecolor '#e69f00' linewidth 2 pointtype 7
set linetype 6 linecolor '#56b4e9' linewidth 2 pointtype 7
set linetype 7 linecolor '#5b3a8e' linewidth 2 pointtype 7
set linetype 8 linecolor '#8c564b' linewidth 2 pointtype 7
set linetype 9 linecolor '#202020' linewidth 2 pointtype 7
)";

  std::string shown(const char* ending) const { return (folder_ / (name_ + ending)).string(); }

  std::string& rows_of(const std::string& block) {
    for (auto& [name, rows] : blocks_)
      if (name == block) return rows;
    return blocks_.emplace_back(block, "").second;
  }

  std::string name_;
  std::filesystem::path folder_;
  std::vector<std::pair<std::string, std::string>> blocks_; // in the order of their first rows
};
