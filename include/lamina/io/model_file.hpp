#pragma once
#include <cstddef>
#include <lamina/core/shape.hpp>
#include <lamina/core/text.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/io/save_tensors.hpp>
#include <lamina/io/tensor_entry.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace lamina {

/// What `save` and `load` ask of a model: its parameters as data, and each by name as a view in row-major order.
template <class Model>
concept HasParameters = requires(const Model& model) {
  typename Model::scalar;
  Model::parameters;
  model.parameter(std::string_view{})[std::size_t{}];
};

/// The parameters of a model as tensors of a file.
template <HasParameters Model> [[gnu::cold]] std::vector<tensor_entry> tensor_entries() {
  std::vector<tensor_entry> entries;
  for (const auto& parameter : Model::parameters) {
    const dimensions shape = parameter.shape;
    entries.push_back({.name = std::string(std::string_view(parameter.name)),
                       .type = dtype_of<typename Model::scalar>,
                       .shape = {shape.extent, shape.extent + shape.rank}});
  }
  return entries;
}

/// Saves a model's parameters as a safetensors file, under PyTorch's names and in its layouts: the `state_dict` of the
/// equal `nn.Sequential`. The file is replaced as a whole or not at all.
/// Errors: `file_error` naming the file.
/// Example: `lamina::save(model, "digits.safetensors");`
template <HasParameters Model> [[gnu::noinline]] void save(const Model& model, const std::string& path) {
  const std::vector<tensor_entry> entries = tensor_entries<Model>();
  save_tensors(path, entries, [&](std::size_t t, tensor_sink& put) {
    const auto view = model.parameter(entries[t].name);
    for (std::size_t i = 0; i < entries[t].element_count(); ++i) put(view[i]);
  });
}

namespace detail {

/// What stands beside a `running_mean` in PyTorch's files, if it does.
inline const tensor_entry* batch_counter(const safetensors_file& file, std::string_view name) {
  constexpr std::string_view mean = "running_mean";
  if (!name.ends_with(mean)) return nullptr;
  return file.find(std::string{name.substr(0, name.size() - mean.size())}.append("num_batches_tracked"));
}

/// Fills a view with the elements of a tensor. No cold function: there may be millions.
template <class Scalar, class View> void fill(View&& view, const safetensors_file& file, const tensor_entry& from) {
  for (std::size_t i = 0, count = from.element_count(); i < count; ++i) view[i] = file.element<Scalar>(from, i);
}

/// Adds to the expected tensors those that a file holds once more under another name, where layers share a weight.
/// Errors: `file_error` where one has other numbers than its first.
template <class Model>
[[gnu::cold]] void expect_second_names(const safetensors_file& file, const std::string& path,
                                       std::vector<tensor_entry>& expected) {
  if constexpr (requires { Model::second_names; })
    for (const auto& second : Model::second_names) {
      const tensor_entry* again = file.find(std::string{second.name.view()});
      if (!again) continue;
      tensor_entry wanted = expected[second.parameter];
      const tensor_entry* first = file.find(wanted.name);
      for (std::size_t i = 0; first && first->shape == again->shape && i < first->element_count(); ++i)
        if (file.element<double>(*again, i) != file.element<double>(*first, i))
          throw file_error(expected_got(joined_text({path, ": tensor ", again->name}),
                                        joined_text({"the numbers of ", wanted.name}), "others"));
      wanted.name = again->name;
      expected.push_back(wanted);
    }
}

} // namespace detail

/// Loads a model's parameters from a safetensors file, whose tensors must have the model's names and shapes, all of
/// them and no others. F32 and F64 are converted to the model's type. PyTorch's count of the batches that a batch norm
/// has seen (`num_batches_tracked`) may be there: with a fixed momentum nothing reads it. So may a weight that layers
/// share, under the names of those that use it as it is (`decoder.weight = encoder.weight`): with the same numbers.
/// Errors: `file_error` naming the file and the tensor; the model is as it was.
/// Example: `lamina::load(model, "digits.safetensors");`
template <HasParameters Model> [[gnu::noinline]] void load(Model& model, const std::string& path) {
  const std::vector<tensor_entry> entries = tensor_entries<Model>();
  const safetensors_file file{path};
  std::vector<tensor_entry> expected = entries;
  for (const tensor_entry& entry : entries)
    if (const tensor_entry* counter = detail::batch_counter(file, entry.name)) expected.push_back(*counter);
  detail::expect_second_names<Model>(file, path, expected);
  file.require_exactly(expected);
  for (const tensor_entry& entry : entries) {
    detail::fill<typename Model::scalar>(model.parameter(entry.name), file, *file.find(entry.name));
  }
}

} // namespace lamina
