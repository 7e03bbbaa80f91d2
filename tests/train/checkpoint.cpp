// A checkpoint is the whole state of a training: four epochs and four more through a file are eight, to the bit, for
// every optimizer; what is no whole checkpoint of this trainer is refused and changes nothing.
#include <io/files.hpp>
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

// A narrow matrix, one of several panels, a softmax inside, no bias, names.
struct net : la::network<la::input<6>, la::dense<70>, la::tanh, la::dense<9, la::no_bias>, la::softmax,
                         la::named<"out", la::dense<1>>> {};
struct tiny : la::network<la::input<2>, la::dense<2>, la::relu, la::dense<1>> {};

// Tables within a panel and wider, gates, filters.
template <std::size_t Features>
struct words : la::network<la::token_input<4, 40>, la::embedding<Features>, la::gru<7>, la::dense<3>> {};
struct gates : la::network<la::input<5, 3>, la::lstm<16, la::return_sequence>, la::gru<24, la::return_sequence>,
                           la::jordan_rnn<5, la::return_sequence>, la::rnn<33>, la::dense<3>> {};
struct filters : la::network<la::input<3, 7, 6>, la::conv2d<5, la::kernel<3>>, la::relu, la::flatten, la::dense<18>> {};

template <class Net> la::dataset<la::values> points(std::size_t count) {
  la::dataset<la::values> data{Net::input_shape.size(), 1};
  for (std::size_t m = 0; m < count; ++m) {
    const std::vector<float> x = drawn<float>(Net::input_shape.size(), m);
    data.push_back(x, {x[0] * x[1] + x[0]});
  }
  return data;
}

/// A data set that is drawn anew in every epoch.
struct noisy : la::dataset<la::values> {
  void draw(std::size_t i, la::simd::random_stream stream, float* to) const {
    for (std::size_t k = 0; k < input_size(); ++k) to[k] = row(i)[k] + 0.1f * la::simd::uniform<float>(stream, k);
  }
};

/// A trainer and its model; `seed` is that of both.
template <class Net, class O, class T = float> struct run {
  la::model<Net, T> model;
  la::trainer<Net, T, la::heap, xsimd::default_arch, la::mean_squared_error, O, la::no_error> trainer;
  run(std::uint64_t seed, const O& optimizer)
      : model{la::seed{seed}}, trainer{model, la::mean_squared_error{}, optimizer} {}
};

template <class T = float, class O> void check_resumes(const std::string& name, const O& optimizer) {
  INFO(name);
  const scratch_folder folder;
  const noisy data{points<net>(41)};
  const auto test = points<net>(13); // 7 steps an epoch: two gradients wait after four epochs
  const la::fit_options<la::values> eight{.epochs = 8, .batch_size = 6, .validation = &test};
  const la::fit_options<la::values> four{.epochs = 4, .batch_size = 6, .validation = &test};
  run<net, O, T> whole{5, optimizer}, first{5, optimizer}, second{99, optimizer};
  const la::history past = whole.trainer.fit(data, eight);
  first.trainer.fit(data, four);
  first.trainer.save(folder / "half");
  second.trainer.fit(data, {.epochs = 1, .batch_size = 9, .validation = &test}); // used before, and for something else
  second.trainer.resume(folder / "half");
  CHECK(bytes_of(second.model) == bytes_of(first.model));
  CHECK(second.trainer.steps() == first.trainer.steps());
  CHECK(second.trainer.epochs() == 4);
  second.trainer.save(folder / "again");
  CHECK(image{content_of(folder / "again")} == image{content_of(folder / "half")});
  const la::history rest = second.trainer.fit(data, four);
  CHECK(bytes_of(second.model) == bytes_of(whole.model));
  CHECK(bytes_of(first.model) != bytes_of(whole.model));
  CHECK(second.trainer.steps() == whole.trainer.steps());
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(rest[i].epoch == past[4 + i].epoch);
    CHECK(rest[i].training_loss == past[4 + i].training_loss);
    CHECK(rest[i].validation_loss == past[4 + i].validation_loss);
  }
  CHECK(folder.files() == 2);
}

/// The parameters of a network go through a file and come back.
template <class Net> void check_comes_back() {
  INFO(la::describe<Net>());
  const scratch_folder folder;
  run<Net, la::sgd> first{5, {}}, second{99, {}};
  first.trainer.save(folder / "half");
  second.trainer.resume(folder / "half");
  CHECK(bytes_of(second.model) == bytes_of(first.model));
}
/// So do an optimizer's slots, and what an update makes of them.
template <class Net> void check_goes_on() {
  INFO(la::describe<Net>());
  const scratch_folder folder;
  const std::vector<float> inputs = drawn<float>(2 * Net::input_shape.size(), 1),
                           targets = drawn<float>(2 * Net::output_shape.size(), 2);
  run<Net, la::adam> first{5, {}}, second{99, {}};
  first.trainer.step(inputs, targets);
  first.trainer.save(folder / "half");
  second.trainer.resume(folder / "half");
  CHECK(bytes_of(second.model) == bytes_of(first.model));
  second.trainer.step(inputs, targets), first.trainer.step(inputs, targets);
  CHECK(bytes_of(second.model) == bytes_of(first.model));
}

using more_optimizers =
    list<entry<"adagrad", la::adagrad>, entry<"rmsprop", la::rmsprop>, entry<"adadelta", la::adadelta>,
         entry<"adamax", la::adamax>, entry<"nadam", la::nadam>, entry<"lion", la::lion>>;

} // namespace

TEST_CASE("a checkpoint: tables, gates and filters come back") {
  check_comes_back<words<5>>();
  check_comes_back<words<70>>();
  check_comes_back<filters>();
  check_goes_on<gates>();
}

TEST_CASE("four epochs and four more through a file are eight, bit for bit, for every optimizer") {
  for_each(optimizers{}, []<class E>() { check_resumes(E::text(), typename E::type{}); });
  for_each(more_optimizers{}, []<class E>() { check_resumes(E::text(), typename E::type{}); });
  check_resumes<double>("adam in double", la::adam{});
}

TEST_CASE("so they are for composed optimizers, whatever their parts remember") {
  check_resumes("schedules", la::adam{} | la::l2{1e-3} | la::linear_warmup{.steps = 10} |
                                 la::cosine_annealing{.steps = 40, .minimum = 1e-5});
  check_resumes("growing momentum", la::nesterov{} | la::growing_momentum{.maximum = 0.99, .period = 9});
  check_resumes("norm", la::momentum{} | la::l1{1e-3} | la::clip_by_global_norm{0.1} | la::weight_decay{});
  check_resumes("plateau", la::adamw{.learning_rate = 0.05} |
                               la::reduce_on_plateau{.factor = 0.5, .patience = 1, .threshold = 0.1});
  check_resumes("accumulate", la::adam{} | la::accumulate_gradients{3});
  check_resumes<double>("all at once", la::nadam{} | la::elastic_net{} | la::accumulate_gradients{5} |
                                           la::clip_by_global_norm{0.1} | la::max_norm{0.9} |
                                           la::reduce_on_plateau{.factor = 0.5, .patience = 0, .threshold = 0.1});
}

TEST_CASE("a checkpoint does not depend on the architecture, and single steps are resumed as well") {
  struct wider : la::network<la::input<3>, la::dense<21>, la::relu, la::dense<2>> {};
  const scratch_folder folder;
  const std::vector<float> x = drawn<float>(3 * 5, 1), t = drawn<float>(2 * 5, 2);
  la::model<wider> here{la::seed{1}};
  la::model<wider, float, la::heap, xsimd::sse2> elsewhere{la::seed{2}};
  la::trainer trainer{here, la::mean_squared_error{}, la::adam{}};
  la::trainer other{elsewhere, la::mean_squared_error{}, la::adam{}};
  for (int step = 0; step < 5; ++step) trainer.step(x, t);
  trainer.save(folder / "a");
  other.resume(folder / "a");
  CHECK(parameters_of(elsewhere) == parameters_of(here));
  other.save(folder / "b");
  CHECK(image{content_of(folder / "a")} == image{content_of(folder / "b")});
  CHECK(other.steps() == 5);
}

TEST_CASE("a checkpoint of another network, scalar, optimizer or content is refused, and nothing changed") {
  const scratch_folder folder;
  const std::string path = folder / "file";
  const auto data = points<tiny>(20);
  const auto refused = [&]<class Net = tiny, class O = la::adam, class T = float>(const O& optimizer = {}) {
    run<Net, O, T> resumed{3, optimizer};
    if constexpr (std::is_same_v<Net, tiny>) resumed.trainer.fit(data, {.epochs = 2});
    const image model = bytes_of(resumed.model);
    const std::size_t steps = resumed.trainer.steps(), epochs = resumed.trainer.epochs();
    resumed.trainer.save(folder / "before");
    const std::string text = message_of<la::file_error>([&] { resumed.trainer.resume(path); });
    resumed.trainer.save(folder / "after");
    CHECK(bytes_of(resumed.model) == model);
    CHECK(resumed.trainer.steps() == steps);
    CHECK(resumed.trainer.epochs() == epochs);
    CHECK(image{content_of(folder / "before")} == image{content_of(folder / "after")});
    CHECK(text.starts_with(path));
    return text.substr(std::min(text.size(), path.size()));
  };
  run<tiny, la::adam> saved{1, {}};
  saved.trainer.fit(data, {.epochs = 3});
  saved.trainer.save(path);

  struct other_activation : la::network<la::input<2>, la::dense<2>, la::tanh, la::dense<1>> {};
  struct other_size : la::network<la::input<2>, la::dense<3>, la::relu, la::dense<1>> {};
  struct other_input : la::network<la::input<3>, la::dense<2>, la::relu, la::dense<1>> {};
  struct renamed : la::network<la::input<2>, la::named<"a", la::dense<2>>, la::relu, la::dense<1>> {};
  CHECK(refused.operator()<other_activation>() == ": network: expected … \"tanh, dense<1>\", got … \"relu, dense<1>\"");
  CHECK(refused.operator()<other_size>().starts_with(": network: expected … \"dense<3>, relu"));
  CHECK(refused.operator()<other_input>().starts_with(": network: expected … \"dense<2>") == false);
  CHECK(refused.operator()<other_input>().starts_with(": network: expected \"input(3)"));
  CHECK(refused.operator()<renamed>() ==
        ": tensor \"model.a.weight\": expected a tensor of shape (2, 2), got none of that name");
  CHECK(refused.operator()<tiny, la::adam, double>() == ": tensor model.0.weight: expected F64, got F32");
  CHECK(refused(la::adamw{}) == ": optimizer: expected \"adamw\", got \"adam\"");
  CHECK(refused(la::adam{} | la::l2{}) == ": optimizer: expected \"composed<adam, l2>\", got \"adam\"");

  // Of another number of gradients to gather.
  run<tiny, decltype(la::adam{} | la::accumulate_gradients{4})> gathering{1, la::adam{} | la::accumulate_gradients{4}};
  for (int step = 0; step < 3; ++step) gathering.trainer.step(drawn<float>(2, 1), drawn<float>(1, 2));
  gathering.trainer.save(path);
  CHECK(refused(la::adam{} | la::accumulate_gradients{2}) == ": gathered gradients: expected fewer than 2, got 3");

  la::save(saved.model, path);
  CHECK(refused() == ": content: expected lamina checkpoint, got none");
  std::string next = (saved.trainer.save(path), content_of(path));
  next.replace(next.find("\"version\":\"1\""), 13, "\"version\":\"2\"");
  folder.write("file", next);
  CHECK(refused() == ": version: expected 1, got 2");
  folder.write("file", "");
  CHECK(refused() == ": byte 0: expected 8 bytes, the header's length, got 0");
  std::filesystem::remove(path);
  CHECK(refused().starts_with(": expected a readable file, got "));
}

TEST_CASE("a checkpoint with any bit flipped, cut anywhere or longer is refused, and nothing changed") {
  const scratch_folder folder;
  const auto data = points<tiny>(20);
  using optimizer = decltype(la::momentum{} | la::reduce_on_plateau{});
  run<tiny, optimizer> saved{1, la::momentum{} | la::reduce_on_plateau{}},
      resumed{2, la::momentum{} | la::reduce_on_plateau{}};
  saved.trainer.fit(data, {.epochs = 3, .validation = &data});
  resumed.trainer.fit(data, {.epochs = 1, .validation = &data});
  saved.trainer.save(folder / "file");
  resumed.trainer.save(folder / "before");
  const std::string whole = content_of(folder / "file");
  const image before{content_of(folder / "before")}, model = bytes_of(resumed.model);
  std::size_t accepted = 0, changed = 0;
  const auto try_with = [&](const std::string& bytes) {
    const std::string path = folder.write("file", bytes);
    const std::string text = message_of<la::file_error>([&] { resumed.trainer.resume(path); });
    accepted += !text.starts_with(path);
    changed += bytes_of(resumed.model) != model || resumed.trainer.epochs() != 1;
  };
  for (std::size_t byte = 0; byte < whole.size(); ++byte)
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
      try_with(flipped);
    }
  for (std::size_t length = 0; length < whole.size(); ++length) try_with(whole.substr(0, length));
  try_with(whole + '\0');
  CHECK(accepted == 0);
  CHECK(changed == 0);
  resumed.trainer.save(folder / "after");
  CHECK(image{content_of(folder / "after")} == before);
  resumed.trainer.resume(folder.write("file", whole)); // the one that is whole
  CHECK(bytes_of(resumed.model) == bytes_of(saved.model));
}

TEST_CASE("a checkpoint that cannot be written is refused and the old one stays") {
  const scratch_folder folder;
  run<tiny, la::adam> training{1, {}};
  const std::string path = folder / "no_such_folder/file";
  CHECK(message_of([&] { training.trainer.save(path); }).starts_with(path + ": expected a folder to create a file in"));
  const auto data = points<tiny>(20);
  const image before = bytes_of(training.model);
  CHECK(message_of([&] { training.trainer.fit(data, {}, la::checkpoint{path}); }).starts_with(path));
  CHECK(bytes_of(training.model) == before);
}
