#pragma once
// A layer on images against PyTorch: outputs, the gradients by its input and by its parameters, what it measures.
#include <golden/formula.hpp>
#include <golden/golden.hpp>
#include <laws/catalogue.hpp>
#include <laws/support.hpp>

namespace laws {

/// A layer, its input's shape and a batch, and the name of their records in golden/images.txt.
template <la::fixed_string Name, std::size_t Batch, class Input, class Layer> struct image_case {
  static constexpr std::string_view name = Name.view();
  static constexpr std::size_t batch = Batch, numbers_in = Input::extents.size();
  using input = Input;
  using layer = Layer;
};

/// dL/dy is the target over the number of outputs.
struct weighted_sum : la::loss<la::terms::y * la::terms::t> {};

namespace image_cases {

template <std::size_t... Extents> la::reshape<Extents...> reshape_to(la::input<Extents...>);

/// The layer behind slopes, one for each number, whose gradient is that by the layer's input.
template <class Case>
struct behind_slopes : la::network<la::input<Case::numbers_in>, la::prelu<Case::numbers_in>,
                                   decltype(reshape_to(typename Case::input{})), la::named<"2", typename Case::layer>> {
};
/// The layer alone, which reads the user's images.
template <class Case> struct alone : la::network<typename Case::input, la::named<"2", typename Case::layer>> {};

struct case_records {
  const golden::records& all;
  std::string name;
  double near;

  std::string of(std::string_view what, std::string_view which = {}) const { return name + joined("/", what, which); }
  numbers drawn(std::string_view what, std::size_t count) const {
    const double shift = what == "x" ? -1.25 : what.ends_with("running_var") ? 1.5 : 0;
    return golden::drawn(of(what), count, shift);
  }
  /// Compares a tensor's digest with the record, within `near` times the tensor's length.
  void check(const std::string& record, const numbers& tensor) const {
    const numbers& expected = all.at(record);
    check_near(record, golden::digest(record, tensor), expected, {0, near * expected[0] + 1e-300});
  }
};

/// Whether an update moves more than what is trained: running statistics.
template <class Parameters> constexpr bool measures(const Parameters& all) {
  for (const la::parameter& p : all)
    if (!p.trainable) return true;
  return false;
}

template <class T, class Net, std::size_t Batch> void check(const case_records& golden, const std::vector<T>& inputs) {
  constexpr std::size_t out = Net::output_shape.size();
  la::model<Net, T> model{la::seed{1}};
  for (const la::parameter& p : model.parameters) {
    const auto view = model.parameter(p.name.view());
    assign(view, golden.drawn(p.name.view(), view.size()));
  }
  std::vector<T> outputs(Batch * out);
  la::workspace<Net, T> workspace{Batch};
  la::predict(model, inputs, outputs, workspace);
  golden.check(golden.of("y"), as_numbers(outputs));

  la::trainer trainer{model, weighted_sum{}, la::sgd{.learning_rate = 0}};
  const std::vector<T> targets = as<T>(golden.drawn("r", Batch * out));
  const auto gradient = trainer.gradient(inputs, targets);
  for (const la::parameter& p : model.parameters)
    if (p.trainable) golden.check(golden.of("gradient/", p.name.view()), elements(gradient(p.name.view())));
  const double scale = golden.all.at(golden.of("y"))[0] / std::sqrt(static_cast<double>(Batch * out));
  check_near(golden.of("loss"), {trainer.loss(inputs, targets)}, golden.all.at(golden.of("loss")),
             {0, golden.near * scale});
  if constexpr (measures(Net::leaf_table.parameters)) { // an update of its own costs compile time
    trainer.step(inputs, targets);
    for (const la::parameter& p : model.parameters)
      if (!p.trainable) golden.check(golden.of("after/", p.name.view()), elements(model.parameter(p.name.view())));
  }
}

} // namespace image_cases

template <class... Cases> void check_image_cases(list<Cases...> cases) {
  static const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/images.txt");
  for_each(cases, []<class Case>() {
    using namespace image_cases;
    const case_records fine{all, std::string{Case::name}, 1e-10}, coarse{all, std::string{Case::name}, 1e-5};
    numbers x = fine.drawn("x", Case::batch * Case::numbers_in);
    check<double, behind_slopes<Case>, Case::batch>(fine, x);
    const numbers slopes = fine.drawn("0.weight", Case::numbers_in);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] *= slopes[i % slopes.size()];
    if constexpr (Case::name.back() % 2 == 0) // half of them: a second scalar takes as long to compile as the first
      check<float, alone<Case>, Case::batch>(coarse, as<float>(x));
  });
}

} // namespace laws
