// A training that is killed at any moment leaves a whole checkpoint, from which it ends where it would have ended.
#include <csignal>
#include <io/files.hpp>
#include <laws/support.hpp>
#include <poll.h>
#include <sys/wait.h>

using namespace laws;

namespace {

// Writing takes longer than an epoch of eight samples, so that kills fall into it.
struct net : la::network<la::input<300>, la::dense<200>, la::relu, la::dense<3>> {};

la::dataset<la::label> samples() {
  la::dataset<la::label> data{300};
  for (std::size_t m = 0; m < 8; ++m) data.push_back(drawn<float>(300, m), la::label{m % 3});
  return data;
}

struct training {
  la::model<net> model{la::seed{4}};
  la::trainer<net, float, la::heap, xsimd::default_arch, la::softmax_cross_entropy, la::adam, la::no_error> trainer{
      model, la::softmax_cross_entropy{}, la::adam{.learning_rate = 1e-4}};
  void resume_if_there(const std::string& file) {
    if (std::filesystem::exists(file)) trainer.resume(file);
  }
};

/// Trains for ever and says so after the first checkpoint.
[[noreturn]] void train_until_killed(const std::string& file, const la::dataset<la::label>& data, int to_parent) {
  training run;
  run.resume_if_there(file);
  run.trainer.fit(data, {.epochs = 1'000'000, .batch_size = 4}, la::checkpoint{.file = file, .keep = 2},
                  [&](const la::epoch_record&) { (void)!write(to_parent, "x", 1); });
  _exit(1);
}

} // namespace

TEST_CASE("killed at twenty random moments, a training goes on from whole checkpoints to the same bits") {
  const scratch_folder folder;
  const std::string file = folder / "run.checkpoint";
  const auto data = samples();
  const std::vector<double> moments = drawn<double>(20, 7); // -1 … 1
  std::size_t interrupted = 0, last = 0;
  for (const double moment : moments) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) train_until_killed(file, data, ends[1]);
    close(ends[1]);
    pollfd first_epoch{ends[0], POLLIN, 0};
    REQUIRE(poll(&first_epoch, 1, 60'000) == 1);
    usleep(static_cast<unsigned>(10'000 * (moment + 1)));
    REQUIRE(kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    close(ends[0]);
    CHECK(WIFSIGNALED(status));

    training found;
    found.trainer.resume(file); // whole, or it throws
    CHECK(found.trainer.epochs() > last);
    last = found.trainer.epochs();
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      interrupted += entry.path().extension() == ".tmp" && std::filesystem::remove(entry.path());
    if (std::filesystem::exists(file + ".1")) {
      training before;
      before.trainer.resume(file + ".1");
      CHECK(before.trainer.epochs() <= last);
    }
  }
  CHECK(interrupted > 0); // some kills fell into the writing
  training resumed, whole;
  resumed.trainer.resume(file);
  resumed.trainer.fit(data, {.epochs = 3, .batch_size = 4});
  whole.trainer.fit(data, {.epochs = last + 3, .batch_size = 4});
  CHECK(bytes_of(resumed.model) == bytes_of(whole.model));
  CHECK(resumed.trainer.steps() == whole.trainer.steps());
}
