#pragma once
// A folder that is gone after the test, files in it, and the text of a file_error.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <lamina/core/error.hpp>
#include <string>
#include <string_view>
#include <unistd.h>

class scratch_folder {
public:
  scratch_folder() {
    static int count = 0;
    const std::string name = "lamina_" + std::to_string(getpid()) + "_" + std::to_string(count++);
    folder_ = std::filesystem::temp_directory_path() / name;
    std::filesystem::create_directories(folder_);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_.string(); }
  std::string operator/(std::string_view name) const { return (folder_ / name).string(); }
  std::string write(std::string_view name, std::string_view bytes) const {
    std::ofstream(*this / name, std::ios::binary) << bytes;
    return *this / name;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

private:
  std::filesystem::path folder_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What the exception of type `Error` says that `action` throws.
template <class Error = lamina::file_error, class Action> std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& thrown) {
    return thrown.what();
  }
  return "nothing was thrown";
}
