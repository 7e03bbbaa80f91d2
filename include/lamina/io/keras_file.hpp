#pragma once
#include <cmath>
#include <concepts>
#include <cstddef>
#include <lamina/core/error.hpp>
#include <lamina/core/shape_text.hpp>
#include <lamina/core/text.hpp>
#include <lamina/data/byte_source.hpp>
#include <lamina/io/json.hpp>
#include <lamina/io/keras_layers.hpp>
#include <lamina/io/keras_layout.hpp>
#include <lamina/io/model_file.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina {

namespace detail {

/// Reads the layers of a file and pairs them with those of a network; numbers are kept until all of them are right.
template <class Model> class keras_reader {
public:
  struct loaded {
    std::string_view name;
    std::vector<double> numbers;
  };

  template <class Source>
  explicit keras_reader(Source& source)
      : name_{source.name()}, file_{read_json(source)},
        wanted_{keras_layers<typename Model::network>(typename Model::network::leaves{})} {}

  /// Every parameter's numbers in PyTorch's layout.
  std::vector<loaded> read() {
    constexpr dimensions input = Model::network::input_shape;
    const json& layers = member(file_, "layers", "the file");
    where_ = ": in_shape";
    if (const std::size_t features = last_of(member(file_, "in_shape", "the file")); features != input.last())
      fail(joined_text({input.last(), " features"}), features);
    where_ = ": layers";
    if (layers.kind != json::is::array || !layers.numbers.empty()) fail("an array of layers", "something else");
    for (std::size_t i = 0; i < layers.size(); ++i) {
      where_ = ": layer " + std::to_string(i);
      read_layer(layers.items[i]);
    }
    where_ = ": layer " + std::to_string(layers.size());
    if (next_ != wanted_.size()) fail(described(), "the end of the layers");
    return std::move(found_);
  }

private:
  [[noreturn]] void fail(const piece& expected, const piece& got) const {
    throw file_error(expected_got(joined_text({name_, where_}), expected, got));
  }
  const json& member(const json& object, const char* key, const char* of) const {
    if (object.kind != json::is::object) fail(joined_text({"an object, ", of}), "something else");
    const json* const found = object.find(key);
    if (!found) fail(joined_text({"\"", key, "\""}), "none");
    return *found;
  }
  // A string of a layer; empty where it has none of that name.
  std::string text(const json& layer, const char* key) const {
    const json* const found = layer.find(key);
    if (found && found->kind != json::is::string) fail(joined_text({"a string \"", key, "\""}), "something else");
    return found ? found->text : std::string{};
  }
  // A size, or the last of several; shapes may begin with null, which stands for any batch.
  std::size_t last_of(const json& value) const {
    const double last = value.numbers.empty() ? value.number : value.numbers.back();
    if (!(last >= 0 && last <= 1e15) || last != std::floor(last)) fail("a size", "something else");
    return static_cast<std::size_t>(last);
  }
  void require_size(const json& layer, const char* key, std::size_t expected) const {
    const json* const found = layer.find(key);
    if (!found) return;
    if (const std::size_t got = last_of(*found); got != expected) fail(joined_text({key, " ", expected}), got);
  }
  /// The network's next layer, in words.
  std::string described() const {
    if (next_ == wanted_.size()) return "the end of the layers";
    const keras_layer& next = wanted_[next_];
    return joined_text({next.kind.empty() ? "a layer that such files do not have" : next.kind,
                        ", as the network's layer ", next.where->name.view()});
  }
  /// Goes on to the network's next layer, which is to be of this kind.
  const keras_layer& take(std::string_view kind, bool activation) {
    if (next_ == wanted_.size() || kind.empty() || wanted_[next_].kind != kind ||
        wanted_[next_].is_activation() != activation)
      fail(described(), printable(kind));
    return wanted_[next_++];
  }

  void read_layer(const json& layer) {
    if (layer.kind != json::is::object) fail("an object, a layer", "something else");
    std::string kind = text(layer, "type");
    const std::string activation = text(layer, "activation");
    if (kind == "time-distributed-dense") kind = "dense";
    if (kind != "activation") read_weights(layer, take(kind, false));
    where_ += " (" + kind + ")";
    if (kind == "gru" || kind == "lstm") {
      if (!activation.empty() && activation != "tanh") fail("activation tanh", printable(activation));
    } else if (!activation.empty() && activation != "linear") {
      take(activation, true);
    }
  }

  void read_weights(const json& layer, const keras_layer& wanted) {
    std::vector<std::vector<std::size_t>> shapes;
    for (std::size_t i = 0; i < wanted.where->parameters; ++i) {
      const dimensions& shape = Model::parameters[wanted.where->first_parameter + i].shape;
      shapes.emplace_back(shape.extent, shape.extent + shape.rank);
    }
    if (wanted.groups != 1) fail("a convolution of groups, which such files do not have", "another one");
    require_size(layer, "shape", wanted.where->out.last());
    if (wanted.kind == "conv1d") {
      require_size(layer, "kernel_size", shapes[0].back());
      require_size(layer, "dilation", wanted.dilation);
      require_size(layer, "groups", 1);
    }
    const std::vector<std::vector<std::size_t>> expected = keras_shapes(wanted.kind, std::move(shapes));
    const json& weights = member(layer, "weights", "a layer");
    if (weights.kind != json::is::array || weights.items.size() != expected.size())
      fail(joined_text({expected.size(), " arrays of weights"}), weights.items.size());
    std::vector<keras_array> arrays;
    const std::string layer_name = where_;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      where_ = layer_name + ", weights " + std::to_string(i);
      arrays.push_back({expected[i], {}});
      read_numbers(weights.items[i], expected[i], 0, arrays.back().numbers);
    }
    where_ = layer_name;
    std::vector<keras_array> parameters = from_keras(wanted.kind, std::move(arrays));
    for (std::size_t i = 0; i < parameters.size(); ++i)
      found_.push_back(
          {Model::parameters[wanted.where->first_parameter + i].name.view(), std::move(parameters[i].numbers)});
  }

  // As deep as the shape is long, whatever the file holds.
  void read_numbers(const json& value, const std::vector<std::size_t>& shape, std::size_t axis,
                    std::vector<double>& numbers) const {
    const bool innermost = axis + 1 == shape.size();
    const std::size_t count = innermost ? value.numbers.size() : value.items.size();
    if (count != shape[axis] || value.size() != count) {
      const piece found = value.kind != json::is::array ? "no array"
                          : value.size() != count       ? piece{"something else"}
                                                        : piece{count};
      fail(joined_text({"shape ", shape_text(shape)}), joined_text({found, " along axis ", axis}));
    }
    if (!innermost)
      for (const json& one : value.items) read_numbers(one, shape, axis + 1, numbers);
    constexpr auto most = static_cast<double>(std::numeric_limits<typename Model::scalar>::max());
    for (const double number : value.numbers) {
      if (!(std::abs(number) <= most))
        fail(joined_text({"shape ", shape_text(shape), " of finite numbers"}),
             joined_text({"another one at ", numbers.size()}));
      numbers.push_back(number);
    }
  }

  std::string name_, where_{};
  json file_;
  std::vector<keras_layer> wanted_;
  std::size_t next_ = 0;
  std::vector<loaded> found_{};
};

} // namespace detail

/// Loads a model's parameters from a JSON file as RTNeural takes them, written from Keras: layers "dense",
/// "time-distributed-dense", "conv1d", "gru", "lstm" and "activation", each with its "activation". They become
/// `dense` or `per_step<dense>`, `causal_conv1d`, `gru` and `lstm`, and `tanh`, `relu`, `sigmoid`, `elu<>` and
/// `softmax`; the network has these layers in the file's order, and others only such as change no number (`flatten`,
/// `dropout`). Layouts and the order of gates are turned into the network's (io/keras_layout.hpp).
/// Errors: `file_error` naming the file and the layer, counted from 0: no JSON, another layer or activation than the
/// network's, weights of another shape, dilation or number; the model is as it was.
/// Source: RTNeural (github.com/jatinchowdhury18/RTNeural), python/model_utils.py and RTNeural/model_loader.h.
/// Example: `lamina::load_keras(model, "amplifier.json");`
template <HasParameters Model> void load_keras(Model& model, const std::convertible_to<std::string> auto& path) {
  gzip_source source{path};
  for (const auto& [name, numbers] : detail::keras_reader<Model>{source}.read()) {
    auto&& view = model.parameter(name);
    for (std::size_t i = 0; i < numbers.size(); ++i) view[i] = static_cast<typename Model::scalar>(numbers[i]);
  }
}

} // namespace lamina
