// Search by grid, at random and coarse to fine: what is tried, in which order, what is best, and the table.
#include <cmath>
#include <io/files.hpp>
#include <lamina/search.hpp>
#include <laws/support.hpp>
#include <limits>
#include <map>
#include <set>
#include <sstream>

using namespace laws;

namespace {

enum class kind { plain, fancy };

struct settings {
  double rate = 1e-3;
  std::size_t batch_size = 32;
  float drop = 0;
  int depth = 2;
  std::string optimizer = "adam";
  bool shuffled = true;
  kind sort = kind::plain;
  double untouched = 7;
};

struct small : la::network<la::input<2>, la::dense<2>> {};
struct large : la::network<la::input<2>, la::dense<16>, la::tanh, la::dense<2>> {};

const auto everything = la::search::space<settings>{}
                            .log_uniform<&settings::rate>(1e-4, 1e-1)
                            .choice<&settings::batch_size>({16, 32, 64})
                            .uniform<&settings::drop>(0, 0.5)
                            .integer<&settings::depth>(-1, 3)
                            .choice<&settings::optimizer>({"adam", "sgd"})
                            .choice<&settings::shuffled>({true, false})
                            .choice<&settings::sort>({kind::plain, kind::fancy});

/// A hill with its top at rate 0.003 and drop 0.3.
double hill(const settings& s) {
  return -std::pow(std::log10(s.rate / 0.003), 2) - std::pow(static_cast<double>(s.drop) - 0.3, 2);
}

/// Trials in the order in which they ran.
template <class Trials> auto as_run(const Trials& found) {
  auto all = std::vector(found.begin(), found.end());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return all;
}
template <class Trials> void check_sorted(const Trials& found) {
  std::set<std::size_t> numbers;
  for (std::size_t i = 0; i < found.size(); ++i) {
    numbers.insert(found[i].number);
    if (i > 0) CHECK(found[i - 1].score >= found[i].score);
  }
  CHECK(numbers.size() == found.size());
  CHECK(*numbers.begin() == 1);
  CHECK(*numbers.rbegin() == found.size());
  CHECK(&found.best() == &found[0]);
}

} // namespace

TEST_CASE("a grid is every combination, ends included, the last axis turning fastest") {
  const auto space = la::search::space<settings>{}
                         .log_uniform<&settings::rate>(1e-4, 1e-1)
                         .choice<&settings::batch_size>({64, 16})
                         .integer<&settings::depth>(1, 9);
  std::vector<settings> seen;
  const auto found = la::search::grid(space, {.points = 4}, [&](const settings& s) {
    seen.push_back(s);
    return 0;
  });
  REQUIRE(seen.size() == 4 * 2 * 4);
  std::size_t i = 0;
  for (const double rate : {1e-4, 1e-3, 1e-2, 1e-1})
    for (const std::size_t batch_size : {64u, 16u})
      for (const int depth : {1, 4, 6, 9}) {
        CHECK(seen[i].rate == Approx(rate).epsilon(1e-12));
        CHECK(seen[i].batch_size == batch_size);
        CHECK(seen[i].depth == depth);
        CHECK(seen[i++].untouched == 7);
      }
  CHECK(seen[0].rate == 1e-4);
  CHECK(seen.back().rate == 1e-1);
  CHECK(found.best().number == 1); // the first one among equals
  check_sorted(found);

  // No more points than there are whole numbers; one point is the middle.
  const auto few = la::search::space<settings>{}.integer<&settings::depth>(5, 7);
  CHECK(la::search::grid(few, {.points = 10}, [](const settings& s) { return s.depth; }).size() == 3);
  const auto middle = la::search::space<settings>{}.uniform<&settings::drop>(0, 0.5);
  CHECK(la::search::grid(middle, {.points = 1}, hill).best().settings.drop == 0.25f);
}

TEST_CASE("random search draws every axis in its range and evenly") {
  const auto found = la::search::random(everything, {.trials = 3000, .seed = la::seed{3}}, hill);
  REQUIRE(found.size() == 3000);
  check_sorted(found);
  double below = 0, drop = 0;
  std::map<std::size_t, int> batch_sizes;
  std::map<int, int> depths;
  std::map<std::string, int> optimizers;
  for (const auto& one : found) {
    const settings& s = one.settings;
    CHECK(s.rate >= 1e-4);
    CHECK(s.rate <= 1e-1);
    below += s.rate < 1e-3, drop += static_cast<double>(s.drop) / 3000;
    ++batch_sizes[s.batch_size], ++depths[s.depth], ++optimizers[s.optimizer];
    CHECK(s.untouched == 7);
    CHECK(one.score == hill(s));
  }
  CHECK(below == Approx(1000).epsilon(0.1)); // a third of the decades
  CHECK(drop == Approx(0.25).epsilon(0.03));
  CHECK(batch_sizes.size() == 3);
  CHECK(depths.size() == 5);
  CHECK(depths.begin()->first == -1);
  CHECK(depths.rbegin()->first == 3);
  for (const auto& [depth, count] : depths) CHECK(count == Approx(600).epsilon(0.15));
  for (const auto& [size, count] : batch_sizes) CHECK(count == Approx(1000).epsilon(0.1));
  CHECK(optimizers["sgd"] == Approx(1500).epsilon(0.1));
}

TEST_CASE("a search is a function of its seed, and its first trials do not depend on how many follow") {
  const auto ten = as_run(la::search::random(everything, {.trials = 10, .seed = la::seed{5}}, hill));
  const auto twenty = as_run(la::search::random(everything, {.trials = 20, .seed = la::seed{5}}, hill));
  const auto other = as_run(la::search::random(everything, {.trials = 10, .seed = la::seed{6}}, hill));
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(ten[i].place == twenty[i].place);
    CHECK(ten[i].row == twenty[i].row);
    CHECK(ten[i].score == twenty[i].score);
    CHECK(ten[i].settings.rate != other[i].settings.rate);
  }
  const la::search::coarse_to_fine_options options{.rounds = 3, .trials = 5, .seed = la::seed{5}};
  const auto once = as_run(la::search::coarse_to_fine(everything, options, hill)),
             again = as_run(la::search::coarse_to_fine(everything, options, hill));
  for (std::size_t i = 0; i < 15; ++i) CHECK(once[i].place == again[i].place);
  for (std::size_t i = 0; i < 5; ++i) CHECK(once[i].place == ten[i].place); // the first round is random search
}

TEST_CASE(
    "coarse to fine shrinks the ranges around the best so far, leaves choices open, and comes nearer than chance") {
  const auto space = la::search::space<settings>{}
                         .log_uniform<&settings::rate>(1e-4, 1e-1)
                         .choice<&settings::batch_size>({16, 32, 64})
                         .uniform<&settings::drop>(0, 0.5);
  double nearer = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto found =
        la::search::coarse_to_fine(space, {.rounds = 4, .trials = 10, .shrink = 0.4, .seed = la::seed{seed}}, hill);
    REQUIRE(found.size() == 40);
    check_sorted(found);
    const auto all = as_run(found);
    for (std::size_t round = 1; round < 4; ++round) {
      std::size_t best = 0;
      for (std::size_t i = 0; i < 10 * round; ++i)
        if (all[i].score > all[best].score) best = i;
      const double width = std::pow(0.4, static_cast<double>(round));
      std::set<std::size_t> batch_sizes;
      for (std::size_t i = 10 * round; i < 10 * round + 10; ++i) {
        for (const std::size_t axis : {0u, 2u}) {
          const double center = std::clamp(all[best].place[axis], width / 2, 1 - width / 2);
          CHECK(std::abs(all[i].place[axis] - center) <= width / 2 + 1e-12);
        }
        batch_sizes.insert(all[i].settings.batch_size);
      }
      CHECK(batch_sizes.size() > 1);
    }
    nearer += found.best().score > la::search::random(space, {.trials = 40, .seed = la::seed{seed}}, hill).best().score;
  }
  CHECK(nearer >= 15);
}

TEST_CASE("network types are searched like settings, alone and with them") {
  std::vector<std::size_t> sizes;
  const auto alone = la::search::over<small, large>([&]<class Net>() {
    sizes.push_back(Net::parameter_count);
    return Net::parameter_count;
  });
  CHECK(sizes == std::vector<std::size_t>{small::parameter_count, large::parameter_count});
  CHECK(alone.best().network.find("large") != std::string::npos);
  CHECK(alone[1].network.find("small") != std::string::npos);

  const auto space = la::search::space<settings, small, large>{}.choice<&settings::depth>({1, 2, 3});
  const auto score = []<class Net>(const settings& s) {
    return static_cast<double>(Net::parameter_count) + 1000 * s.depth;
  };
  const auto both = la::search::grid(space, {}, score);
  CHECK(both.size() == 6);
  CHECK(both.best().settings.depth == 3);
  CHECK(both.best().score == large::parameter_count + 3000);
  CHECK(la::search::random(space, {.trials = 30}, score).best().score == large::parameter_count + 3000);
  std::set<std::string> late; // networks stay open to the end
  for (const auto& one : la::search::coarse_to_fine(space, {.rounds = 3, .trials = 10}, score))
    if (one.number > 20) late.insert(one.network);
  CHECK(late.size() == 2);
}

TEST_CASE("a search that trains: networks and rates on a task that the small one cannot do") {
  la::dataset<la::label> data{2};
  for (std::uint64_t m = 0; m < 240; ++m) {
    const auto p = drawn<float>(2, m);
    data.push_back(p, la::label{(p[0] > 0) != (p[1] > 0)});
  }
  const auto [train, test] = data.split([](std::size_t i) { return i % 3 != 0; });
  const auto space = la::search::space<settings, small, large>{}
                         .log_uniform<&settings::rate>(1e-4, 1e-1)
                         .choice<&settings::batch_size>({8, 16});
  const auto score = [&, &train = train, &test = test]<class Net>(const settings& s) {
    la::model<Net> model{la::seed{1}};
    la::trainer{model, la::softmax_cross_entropy{}, la::adam{.learning_rate = s.rate}}.fit(
        train, {.epochs = 30, .batch_size = s.batch_size});
    return la::accuracy(model, test);
  };
  const auto found = la::search::random(space, {.trials = 16, .seed = la::seed{1}}, score);
  CHECK(found.best().score > 0.9);
  CHECK(found.best().network.find("large") != std::string::npos);
  CHECK(found.best().settings.rate > 1e-3);
  for (const auto& one : found)
    if (one.network.find("small") != std::string::npos) CHECK(one.score < 0.75);
}

TEST_CASE("the table has a row for each trial and a column for all that was searched") {
  const auto found = la::search::random(everything, {.trials = 4, .seed = la::seed{2}}, hill);
  std::ostringstream text;
  text << found;
  INFO(text.str());
  std::istringstream lines{text.str()};
  std::string line;
  REQUIRE(std::getline(lines, line));
  std::istringstream words{line};
  std::vector<std::string> heading;
  for (std::string word; words >> word;) heading.push_back(word);
  CHECK(heading == std::vector<std::string>{"score", "seconds", "trial", "rate", "batch_size", "drop", "depth",
                                            "optimizer", "shuffled", "sort"});
  std::size_t rows = 0;
  for (std::size_t width = 0; std::getline(lines, line); ++rows) {
    CHECK((rows == 0 || line.size() == width));
    width = line.size();
    CHECK(line.find(found[rows].settings.optimizer) != std::string::npos);
    CHECK(line.find(found[rows].settings.shuffled ? "true" : "false") != std::string::npos);
    CHECK(line.find(found[rows].settings.sort == kind::plain ? "choice 0" : "choice 1") != std::string::npos);
  }
  CHECK(rows == 4);
  const auto names = la::search::over<small, large>([]<class Net>() { return 1; });
  CHECK(names.table().find("network") != std::string::npos);
  CHECK(names.table().find("large") != std::string::npos);
}

TEST_CASE("a library's own optimizer is settings too") {
  const auto space = la::search::space<la::adam>{{.beta1 = 0.8}}
                         .log_uniform<&la::adam::learning_rate>(1e-4, 1e-1)
                         .choice<&la::adam::beta2>({0.9, 0.999});
  const auto found =
      la::search::grid(space, {.points = 3}, [](const la::adam& a) { return a.learning_rate + a.beta2; });
  CHECK(found.size() == 6);
  CHECK(found.best().settings.learning_rate == 0.1);
  CHECK(found.best().settings.beta1 == 0.8);
  CHECK(found.table().find("learning_rate") != std::string::npos);
  CHECK(found.table().find("0.999") != std::string::npos);
}

TEST_CASE("training that does not stay finite is a trial without a score; other errors end the search") {
  const auto space = la::search::space<settings>{}.integer<&settings::depth>(1, 6);
  const auto found = la::search::grid(space, {.points = 6}, [](const settings& s) {
    if (s.depth == 2) throw la::training_error("diverged");
    return s.depth == 4 ? std::numeric_limits<double>::quiet_NaN() : -s.depth;
  });
  CHECK(found.best().settings.depth == 1);
  CHECK(found.size() == 6);
  CHECK(std::isnan(found[4].score));
  CHECK(std::isnan(found[5].score));
  CHECK(found[3].settings.depth == 6);
  const auto failing = [](const settings&) -> double { throw la::training_error("diverged"); };
  const auto none = la::search::coarse_to_fine(space, {.rounds = 2, .trials = 3}, failing);
  CHECK(none.size() == 6);
  CHECK_FALSE(none.any());
  CHECK(message_of<la::training_error>([&] { (void)none.best(); }) ==
        "search: expected a trial whose training stays finite, got none among 6");
  CHECK_THROWS_AS(la::search::grid(space, {}, [](const settings&) -> double { throw la::argument_error("no"); }),
                  la::argument_error);
}

TEST_CASE("empty ranges, no choices and no trials are refused with their names and numbers") {
  const auto said = [](auto action) { return message_of<la::argument_error>(action); };
  const la::search::space<settings> space{};
  CHECK(said([&] { space.log_uniform<&settings::rate>(0, 1); }) ==
        "search: range of rate: expected a finite number above 0 and a larger one, got 0.000000 and 1.000000");
  CHECK(said([&] { space.uniform<&settings::drop>(0.5, 0.5); }) ==
        "search: range of drop: expected a finite number and a larger one, got 0.500000 and 0.500000");
  CHECK(said([&] { space.integer<&settings::depth>(4, 3); }) ==
        "search: range of depth: expected a whole number that the setting can be and a larger one, got 4.000000 and "
        "3.000000");
  CHECK(said([&] { space.integer<&settings::batch_size>(-4, 3); }).find("got -4.000000") != std::string::npos);
  CHECK(said([&] { space.integer<&settings::depth>(0, std::int64_t{1} << 40); }).find("depth") != std::string::npos);
  CHECK(said([&] { space.choice<&settings::batch_size>({}); }) ==
        "search: choices of batch_size: expected at least 1, got 0");
  constexpr double infinity = std::numeric_limits<double>::infinity(), no = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [low, high] :
       {std::pair{0.0, infinity}, {-infinity, 0.0}, {no, 1.0}, {0.0, no}, {-1e308, 1.7e308}}) {
    CHECK(said([&, low = low, high = high] { space.uniform<&settings::rate>(low, high); }).find("rate") !=
          std::string::npos);
    CHECK(said([&, low = low, high = high] { space.log_uniform<&settings::rate>(low, high); }).find("rate") !=
          std::string::npos);
  }
  const auto one = space.uniform<&settings::rate>(0, 1);
  CHECK(said([&] { la::search::random(one, {.trials = 0}, hill); }) ==
        "search::random: trials: expected at least 1, got 0");
  CHECK(said([&] { la::search::grid(one, {.points = 0}, hill); }) ==
        "search::grid: points: expected at least 1, got 0");
  CHECK(said([&] { la::search::coarse_to_fine(one, {.rounds = 0}, hill); }) ==
        "search::coarse_to_fine: rounds: expected at least 1, got 0");
  CHECK(said([&] { la::search::coarse_to_fine(one, {.trials = 0}, hill); }) ==
        "search::coarse_to_fine: trials: expected at least 1, got 0");
  CHECK(said([&] { la::search::coarse_to_fine(one, {.shrink = 1.5}, hill); }).find("shrink") != std::string::npos);
}
