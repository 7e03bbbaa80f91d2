#pragma once
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include <lamina/core/error.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/io/atomic_file.hpp>
#include <lamina/train/callback.hpp>

namespace lamina {

namespace detail {

template <class Record> // so that only programs that write one compile it
class csv_writer {
public:
  static constexpr std::string_view header =
      "epoch,training_loss,validation_loss,validation_metric,seconds,samples_per_second\n";

  csv_writer(const std::string& path, std::size_t epochs) : path_{path} {
    atomic_file begun{path};
    begun.write(header);
    if (epochs) begun.write(lines_up_to(path, epochs));
    begun.commit();
    file_ = std::fopen(path.c_str(), "ab");
    if (!file_) fail();
  }
  csv_writer(const csv_writer&) = delete;
  csv_writer& operator=(const csv_writer&) = delete;
  ~csv_writer() {
    if (file_) std::fclose(file_);
  }

  bool epoch(const Record& record) {
    std::string line = std::to_string(record.epoch);
    for (const double number : {record.training_loss, record.validation_loss, record.validation_metric, record.seconds,
                                record.samples_per_second}) {
      char text[32]; // the shortest that reads back as the same number, whatever the locale
      line.append(",").append(text, std::to_chars(text, text + sizeof text, number).ptr);
    }
    line += '\n';
    if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() || std::fflush(file_) != 0) fail();
    return true;
  }
  void finish() {}

private:
  /// The whole lines of a log that was begun before, up to this epoch.
  static std::string lines_up_to(const std::string& path, std::size_t epochs) {
    std::string text;
    if (std::FILE* const there = std::fopen(path.c_str(), "rb"))
      std::fclose(there);
    else
      return text;
    file_source source{path};
    read_items(source, text, std::numeric_limits<std::size_t>::max(),
               [](unsigned char c) { return static_cast<char>(c); });
    if (text.empty()) return text;
    if (!text.starts_with(header))
      throw file_error(
          expected_got(path, detail::joined_text({"a log that begins with ", header.substr(0, header.size() - 1)}),
                       text.substr(0, text.substr(0, 64).find('\n'))));
    std::size_t end = header.size(), next;
    for (; (next = text.find('\n', end)) != text.npos; end = next + 1) {
      std::size_t epoch = 0;
      std::from_chars(text.data() + end, text.data() + next, epoch);
      if (epoch == 0 || epoch > epochs) break;
    }
    return text.substr(header.size(), end - header.size());
  }
  [[noreturn]] void fail() const {
    throw file_error(expected_got(path_, "a file that can be written", std::strerror(errno)));
  }

  std::string path_;
  std::FILE* file_ = nullptr;
};

} // namespace detail

/// Writes a line of numbers after every epoch, separated by commas, under one header: epoch, training_loss,
/// validation_loss, validation_metric (`nan` without a validation set), seconds, samples_per_second. Every line is
/// handed to the system at once, so that a killed run has its lines. A trainer at its first epoch begins the file anew;
/// one that goes on, resumed or not, keeps the lines of the epochs it has behind it.
/// Errors: file_error where the file cannot be written, or is to be gone on with and is no such log.
/// Example: `trainer.fit(train, {.epochs = 10}, csv_log{"digits.csv"});`
struct csv_log {
  std::string file;

  template <class Trainer> auto watch(const Trainer& trainer) const {
    return detail::csv_writer<epoch_record>{file, trainer.epochs()};
  }
};

} // namespace lamina
