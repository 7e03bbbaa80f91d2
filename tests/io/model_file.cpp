#include <array>
#include <catch.hpp>
#include <cstring>
#include <filesystem>
#include <io/files.hpp>
#include <lamina/io/model_file.hpp>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace {

// The least that save and load ask for.
struct described {
  std::string_view name;
  lamina::dimensions shape;
};

template <class Scalar> struct small_model {
  using scalar = Scalar;
  static constexpr std::array<described, 3> parameters{
      {{"0.weight", lamina::shape<2, 3>}, {"0.bias", lamina::shape<2>}, {"2.weight", lamina::shape<1, 2, 2, 2>}}};
  std::map<std::string, std::vector<Scalar>> blocks{
      {"0.weight", std::vector<Scalar>(6)}, {"0.bias", std::vector<Scalar>(2)}, {"2.weight", std::vector<Scalar>(8)}};
  std::vector<Scalar>& parameter(std::string_view name) { return blocks.at(std::string(name)); }
  const std::vector<Scalar>& parameter(std::string_view name) const { return blocks.at(std::string(name)); }
  void fill(double first) {
    for (auto& [name, block] : blocks)
      for (Scalar& value : block) value = static_cast<Scalar>(first = first * 1.37 + 0.1);
  }
};

struct other_shape {
  using scalar = float;
  static constexpr described parameters[]{{"0.weight", lamina::shape<3, 2>}, {"0.bias", lamina::shape<2>}};
  std::vector<float> block = std::vector<float>(6, 7.0f);
  std::vector<float>& parameter(std::string_view) { return block; }
  const std::vector<float>& parameter(std::string_view) const { return block; }
};

// With the running statistics of a batch norm.
struct normalized {
  using scalar = float;
  static constexpr described parameters[]{{"1.running_mean", lamina::shape<2>}};
  std::vector<float> block = std::vector<float>(2);
  std::vector<float>& parameter(std::string_view) { return block; }
  const std::vector<float>& parameter(std::string_view) const { return block; }
};

} // namespace

TEMPLATE_TEST_CASE("save then load is the identity, bit for bit", "", float, double) {
  const scratch_folder folder;
  const std::string path = folder / "net.safetensors";
  small_model<TestType> saved, loaded;
  saved.fill(0.3);
  using limits = std::numeric_limits<TestType>;
  saved.blocks["2.weight"] = {limits::infinity(), -limits::infinity(), limits::denorm_min(), -TestType(0),
                              limits::max(),      limits::lowest(),    limits::epsilon(),    limits::quiet_NaN()};
  lamina::save(saved, path);
  lamina::load(loaded, path);
  for (const auto& [name, block] : saved.blocks) {
    INFO(name);
    CHECK(std::memcmp(block.data(), loaded.blocks[name].data(), block.size() * sizeof(TestType)) == 0);
  }
}

TEST_CASE("a float model loads a double file and the other way round") {
  const scratch_folder folder;
  small_model<double> wide, wide_again;
  small_model<float> narrow;
  wide.fill(0.7);
  lamina::save(wide, folder / "wide");
  lamina::load(narrow, folder / "wide");
  lamina::save(narrow, folder / "narrow");
  lamina::load(wide_again, folder / "narrow");
  for (const auto& [name, block] : wide.blocks)
    for (std::size_t i = 0; i < block.size(); ++i) {
      CHECK(narrow.blocks[name][i] == static_cast<float>(block[i]));
      CHECK(wide_again.blocks[name][i] == static_cast<double>(narrow.blocks[name][i]));
    }
}

TEST_CASE("load refuses another network's file and leaves the model as it was") {
  const scratch_folder folder;
  const std::string path = folder / "net.safetensors";
  small_model<float> model;
  model.fill(0.2);
  const auto before = model.blocks;
  const auto loading = [&] { return message_of([&] { lamina::load(model, path); }); };
  const auto save_with = [&](std::vector<lamina::tensor_entry> entries) {
    lamina::save_tensors(path, entries, [&](std::size_t t, lamina::tensor_sink& put) {
      for (std::size_t i = 0; i < entries[t].element_count(); ++i) put(1);
    });
  };
  auto entries = lamina::tensor_entries<small_model<float>>();

  CHECK(loading() == path + ": expected a readable file, got No such file or directory");
  lamina::save(other_shape{}, path);
  CHECK(loading() == path + ": tensor \"0.weight\": expected shape (2, 3), got (3, 2)");
  save_with({entries[0], entries[1]});
  CHECK(loading() == path + ": tensor \"2.weight\": expected a tensor of shape (1, 2, 2, 2), got none of that name");
  entries.push_back({.name = "3.bias", .shape = {5}});
  save_with(entries);
  CHECK(loading() == path + ": tensor \"3.bias\": expected no tensor of that name, got one of shape (5)");
  entries.pop_back();
  save_with(entries);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK(loading().find("expected 64 bytes of tensors, up to 64 for \"2.weight\", got 63") != std::string::npos);
  CHECK(model.blocks == before);

  save_with(entries);
  CHECK(loading() == "nothing was thrown");
  CHECK(model.blocks != before);
}

TEST_CASE("load passes over PyTorch's count of batches beside running statistics, and only there") {
  const scratch_folder folder;
  const std::string path = folder / "net.safetensors";
  normalized model;
  const auto loading = [&](const std::string& counter) {
    auto entries = lamina::tensor_entries<normalized>();
    entries.push_back({.name = counter, .type = lamina::dtype::i64});
    lamina::save_tensors(path, entries, [&](std::size_t t, lamina::tensor_sink& put) {
      for (std::size_t i = 0; i < entries[t].element_count(); ++i) put(7 + t + i);
    });
    return message_of([&] { lamina::load(model, path); });
  };
  CHECK(loading("2.num_batches_tracked").ends_with("expected no tensor of that name, got one of shape ()"));
  CHECK(loading("1.num_batches").ends_with("expected no tensor of that name, got one of shape ()"));
  CHECK(model.block == std::vector<float>{0, 0});
  CHECK(loading("1.num_batches_tracked") == "nothing was thrown");
  CHECK(model.block == std::vector<float>{7, 8});
}
