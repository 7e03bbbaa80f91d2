#include <catch.hpp>
#include <csignal>
#include <filesystem>
#include <io/files.hpp>
#include <lamina/io/atomic_file.hpp>
#include <lamina/io/save_tensors.hpp>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <vector>

using lamina::atomic_file;

namespace {

void write(atomic_file& file, const std::string& text) { file.write(text); }

// Runs `action` in another process and returns how that ended.
template <class Action> int in_another_process(Action action) {
  const pid_t child = fork();
  if (child == 0) {
    action();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

} // namespace

TEST_CASE("a file is replaced as a whole, and nothing else is left") {
  const scratch_folder folder;
  const std::string path = folder.write("file", "old");
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  atomic_file file{path};
  write(file, "something ");
  CHECK(content_of(path) == "old");
  write(file, "new");
  file.commit();
  CHECK(content_of(path) == "something new");
  CHECK(folder.files() == 1);
  CHECK(std::filesystem::status(path).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

  atomic_file fresh{folder / "fresh"};
  fresh.commit();
  CHECK(content_of(folder / "fresh").empty());
}

TEST_CASE("without commit, the old file stays and the temporary is removed") {
  const scratch_folder folder;
  const std::string path = folder.write("file", "old");
  {
    atomic_file file{path}, another{path};
    write(file, "half");
    write(another, "another half");
    CHECK(folder.files() == 3);
  }
  CHECK(content_of(path) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("a writer that throws midway leaves the old file whole") {
  const scratch_folder folder;
  const std::string path = folder.write("file", "old");
  const lamina::tensor_entry tensor{.name = "w", .shape = {100000}};
  CHECK_THROWS_AS(lamina::save_tensors(path, {&tensor, 1},
                                       [](std::size_t, lamina::tensor_sink& put) {
                                         for (int i = 0; i < 50000; ++i) put(i);
                                         throw std::runtime_error("midway");
                                       }),
                  std::runtime_error);
  CHECK(content_of(path) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("a process that is killed while it writes leaves the old file whole") {
  const scratch_folder folder;
  const std::string path = folder.write("file", "old");
  const lamina::tensor_entry tensor{.name = "w", .shape = {100000}};
  for (const int stop : {0, 1, 50000, 99999}) {
    const int status = in_another_process([&] {
      lamina::save_tensors(path, {&tensor, 1}, [&](std::size_t, lamina::tensor_sink& put) {
        for (int i = 0; i < 100000; ++i) {
          if (i == stop) raise(SIGKILL);
          put(i);
        }
      });
    });
    CHECK(WIFSIGNALED(status));
    CHECK(content_of(path) == "old");
  }
  lamina::save_tensors(path, {&tensor, 1}, [](std::size_t, lamina::tensor_sink& put) {
    for (int i = 0; i < 100000; ++i) put(i);
  });
  CHECK(content_of(path).size() > 400000);
}

TEST_CASE("a full disk is reported, and the old file stays") {
  const scratch_folder folder;
  const std::string path = folder.write("file", "old");
  const int status = in_another_process([&] {
    const rlimit limit{10000, 10000};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, SIG_IGN);
    const std::string text = message_of([&] {
      atomic_file file{path};
      for (int i = 0; i < 100; ++i) write(file, std::string(1000, 'x'));
      file.commit();
    });
    _exit(text == path + ": expected room to write to, got File too large" ? 7 : 8);
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
  CHECK(content_of(path) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("where a file cannot be created or replaced, the message names it") {
  const scratch_folder folder;
  const std::string nowhere = folder / "no/such/file";
  CHECK(message_of([&] { atomic_file file{nowhere}; }) ==
        nowhere + ": expected a folder to create a file in, got No such file or directory");
  std::filesystem::create_directory(folder / "folder");
  CHECK(message_of([&] {
          atomic_file file{folder / "folder"};
          file.commit();
        }) == folder / "folder" + ": expected a file that can be replaced, got Is a directory");
  CHECK(folder.files() == 1);
}
