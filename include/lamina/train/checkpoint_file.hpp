#pragma once
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <lamina/io/checksummed_file.hpp>
#include <lamina/io/model_file.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/io/save_tensors.hpp>
#include <lamina/network/describe.hpp>
#include <lamina/simd/unpack.hpp>
#include <lamina/train/trainer.hpp>

/// A checkpoint: a safetensors file with everything a training goes on from.
///
///   model.0.weight …            parameters, in PyTorch's layout, so that the file does not depend on the architecture
///   slot.velocity.0.weight …    the optimizer's slots
///   gradient.0.weight …         the sum of gradients that wait for their update, if there is one
///   state.reduce_on_plateau.best …   what parts of the optimizer have seen (see `OptimizerPart`, `state`)
///   checksum                    XXH64 of every byte before it, the header's included: its upper and lower 32 bits
///
/// Metadata: content, version, network and optimizer (as the compiler spells them), steps, epochs, seed, gathered. All
/// that is random in training is a function of (seed, epoch, step), so these numbers are the whole random state.
namespace lamina::detail {

inline constexpr std::string_view checkpoint_content = "lamina checkpoint", checkpoint_version = "1";

/// The layers of a network, nested ones opened, without the names of types that the user gave.
template <class Net> [[gnu::cold]] std::string spelled_network() {
  std::string text = joined_text({"input", shape_text(Net::input_shape)});
  [&]<class... Leaves>(type_list<Leaves...>) {
    const auto add = [&]<class L>(type_is<L>) {
      if constexpr (kind_of<L>() != leaf_kind::fork && kind_of<L>() != leaf_kind::next_path)
        text.append(", ").append(plainly_spelled(spelling<L>()));
      else
        text.append(kind_of<L>() == leaf_kind::fork ? ", paths" : ", path");
    };
    (add(type_is<Leaves>{}), ...);
  }(typename Net::leaves{});
  return text;
}

/// Calls `visit(name, double&)` for what an optimizer has seen and remembers.
template <class Part, class Visit> void visit_state(Part& part, const Visit& visit) {
  const auto named = [&](std::string_view name, double& number) {
    visit(joined_text({plainly_spelled(spelling<Part>()), ".", name}), number);
  };
  if constexpr (requires { part.state(named); }) part.state(named);
}
template <class Base, class... Parts, class Visit>
void visit_state(composed<Base, Parts...>& optimizer, const Visit& visit) {
  visit_state(static_cast<Base&>(optimizer), visit);
  (visit_state(static_cast<Parts&>(optimizer), visit), ...);
}

/// Brings a row of an image's numbers, which stand channels last, into PyTorch's order.
template <class T> void make_planar(T* row, const parameter_layout& at, std::vector<T>& room) {
  room.assign(row, row + at.depth);
  for (std::size_t c = 0; c < at.channels; ++c)
    for (std::size_t p = 0; p < at.positions; ++p) row[c * at.positions + p] = room[p * at.channels + c];
}

/// Hands over a parameter row-major, many elements at once.
template <class Arch, class T, class Put>
void put_parameter(const T* block, const parameter& described, std::vector<T>& rows, Put& put) {
  const parameter_layout& at = described.layout;
  const std::size_t depth = at.transposed ? at.outputs : at.depth, count = described.shape.size() / depth;
  if (at.columns == 0 && at.positions == 1 && at.gates == 0) { // as they are
    for (std::size_t n = 0; n < count; ++n) put.elements(std::span<const T>{block + at.offset + n * at.stride, depth});
    return;
  }
  constexpr std::size_t W = simd::width<T, Arch>, bytes = std::size_t{1} << 20; // the system likes large pieces
  const std::size_t fit = bytes / (depth * sizeof(T)) / W * W, most = fit ? fit : W;
  const bool in_order = !at.transposed && at.gates == 0 && at.outputs == count;
  const bool by_vectors = in_order && at.columns && at.columns % W == 0 && at.rows % W == 0;
  rows.resize(most * depth);
  std::vector<T> room;
  for (std::size_t n = 0, held = 0; n < count; n += held) {
    held = most < count - n ? most : count - n;
    for (std::size_t r = 0; by_vectors && r < held; r += W) {
      const std::size_t first = (n + r) / at.columns * at.columns, left = at.rows - first;
      simd::unpack_rows<T, Arch>(block + at.position((n + r) * depth), left < at.columns ? left : at.columns, depth,
                                 rows.data() + r * depth);
    }
    for (std::size_t r = 0; by_vectors && at.positions > 1 && r < held; ++r)
      make_planar(rows.data() + r * depth, at, room);
    for (std::size_t i = 0; !by_vectors && i < held * depth; ++i) rows[i] = block[at.position(n * depth + i)];
    put.elements(std::span<const T>{rows.data(), held * depth});
  }
}

/// The metadata of a checkpoint.
[[gnu::cold]] inline tensor_metadata checkpoint_notes(std::string network, std::string optimizer, std::size_t steps,
                                                      std::size_t epochs, std::size_t seed, std::size_t gathered) {
  tensor_metadata notes;
  const auto note = [&](std::string_view name, std::string text) { notes.emplace_back(name, std::move(text)); };
  note("content", std::string(checkpoint_content));
  note("version", std::string(checkpoint_version));
  note("network", std::move(network));
  note("optimizer", std::move(optimizer));
  note("steps", joined_text({steps}));
  note("epochs", joined_text({epochs}));
  note("seed", joined_text({seed}));
  note("gathered", joined_text({gathered}));
  return notes;
}

/// Blocks of a model's layout: parameters, slots, gathered gradients.
[[gnu::cold]] inline std::vector<std::string> names_of_blocks(std::span<const std::string_view> slots, bool gathered) {
  std::vector<std::string> names{"model"};
  for (const std::string_view slot : slots) names.push_back(joined_text({"slot.", slot}));
  if (gathered) names.push_back("gradient");
  return names;
}

/// Adds a block of a model's layout to what is in the file: `name.0.weight` and so on.
[[gnu::cold]] inline void add_block(std::vector<tensor_entry>& entries, std::string_view name,
                                    std::span<const parameter> parameters, dtype type) {
  for (const parameter& p : parameters)
    entries.push_back({.name = joined_text({name, ".", p.name.view()}),
                       .type = type,
                       .shape = {p.shape.extent, p.shape.extent + p.shape.rank}});
}

/// A checksum as two numbers that a double holds.
inline double half(const checksum& sum, std::size_t index) {
  return static_cast<double>(static_cast<std::uint32_t>(sum.value() >> (index ? 0 : 32)));
}

/// A checkpoint as it was read, before anything of it is believed.
template <class Source> // so that only programs that read one compile it
class read_checkpoint {
public:
  /// Errors: file_error where it is no checkpoint of this version or not what was written.
  explicit read_checkpoint(Source& source) : file_{source}, path_{source.name()} {
    if (note("content") != checkpoint_content) refuse("content", checkpoint_content, note("content"));
    if (note("version") != checkpoint_version) refuse("version", checkpoint_version, note("version"));
    const tensor_entry* const sum = file_.find("checksum");
    for (std::size_t i = 0; i < 2; ++i) {
      const double expected = half(source.checksum(), i);
      if (!sum || sum->element_count() != 2 || file_.element<double>(*sum, i) != expected)
        refuse("checksum", "that of the file's bytes", "another: the file is damaged");
    }
  }

  /// Errors: file_error where the note is another; both are shown from where they differ.
  void require(std::string_view name, std::string_view expected) const {
    const std::string_view got = note(name);
    if (got == expected) return;
    std::size_t same = 0, shown = 0;
    for (; same < got.size() && same < expected.size() && got[same] == expected[same]; ++same)
      if (got[same] == ' ') shown = same + 1;
    const std::string_view dots = shown ? "… " : "";
    const auto rest = [&](std::string_view text) { return joined_text({dots, printable(text.substr(shown))}); };
    refuse(name, rest(expected), rest(got));
  }
  std::uint64_t number(std::string_view name) const {
    const std::string_view text = note(name);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) refuse(name, "a number", printable(text));
    return value;
  }
  void require_exactly(std::span<const tensor_entry> wanted) const {
    file_.require_exactly(wanted);
    for (const tensor_entry& tensor : wanted)
      if (file_.find(tensor.name)->type != tensor.type)
        refuse(joined_text({"tensor ", tensor.name}), name_of(tensor.type), name_of(file_.find(tensor.name)->type));
  }
  [[noreturn, gnu::cold]] void refuse(std::string_view where, std::string_view expected, std::string_view got) const {
    throw file_error(expected_got(joined_text({path_, ": ", where}), expected, got.empty() ? "none" : got));
  }
  const safetensors_file& file() const { return file_; }

private:
  std::string_view note(std::string_view name) const {
    for (const auto& [key, text] : file_.metadata())
      if (key == name) return text;
    return {};
  }

  safetensors_file file_;
  std::string path_;
};

/// Writes and reads the checkpoints of a trainer.
template <class Trainer> struct checkpoint_file {
  static void save(const Trainer& trainer, const std::string& path) {
    O optimizer = trainer.optimizer_;
    std::vector<double> state;
    visit_state(optimizer, [&](const std::string&, double& number) { state.push_back(number); });
    const std::size_t waiting = gathered(trainer);
    const std::vector<tensor_entry> entries = list(optimizer, waiting > 0);
    const tensor_metadata notes = checkpoint_notes(spelled_network<Net>(), plainly_spelled(spelling<O>()),
                                                   trainer.state_.step(), trainer.epochs_, trainer.seed_, waiting);
    const std::size_t blocks = entries.size() - state.size() - 1;
    checksummed_file file{path};
    std::vector<T> rows;
    const auto fill = [&](std::size_t t, auto& put) {
      if (t < blocks)
        put_parameter<Arch>(block(trainer, t / count), Model::parameters[t % count], rows, put);
      else if (t - blocks < state.size())
        put(state[t - blocks]);
      else
        put(half(file.checksum(), 0)), put(half(file.checksum(), 1));
    };
    write_tensors(file, safetensors_header_text(entries, notes), entries, fill);
    file.commit();
  }

  static void resume(Trainer& trainer, const std::string& path) {
    checksummed_source<2 * sizeof(double)> source{path};
    const read_checkpoint found{source};
    found.require("network", spelled_network<Net>());
    found.require("optimizer", plainly_spelled(spelling<O>()));
    const std::uint64_t steps = found.number("steps"), epochs = found.number("epochs"), seed = found.number("seed"),
                        waiting = found.number("gathered");
    if constexpr (accumulates_in<O>)
      if (waiting >= trainer.optimizer_.batches())
        found.refuse("gathered gradients", joined_text({"fewer than ", trainer.optimizer_.batches()}),
                     joined_text({waiting}));
    const std::vector<tensor_entry> entries = list(trainer.optimizer_, waiting > 0);
    found.require_exactly(entries);

    // Nothing is refused from here on.
    const auto number_of = [&](const std::string& name) { return found.file().find(name); };
    for (std::size_t t = 0; t < block_names(waiting > 0).size() * count; ++t) {
      const tensor_entry& tensor = *number_of(entries[t].name);
      const parameter_view<T> view{block(trainer, t / count), Model::parameters[t % count]};
      fill<T>(view, found.file(), tensor);
    }
    visit_state(trainer.optimizer_, [&](const std::string& name, double& number) {
      number = found.file().template element<double>(*number_of(joined_text({"state.", name})), 0);
    });
    trainer.state_.go_on_from(static_cast<std::size_t>(steps));
    trainer.epochs_ = static_cast<std::size_t>(epochs);
    trainer.seed_ = seed;
    if constexpr (accumulates_in<O>) trainer.gradient_.go_on_from(static_cast<std::size_t>(waiting));
  }

private:
  using Model = typename Trainer::model_type;
  using Net = typename Model::network;
  using T = typename Model::scalar;
  using Arch = typename Model::architecture;
  using O = typename Trainer::optimizer_type;
  static constexpr std::size_t count = Model::parameters.size(), slots = rule_of<O>::slot_count;

  static std::size_t gathered(const Trainer& trainer) {
    if constexpr (accumulates_in<O>)
      return trainer.gradient_.gathered();
    else
      return 0;
  }

  static std::vector<std::string> block_names(bool gathered) {
    return names_of_blocks({rule_of<O>::slot_names.data(), rule_of<O>::slot_names.size()}, gathered);
  }
  template <class Some> static auto* block(Some& trainer, std::size_t index) {
    if constexpr (accumulates_in<O>)
      if (index == slots + 1) return trainer.gradient_.data();
    return index ? trainer.state_.slot(index - 1) : trainer.model_->data();
  }

  /// What is in the file.
  [[gnu::cold]] static std::vector<tensor_entry> list(O& optimizer, bool gathered) {
    std::vector<tensor_entry> entries;
    for (const std::string& name : block_names(gathered)) add_block(entries, name, Model::parameters, dtype_of<T>);
    visit_state(optimizer, [&](const std::string& name, double&) {
      entries.push_back({.name = joined_text({"state.", name}), .type = dtype::f64});
    });
    entries.push_back({.name = "checksum", .type = dtype::f64, .shape = {2}});
    return entries;
  }
};

} // namespace lamina::detail
