#pragma once
#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <lamina/core/diagnostics.hpp>
#include <lamina/core/fixed_string.hpp>
#include <lamina/core/parameter.hpp>
#include <lamina/core/shape.hpp>
#include <lamina/core/type_list.hpp>

/// Layers that use the weight of another one. Its name is that of its parameters without ".weight": "encoder",
/// "outer.encoder". It is looked for in the block or the network that the layer stands in, then in the one around it,
/// among the layers before.
namespace lamina {

/// An option: the weight of the layer `Name`, which has the shape that this layer's would have. `dense<10,
/// weight_of<"fc">>`; `per_step<dense<5000, weight_of<"words">>>` for the table of `named<"words", embedding<64>>`.
template <fixed_string Name> struct weight_of {};

/// An option: the weight of the layer `Name`, transposed. `dense<784, transposed_weight_of<"encoder">>`.
template <fixed_string Name> struct transposed_weight_of {};

namespace detail {

/// What other layers may use of a layer: a matrix (outputs, inputs), the filters of a convolution, or a table (tokens,
/// features) that is stored as the matrix (features, tokens).
enum class lent { nothing, matrix, filters, table };

/// The weight that a layer names.
struct tie {
  std::string_view name{};
  bool transposed = false;
};
template <class Option> inline constexpr bool is_tie = false;
template <fixed_string Name> inline constexpr bool is_tie<weight_of<Name>> = true;
template <fixed_string Name> inline constexpr bool is_tie<transposed_weight_of<Name>> = true;

template <class Option> inline constexpr tie named_by{};
template <fixed_string Name> inline constexpr tie named_by<weight_of<Name>>{Name.view(), false};
template <fixed_string Name> inline constexpr tie named_by<transposed_weight_of<Name>>{Name.view(), true};

/// The tie among a layer's options.
template <class... Options> constexpr tie tie_of() {
  tie found{};
  ((is_tie<Options> ? void(found = named_by<Options>) : void()), ...);
  return found;
}

/// A layer that uses the weight of another one. It gives `tied`; `borrows(lent)`, whether it can use such a weight;
/// `untied`, the layer with a weight of its own; and `head<Source>`, the head of its stage, whose first parameter is
/// the weight of Source.
template <class L>
concept Tied = requires { L::tied; };

/// A layer without the options that tie it.
template <class L> struct without_tie;
template <template <std::size_t, class...> class Layer, std::size_t Outputs, class... Options>
struct without_tie<Layer<Outputs, Options...>> {
  template <class... Kept> static type_is<Layer<Outputs, Kept...>> rebuilt(type_list<Kept...>);
  using others = typename joined<std::conditional_t<is_tie<Options>, type_list<>, type_list<Options>>...>::type;
  using type = typename decltype(rebuilt(others{}))::type;
};

/// What is the same for all of them: everything but the weight is that of `Untied`, whose work it does as it is.
template <class Untied, class... Options> struct tied_layer : Untied {
  using untied = Untied;
  template <class Source> using head = Untied;

  static constexpr tie tied = tie_of<Options...>();
  static constexpr lent lends = lent::nothing;
  static constexpr std::size_t parameter_tensors = Untied::parameter_tensors - 1;
  static constexpr shape_answer infer(dimensions in) {
    return (int{is_tie<Options>} + ...) == 1 ? Untied::infer(in) : does_not_fit(reason::option_twice, {}, {});
  }
  static constexpr bool borrows(lent what) { return what == Untied::lends && !tied.transposed; }
  static constexpr auto parameters(dimensions in) {
    const auto all = Untied::parameters(in);
    std::array<parameter, parameter_tensors> own{};
    for (std::size_t i = 0; i < parameter_tensors; ++i) own[i] = all[i + 1];
    return own;
  }
};

template <class L> constexpr lent lent_by() {
  if constexpr (requires { L::lends; })
    return L::lends;
  else
    return lent::nothing;
}

} // namespace detail
} // namespace lamina
