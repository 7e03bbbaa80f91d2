#pragma once
#include <cstddef>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// Reads the value files beside it (format: README.md).
namespace golden {

using records = std::map<std::string, std::vector<double>>;

/// All records of one file, by name. Throws std::runtime_error when the file is missing or broken.
inline records read(const std::string& file) {
  std::ifstream in{file};
  if (!in) throw std::runtime_error(file + ": cannot be opened");
  records all;
  std::string name;
  for (std::size_t count = 0; in >> name >> count;) {
    std::vector<double>& values = all[name];
    values.resize(count);
    for (double& value : values)
      if (!(in >> value)) throw std::runtime_error(file + ": record " + name + " ends early");
  }
  if (!in.eof()) throw std::runtime_error(file + ": a record is broken after " + name);
  return all;
}

} // namespace golden
