// What looks on while a training runs: early stopping gives the best parameters back, checkpoints come when they are
// due and the last n are kept, a log has every epoch once.
#include <io/files.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct net : la::network<la::input<4>, la::dense<12>, la::tanh, la::dense<1>> {};

la::dataset<la::values> points(std::size_t count, std::uint64_t seed) {
  la::dataset<la::values> data{4, 1};
  for (std::size_t m = 0; m < count; ++m) {
    const std::vector<float> x = drawn<float>(5, seed + m);
    data.push_back({x[0], x[1], x[2], x[3]}, {x[0] * x[1] + x[4]});
  }
  return data;
}
/// Too few points and too fast: the validation loss falls, then rises.
struct fixture {
  la::dataset<la::values> train = points(20, 0), held_out = points(60, 1000);
  la::model<net> model{la::seed{3}};
  la::trainer<net, float, la::heap, xsimd::default_arch, la::mean_squared_error, la::adam, la::no_error> trainer{
      model, la::mean_squared_error{}, la::adam{.learning_rate = 0.01}};
  scratch_folder folder;

  la::fit_options<la::values> run(std::size_t epochs) const {
    return {.epochs = epochs, .batch_size = 5, .validation = &held_out};
  }
};

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream text{content_of(path)};
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}
/// The number of epochs that a checkpoint holds.
std::size_t epochs_in(const std::string& path) {
  la::model<net> model{la::seed{8}};
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{}};
  trainer.resume(path);
  return trainer.epochs();
}

} // namespace

TEST_CASE_METHOD(fixture,
                 "early stopping ends after so many epochs without a best, and gives the best parameters back") {
  const std::size_t patience = GENERATE(1u, 3u, 10u);
  const la::history past = trainer.fit(train, run(500), la::early_stopping{.patience = static_cast<double>(patience)});
  REQUIRE(past.size() < 500);
  std::size_t best = 0;
  for (std::size_t i = 0; i < past.size(); ++i)
    if (past[i].validation_loss < past[best].validation_loss) best = i;
  CHECK(past.size() - 1 - best == patience);
  CHECK(la::mean_loss(model, la::mean_squared_error{}, held_out) == past[best].validation_loss);
  for (std::size_t i = 0, waited = 0; i + 1 < past.size(); ++i) { // and not later than it had to
    double before = 1e9;
    for (std::size_t j = 0; j < i; ++j) before = std::min(before, past[j].validation_loss);
    waited = past[i].validation_loss < before ? 0 : waited + 1;
    CHECK(waited < patience);
  }

  // The parameters are those of a training that ended there.
  la::model<net> ended{la::seed{3}};
  la::trainer again{ended, la::mean_squared_error{}, la::adam{.learning_rate = 0.01}};
  again.fit(train, run(best + 1));
  CHECK(bytes_of(ended) == bytes_of(model));
}

TEST_CASE_METHOD(fixture,
                 "early stopping gives the best parameters back, too, where epochs run out or another callback stops") {
  const bool by_callback = GENERATE(false, true);
  const auto stop = [&](const la::epoch_record& record) { return !by_callback || record.epoch < 150; };
  const la::history past = trainer.fit(train, run(by_callback ? 400 : 150), la::early_stopping{.patience = 1000}, stop);
  REQUIRE(past.size() == 150);
  double best = past.front().validation_loss;
  for (const auto& epoch : past) best = std::min(best, epoch.validation_loss);
  REQUIRE(best < past.back().validation_loss);
  CHECK(la::mean_loss(model, la::mean_squared_error{}, held_out) == best);
}

TEST_CASE_METHOD(
    fixture,
    "early stopping without a validation set, and nonsense in a callback, are refused before training begins") {
  const image before = bytes_of(model);
  CHECK(message_of<la::argument_error>([&] { trainer.fit(train, {}, la::early_stopping{}); }) ==
        "fit: early_stopping: expected a validation set to watch, `{.validation = &test}`, got none");
  CHECK(message_of<la::argument_error>([&] { la::early_stopping{.patience = 0}; }) ==
        "early_stopping: patience: expected a whole number, at least 1, got 0.000000");
  CHECK(message_of<la::argument_error>([&] {
          la::checkpoint{.file = "x", .every = 0};
        }).starts_with("checkpoint: every"));
  CHECK(message_of<la::argument_error>([&] {
          la::checkpoint{.file = "x", .keep = 1.5};
        }).starts_with("checkpoint: keep"));
  const std::string nowhere = folder / "nowhere/log.csv";
  CHECK(message_of([&] { trainer.fit(train, {}, la::csv_log{nowhere}); }).starts_with(nowhere));
  CHECK(bytes_of(model) == before);
  CHECK(trainer.epochs() == 0);
}

TEST_CASE_METHOD(
    fixture, "checkpoints come after every k-th epoch and at the end; the last n are kept, the newest under the name") {
  const std::string file = folder / "run.checkpoint";
  std::vector<std::size_t> newest;
  const auto look = [&](const la::epoch_record&) {
    newest.push_back(std::filesystem::exists(file) ? epochs_in(file) : 0);
  };
  SECTION("one") {
    trainer.fit(train, run(3), la::checkpoint{file}, look);
    CHECK(newest == std::vector<std::size_t>{1, 2, 3});
    CHECK(folder.files() == 1);
  }
  SECTION("every third") {
    trainer.fit(train, run(8), la::checkpoint{.file = file, .every = 3}, look);
    CHECK(newest == std::vector<std::size_t>{0, 0, 3, 3, 3, 6, 6, 6});
    CHECK(epochs_in(file) == 8);
    CHECK(folder.files() == 1);
    trainer.fit(train, run(2), la::checkpoint{.file = file, .every = 3}, look); // counted over runs
    CHECK(newest.back() == 9);
    CHECK(epochs_in(file) == 10);
  }
  SECTION("keep") {
    const std::size_t keep = GENERATE(2u, 3u, 5u);
    trainer.fit(train, run(9), la::checkpoint{.file = file, .every = 2, .keep = static_cast<double>(keep)}, look);
    CHECK(newest == std::vector<std::size_t>{0, 2, 2, 4, 4, 6, 6, 8, 8});
    const std::vector<std::size_t> held{9, 8, 6, 4, 2};
    CHECK(epochs_in(file) == 9);
    for (std::size_t i = 1; i < keep; ++i) CHECK(epochs_in(file + "." + std::to_string(i)) == held[i]);
    CHECK(folder.files() == keep);
  }
  SECTION("before early stopping it holds the run's state, from which the run goes on") {
    const la::history past =
        trainer.fit(train, run(500), la::checkpoint{.file = file, .every = 1000}, la::early_stopping{.patience = 3});
    la::model<net> resumed{la::seed{8}}, straight{la::seed{3}};
    la::trainer goes_on{resumed, la::mean_squared_error{}, la::adam{.learning_rate = 0.01}};
    la::trainer whole{straight, la::mean_squared_error{}, la::adam{.learning_rate = 0.01}};
    goes_on.resume(file);
    whole.fit(train, run(past.size()));
    CHECK(bytes_of(resumed) == bytes_of(straight));
  }
}

TEST_CASE_METHOD(fixture, "the log has a header and a line an epoch, which is there when the epoch ends") {
  const std::string file = folder / "log.csv";
  std::vector<std::size_t> lines;
  folder.write("log.csv", "what was there before\n");
  const la::history past = trainer.fit(train, run(5), la::csv_log{file},
                                       [&](const la::epoch_record&) { lines.push_back(lines_of(file).size()); });
  CHECK(lines == std::vector<std::size_t>{2, 3, 4, 5, 6});
  const auto text = lines_of(file);
  CHECK(text[0] == "epoch,training_loss,validation_loss,validation_metric,seconds,samples_per_second");
  for (std::size_t i = 0; i < past.size(); ++i) {
    std::istringstream line{text[i + 1]};
    std::vector<std::string> cells;
    for (std::string cell; std::getline(line, cell, ',');) cells.push_back(cell);
    REQUIRE(cells.size() == 6);
    CHECK(cells[0] == std::to_string(i + 1));
    CHECK(std::stod(cells[1]) == past[i].training_loss);
    CHECK(std::stod(cells[2]) == past[i].validation_loss);
    CHECK(cells[3] == "nan");
    CHECK(std::stod(cells[4]) == past[i].seconds);
    CHECK(std::stod(cells[5]) == past[i].samples_per_second);
  }
}

TEST_CASE_METHOD(fixture, "a run that goes on from a checkpoint has every epoch once in its log") {
  const std::string file = folder / "log.csv", half = folder / "half";
  trainer.fit(train, run(3), la::csv_log{file}, la::checkpoint{half});
  trainer.fit(train, run(2), la::csv_log{file});
  const auto first = lines_of(file);
  REQUIRE(first.size() == 6);
  folder.write("log.csv", content_of(file) + "6,0.12"); // killed while it wrote the line of an epoch without checkpoint

  la::model<net> resumed{la::seed{8}};
  la::trainer goes_on{resumed, la::mean_squared_error{}, la::adam{.learning_rate = 0.01}};
  goes_on.resume(half);
  goes_on.fit(train, run(4), la::csv_log{file});
  const auto text = lines_of(file);
  REQUIRE(text.size() == 8);
  for (std::size_t i = 1; i < 8; ++i) CHECK(text[i].starts_with(std::to_string(i) + ","));
  for (std::size_t i = 0; i < 4; ++i) CHECK(text[i] == first[i]);
  for (std::size_t i = 4; i < 6; ++i) // the same numbers, but for the time it took
    CHECK(text[i].substr(0, text[i].find(",nan,")) == first[i].substr(0, first[i].find(",nan,")));

  folder.write("log.csv", "a,b\n1,2\n");
  CHECK(message_of([&] { goes_on.fit(train, run(1), la::csv_log{file}); }) ==
        file + ": expected a log that begins with "
               "epoch,training_loss,validation_loss,validation_metric,seconds,samples_per_second, got a,b");
  CHECK(content_of(file) == "a,b\n1,2\n");
  CHECK(goes_on.epochs() == 7);
  std::filesystem::remove(file);
  goes_on.fit(train, run(1), la::csv_log{file});
  CHECK(lines_of(file).size() == 2);
}
