// Fifty steps of every optimizer on three odd networks, against PyTorch's.
#include <golden/golden.hpp>
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

using trained =
    list<entry<"tanh_7_13_5", tanh_7_13_5>, entry<"gelu_3_17_9_2", gelu_3_17_9_2>, entry<"relu_5_33_4", relu_5_33_4>>;

/// An optimizer with the hyper-parameters of the golden file.
template <class O> O as_trained() {
  if constexpr (std::is_same_v<O, la::sgd>)
    return {.learning_rate = 0.1};
  else if constexpr (std::is_same_v<O, la::adam>)
    return {.learning_rate = 0.01};
  else if constexpr (std::is_same_v<O, la::adamw>)
    return {.learning_rate = 0.01, .weight_decay = 0.05};
  else
    return {.learning_rate = 0.05, .beta = 0.9};
}

template <class E> auto targets_of(const golden::records& all) {
  const numbers& targets = all.at(E::text("/target"));
  if constexpr (std::is_same_v<typename E::type, relu_5_33_4>) {
    std::vector<la::label> labels;
    for (const double t : targets) labels.push_back(la::label{static_cast<unsigned>(t)});
    return labels;
  } else
    return targets;
}
template <class E> auto loss_of() {
  if constexpr (std::is_same_v<typename E::type, relu_5_33_4>)
    return la::softmax_cross_entropy{};
  else
    return la::mean_squared_error{};
}

template <class E, class T = double> la::model<typename E::type, T> initial(const golden::records& all) {
  la::model<typename E::type, T> model{la::seed{1}};
  for (const la::parameter& p : model.parameters)
    assign(model.parameter(p.name.view()), all.at(E::text("/initial/", p.name.view())));
  return model;
}

} // namespace

TEST_CASE("before the first step, outputs and gradients are PyTorch's to 1e-12") {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/training.txt");
  for_each(trained{}, [&]<class E>() {
    const std::string name{E::name};
    auto model = initial<E>(all);
    const numbers& inputs = all.at(name + "/x");
    numbers outputs(all.at(name + "/output").size());
    la::workspace<typename E::type, double> workspace{4};
    la::predict(model, inputs, outputs, workspace);
    check_near(name + ": output", outputs, all.at(name + "/output"), {1e-12, 1e-12});
    la::trainer trainer{model, loss_of<E>(), la::sgd{.learning_rate = 0.1}};
    const auto gradient = trainer.gradient(inputs, targets_of<E>(all));
    for (const la::parameter& p : model.parameters)
      check_near(name + ": gradient of " + std::string(p.name.view()), elements(gradient(p.name.view())),
                 all.at(name + "/gradient/" + std::string(p.name.view())), {1e-11, 1e-12});
  });
}

TEST_CASE("fifty losses and the parameters after them are PyTorch's to 1e-9, for every optimizer") {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/training.txt");
  for_each(trained{}, [&]<class E>() {
    const numbers& inputs = all.at(E::text("/x"));
    const auto targets = targets_of<E>(all);
    for_each(first_optimizers{}, [&]<class O>() {
      // A user's own momentum is momentum.
      const std::string rule = O::name == "my_momentum" ? "momentum" : O::text();
      const std::string name = E::text("/", rule);
      auto model = initial<E>(all);
      la::trainer trainer{model, loss_of<E>(), as_trained<typename O::type>()};
      numbers losses;
      for (int step = 0; step < 50; ++step) losses.push_back(trainer.step(inputs, targets));
      check_near(name + ": losses", losses, all.at(name + "/loss"), {1e-9, 1e-12});
      for (const la::parameter& p : model.parameters)
        check_near(name + ": " + std::string(p.name.view()), elements(model.parameter(p.name.view())),
                   all.at(name + "/final/" + std::string(p.name.view())), {1e-9, 1e-9});
    });
  });
}

TEST_CASE("in float, fifty losses and the parameters after them are PyTorch's to 1e-4, for every optimizer") {
  const golden::records all = golden::read(LAMINA_TESTS_DIRECTORY "/golden/training.txt");
  using E = entry<"tanh_7_13_5", tanh_7_13_5>;
  const std::vector<float> inputs = as<float>(all.at("tanh_7_13_5/x")),
                           targets = as<float>(all.at("tanh_7_13_5/target"));
  for_each(first_optimizers{}, [&]<class O>() {
    const std::string rule = O::name == "my_momentum" ? "momentum" : O::text();
    auto model = initial<E, float>(all);
    la::trainer trainer{model, la::mean_squared_error{}, as_trained<typename O::type>()};
    numbers losses;
    for (int step = 0; step < 50; ++step) losses.push_back(trainer.step(inputs, targets));
    check_near(rule + ": losses", losses, all.at("tanh_7_13_5/" + rule + "/loss"), {1e-4, 1e-6});
    for (const la::parameter& p : model.parameters)
      check_near(rule + ": " + std::string(p.name.view()), elements(model.parameter(p.name.view())),
                 all.at("tanh_7_13_5/" + rule + "/final/" + std::string(p.name.view())), {1e-4, 1e-4});
  });
}
