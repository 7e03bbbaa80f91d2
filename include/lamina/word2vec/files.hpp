#pragma once
#include <cstddef>
#include <string>

#include <lamina/io/safetensors.hpp>
#include <lamina/io/save_tensors.hpp>
#include <lamina/word2vec/word2vec.hpp>

namespace lamina {

namespace detail {

template <std::size_t D, class T, class Arch> tensor_entry word2vec_entry(const word2vec<D, T, Arch>& words) {
  return {.name = "weight", .type = dtype_of<T>, .shape = {words.size(), D}};
}

} // namespace detail

/// Saves the vectors of words as a safetensors file, a tensor "weight" (words, dimension): the `state_dict` of the
/// equal `nn.Embedding`. The file is replaced as a whole or not at all. Errors: `file_error` naming the file.
/// Example: `lamina::save(words, "words.safetensors");`
template <std::size_t D, class T, class Arch> void save(const word2vec<D, T, Arch>& words, const std::string& path) {
  const tensor_entry weight = detail::word2vec_entry(words);
  save_tensors(path, {&weight, 1}, [&](std::size_t, tensor_sink& put) {
    for (std::uint32_t token = 0; token < words.size(); ++token) put.elements(std::span<const T>{words.vector(token)});
  });
}

/// Loads vectors from such a file, for as many words of as many numbers; output vectors stay as they are.
/// Errors: `file_error` naming the file and what is missing or of another shape; nothing is changed then.
/// Example: `lamina::load(words, "words.safetensors");`
template <std::size_t D, class T, class Arch> void load(word2vec<D, T, Arch>& words, const std::string& path) {
  const safetensors_file file{path};
  const tensor_entry weight = detail::word2vec_entry(words);
  file.require_exactly({&weight, 1});
  const tensor_entry& found = *file.find("weight");
  const auto embedding = words.embedding();
  for (std::size_t i = 0; i < embedding.size(); ++i) embedding[i] = file.element<T>(found, i);
}

} // namespace lamina
