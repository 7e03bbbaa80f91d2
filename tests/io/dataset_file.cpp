// Data sets in files: what is mapped is what was saved, in every use; a damaged file is refused before anything is
// used.
#include <bit>
#include <io/files.hpp>
#include <laws/support.hpp>
#include <zlib.h>

using namespace laws;

namespace {

la::dataset<la::label> labelled(std::size_t count) {
  la::dataset<la::label> data{6};
  const auto labels = drawn_labels(count, 3, 1);
  for (std::size_t m = 0; m < count; ++m) {
    std::vector<float> x = drawn<float>(6, m);
    x[labels[m].value] += 1;
    data.push_back(x, labels[m]);
  }
  return data;
}
la::dataset<la::values> table(std::size_t count) {
  la::dataset<la::values> data{6, 3};
  for (std::size_t m = 0; m < count; ++m) data.push_back(drawn<float>(6, m), drawn<float>(3, m + count));
  return data;
}

la::dataset<la::labels> sequences(std::size_t count) {
  la::dataset<la::labels> data{6, 3};
  for (std::size_t m = 0; m < count; ++m) data.push_back(drawn<float>(6, m), drawn_labels(3, 9, m));
  return data;
}

template <class Target> void check_same(const la::dataset<Target>& got, const la::dataset<Target>& expected) {
  REQUIRE(got.size() == expected.size());
  CHECK(got.input_size() == expected.input_size());
  CHECK(got.target_size() == expected.target_size());
  bool same = true;
  for (std::size_t i = 0; i < got.size(); ++i) {
    same = same && std::ranges::equal(got.input(i), expected.input(i));
    if constexpr (std::is_same_v<Target, la::label>)
      same = same && got.target(i) == expected.target(i);
    else
      same = same && std::ranges::equal(got.target(i), expected.target(i));
  }
  CHECK(same);
}

struct net : la::network<la::input<6>, la::dense<9>, la::tanh, la::dense<3>> {};

template <class Loss, class Target> auto trained(const la::dataset<Target>& data, Loss loss) {
  la::model<net> model{la::seed{1}};
  la::trainer trainer{model, loss, la::adam{.learning_rate = 0.01}};
  trainer.fit(data, {.epochs = 4, .batch_size = 7});
  return bytes_of(model);
}

/// The header of this content with the checksum it should have.
std::string signed_again(std::string bytes) {
  const auto sum = static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), 60));
  bytes.replace(60, 4, {reinterpret_cast<const char*>(&sum), 4});
  return bytes;
}
std::string with(std::string bytes, std::size_t at, std::uint64_t number, std::size_t width = 8) {
  bytes.replace(at, width, {reinterpret_cast<const char*>(&number), width});
  return signed_again(bytes);
}

} // namespace

TEST_CASE("a mapped data set is the one that was saved, and trains to the same bits") {
  const scratch_folder folder;
  const auto data = labelled(50);
  la::save_dataset(data, folder / "labels");
  CHECK(std::filesystem::file_size(folder / "labels") == 64 + 50 * 7 * 4);
  const auto mapped = la::map_dataset<la::label>(folder / "labels");
  check_same(mapped, data);
  CHECK(std::bit_cast<std::uintptr_t>(mapped.row(0)) % 64 == 0);
  CHECK(trained(mapped, la::softmax_cross_entropy{}) == trained(data, la::softmax_cross_entropy{}));

  const auto numbers = table(33);
  la::save_dataset(numbers, folder / "numbers");
  const auto mapped_numbers = la::map_dataset<la::values>(folder / "numbers");
  check_same(mapped_numbers, numbers);
  CHECK(trained(mapped_numbers, la::mean_squared_error{}) == trained(numbers, la::mean_squared_error{}));

  const auto rows = sequences(21);
  la::save_dataset(rows, folder / "rows");
  CHECK(std::filesystem::file_size(folder / "rows") == 64 + 21 * 9 * 4);
  check_same(la::map_dataset<la::labels>(folder / "rows"), rows);
  CHECK(message_of([&] { (void)la::map_dataset<la::label>(folder / "rows"); }) ==
        (folder / "rows") + ": byte 12: expected labels as targets, got rows of labels as targets");
  la::dataset_writer<la::labels> writer{folder / "written", 6, 3};
  for (const auto& [input, target] : rows) writer.push_back(input, target);
  writer.commit();
  CHECK(content_of(folder / "written") == content_of(folder / "rows"));

  la::save_dataset(la::dataset<la::label>{6}, folder / "empty");
  CHECK(la::map_dataset<la::label>(folder / "empty").empty());
  CHECK(folder.files() == 5);
}

TEST_CASE("views of a mapped data set share the mapping, which lives as long as they do") {
  const scratch_folder folder;
  const auto data = labelled(40);
  const auto third = [](std::size_t i) { return i % 3 == 0; };
  la::save_dataset(data, folder / "data");
  auto [first, second] = la::map_dataset<la::label>(folder / "data").split(third); // the whole one is gone
  std::filesystem::remove(folder / "data");                                        // a mapping keeps the file
  check_same(first, data.split(third).first);
  check_same(second.take(5), data.split(third).second.take(5));
  CHECK(first.row(1) - first.row(0) == 18);
  CHECK(trained(second, la::softmax_cross_entropy{}) == trained(data.split(third).second, la::softmax_cross_entropy{}));

  // Views are saved as what they show.
  la::save_dataset(second, folder / "second");
  check_same(la::map_dataset<la::label>(folder / "second"), second);

  // A push_back copies what is in view into memory; others see nothing of it.
  auto grown = la::map_dataset<la::label>(folder / "second");
  const auto other = grown;
  for (int i = 0; i < 20; ++i) grown.push_back(grown.input(3), la::label{2});
  CHECK(grown.size() == second.size() + 20);
  check_same(grown.take(second.size()), second);
  CHECK(std::ranges::equal(grown.input(second.size() + 19), second.input(3)));
  check_same(other, second);

  // Also where nobody else has the mapping.
  auto alone = la::map_dataset<la::label>(folder / "second");
  alone.push_back(alone.input(3), la::label{2});
  check_same(alone.take(second.size()), second);
  CHECK(std::ranges::equal(alone.input(second.size()), second.input(3)));
}

TEST_CASE("a file is replaced while its old content is mapped") {
  const scratch_folder folder;
  la::save_dataset(labelled(40), folder / "data");
  const auto old = la::map_dataset<la::label>(folder / "data");
  la::save_dataset(labelled(10), folder / "data");
  check_same(old, labelled(40));
  check_same(la::map_dataset<la::label>(folder / "data"), labelled(10));
}

TEST_CASE("a writer writes, sample by sample, what save_dataset writes") {
  const scratch_folder folder;
  const auto data = labelled(30);
  const auto numbers = table(30);
  la::save_dataset(data, folder / "labels");
  la::save_dataset(numbers, folder / "numbers");
  {
    la::dataset_writer<la::label> writer{folder / "labels written", 6};
    for (const auto& [input, target] : data) writer.push_back(input, target);
    CHECK(writer.size() == 30);
    CHECK_FALSE(std::filesystem::exists(folder / "labels written"));
    CHECK(message_of<la::argument_error>([&] { writer.push_back(data.input(0).first(5), la::label{0}); }) ==
          "dataset_writer: input of sample 30: expected 6 numbers, got 5");
    writer.commit();
  }
  {
    la::dataset_writer<la::values> writer{folder / "numbers written", 6, 3};
    for (const auto& [input, target] : numbers) writer.push_back(input, target);
    CHECK(message_of<la::argument_error>([&] { writer.push_back(numbers.input(0), numbers.input(0)); }) ==
          "dataset_writer: target of sample 30: expected 3 numbers, got 6");
    writer.commit();
  }
  CHECK(content_of(folder / "labels written") == content_of(folder / "labels"));
  CHECK(content_of(folder / "numbers written") == content_of(folder / "numbers"));
  la::dataset_writer<la::label>{folder / "labels", 6}; // never committed
  check_same(la::map_dataset<la::label>(folder / "labels"), data);
  CHECK(folder.files() == 4);
  CHECK(message_of<la::argument_error>([&] { la::dataset_writer<la::label>{folder / "x", 0}; }) ==
        "dataset_writer: input size: expected at least 1, got 0");
  CHECK(message_of<la::argument_error>([&] { la::dataset_writer<la::values>{folder / "x", 1, 0}; }) ==
        "dataset_writer: target size: expected at least 1, got 0");
  CHECK(folder.files() == 4);
}

TEST_CASE("a damaged file is refused: its name, where, what was expected and what came") {
  const scratch_folder folder;
  la::save_dataset(labelled(5), folder / "good");
  const std::string good = content_of(folder / "good"), path = folder / "bad";
  const auto message = [&](const std::string& bytes) {
    folder.write("bad", bytes);
    const std::string text = message_of([&] { (void)la::map_dataset<la::label>(path); });
    return text.starts_with(path + ": ") ? text.substr(path.size() + 2) : text;
  };
  CHECK(message(good) == "nothing was thrown");
  CHECK(signed_again(good) == good);
  CHECK(message("") == "size: expected at least 64 bytes, got 0");
  CHECK(message(good.substr(0, 63)) == "size: expected at least 64 bytes, got 63");
  CHECK(message("P5" + good) == "byte 0: expected LAMINADS, a data set that lamina saved, got something else");
  CHECK(message(with(good, 8, 2, 4)) == "byte 8: expected version 1, got 2");
  CHECK(message(with(good, 12, 1, 4)) == "byte 12: expected labels as targets, got numbers as targets");
  CHECK(message(with(good, 12, 7, 4)) == "byte 12: expected labels as targets, got an unknown kind of targets");
  CHECK(message(with(good, 24, 0)) == "byte 24: expected an input size of at least 1, got 0");
  CHECK(message(with(good, 32, 2)) == "byte 32: expected 1 label a sample, got 2");
  CHECK(message(with(good, 16, 6)) == "size: expected 232 bytes for 6 samples of 6 and 1, got 204");
  const std::string too_large = "byte 16: expected counts of a file that can be, got more bytes than can be counted";
  for (const std::uint64_t huge : {~std::uint64_t{0}, std::uint64_t{1} << 62, std::uint64_t{1} << 59}) {
    CHECK(message(with(good, 16, huge)) == too_large);
    CHECK(message(with(with(good, 16, huge), 24, huge)) == too_large);
  }
  // A product that wraps around to the true size: 4 · 5 · 7 bytes and a multiple of 2⁶⁴.
  CHECK(message(with(with(good, 16, std::uint64_t{1} << 61), 24, 7)) == too_large);
  CHECK(message(good + "x") == "size: expected 204 bytes for 5 samples of 6 and 1, got 205");
  for (std::size_t size = 64; size < good.size(); ++size)
    CHECK(message(good.substr(0, size)).starts_with("size: expected 204 bytes for 5 samples of 6 and 1, got "));
  // Every bit of the header.
  for (std::size_t bit = 0; bit < 8 * 64; ++bit) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    CHECK(message(flipped).find(": expected ") != std::string::npos);
  }
  CHECK(message_of([&] { (void)la::map_dataset<la::values>(folder / "good"); }) ==
        (folder / "good") + ": byte 12: expected numbers as targets, got labels as targets");
  CHECK(message_of([&] { (void)la::map_dataset<la::label>(folder / "none"); }) ==
        (folder / "none") + ": expected a readable file, got No such file or directory");
  CHECK(message_of([&] { (void)la::map_dataset<la::label>(folder.path()); }) ==
        folder.path() + ": expected a regular file, got something else");
  CHECK(message_of([&] { la::save_dataset(labelled(5), folder / "none" + "/data"); }).starts_with(folder / "none"));
}

TEST_CASE("numbers that stand elsewhere are a data set as long as their owner lives") {
  auto owner = std::make_shared<std::vector<float>>(drawn<float>(12, 1));
  const std::vector<la::label> labels(4);
  using set = la::dataset<la::label>;
  const set data{3, 1, *owner, labels, owner};
  CHECK(data.size() == 4);
  CHECK(data.row(2) == owner->data() + 6);
  CHECK(owner.use_count() == 2);
  CHECK(message_of<la::argument_error>([&] { set(5, 1, *owner, labels, owner); }) ==
        "dataset: inputs: expected 4 rows of 5, got 12 numbers");
  CHECK(message_of<la::argument_error>([&] { set(3, 1, *owner, labels, nullptr); }) ==
        "dataset: owner: expected what keeps the numbers, got none");
  CHECK(message_of<la::argument_error>([&] { set(3, 2, *owner, labels, owner); }) ==
        "dataset: target size: expected 1 label a sample, got 2");
}
