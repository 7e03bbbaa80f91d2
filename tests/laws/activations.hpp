#pragma once
// The laws for every activation; a file for float and one for double run them, each in its own time.
#include "batch.hpp"
#include "catalogue.hpp"
#include "gradient.hpp"
#include "support.hpp"
#include <golden/golden.hpp>

namespace laws {

struct sum_of_outputs : la::loss<la::terms::y + 0 * la::terms::t> {};

/// An activation between two layers, as most stand; one type for all laws, to compile it once.
template <class A> struct between_layers : la::network<la::input<5>, la::dense<7>, A, la::dense<3>> {};

/// Three points at once: the first layer hands them to the activation, the second one hands its values on; the
/// derivatives are the gradient by the first layer's bias.
template <class A, class T> struct probe {
  numbers values, derivatives;

  explicit probe(numbers points) {
    const std::size_t count = points.size();
    points.resize((count + 2) / 3 * 3);
    la::model<between_layers<A>, T> model{la::seed{1}};
    la::trainer trainer{model, sum_of_outputs{}, la::sgd{}};
    for (const la::parameter& p : model.parameters) assign(model.parameter(p.name.view()), numbers(p.shape.size()));
    for (int i = 0; i < 3; ++i) model.parameter("2.weight")(i, i) = 1;
    const std::vector<T> input{0, 0, 1, 0, 0}, targets(3);
    for (std::size_t first = 0; first < points.size(); first += 3) {
      for (std::size_t i = 0; i < 3; ++i) model.parameter("0.weight")(i, 2) = static_cast<T>(points[first + i]);
      const auto y = model(input);
      values.insert(values.end(), y.begin(), y.end());
      const auto gradient = trainer.gradient(input, targets);
      for (std::size_t i = 0; i < 3; ++i) derivatives.push_back(3 * static_cast<double>(gradient("0.bias")(i)));
    }
    values.resize(count);
    derivatives.resize(count);
  }
};

template <class T> void check_activations_against_pytorch() {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/activations.txt");
  for_each(activations{}, [&]<class E>() {
    const std::string name{E::name};
    if (!all.contains(name + "/value")) return; // a user's own
    const numbers& points = all.at(all.contains(name + "/x") ? name + "/x" : "x");
    const probe<typename E::type, T> found{points};
    const double near = is_double<T> ? 1e-10 : 1e-5;
    check_near(name, found.values, all.at(name + "/value"), {near, near});
    if (!all.contains(name + "/derivative")) return;
    // PyTorch 1.13 keeps the slope 1/6 of hard_sigmoid in float.
    const double slope = name == "hard_sigmoid" ? std::max(near, 3e-8) : near;
    check_near(name + "'", found.derivatives, all.at(name + "/derivative"), {slope, slope});
  });
}

template <class T> void check_activations_of_batches() {
  for_each(activations{},
           []<class E>() { check_batches(E::text(), la::model<between_layers<typename E::type>, T>{la::seed{4}}); });
}

} // namespace laws
