// Two hundred steps of the optimizers that divide by a history, and of optimizers composed with penalties, clipping and
// accumulation, against PyTorch's.
#include <golden/golden.hpp>
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

using model_type = la::model<tanh_7_13_5, double>;

const golden::records& all() {
  static const golden::records records = golden::read(LAMINA_TESTS_DIRECTORY "/golden/optimizers_more.txt");
  return records;
}
model_type initial() {
  model_type model{la::seed{1}};
  for (const la::parameter& p : model.parameters)
    assign(model.parameter(p.name.view()), all().at(joined("initial/", p.name.view())));
  return model;
}
void check_final(const std::string& name, const model_type& model) {
  for (const la::parameter& p : model.parameters)
    check_near(joined(name, ": ", p.name.view()), elements(model.parameter(p.name.view())),
               all().at(joined(name, "/final/", p.name.view())), {1e-9, 1e-9});
}

template <class O> void check_run(const std::string& name, const O& optimizer) {
  const numbers &inputs = all().at("x"), &targets = all().at("target");
  model_type model = initial();
  la::trainer trainer{model, la::mean_squared_error{}, optimizer};
  numbers losses;
  for (int step = 0; step < 200; ++step) {
    const double loss = trainer.step(inputs, targets);
    if (step % 10 == 0) losses.push_back(loss);
  }
  check_near(name + ": losses", losses, all().at(name + "/loss"), {1e-9, 1e-12});
  check_final(name, model);
}

/// An optimizer with the hyper-parameters of the golden file.
template <class O> O as_trained() {
  if constexpr (std::is_same_v<O, la::adagrad>)
    return {.learning_rate = 0.05};
  else if constexpr (std::is_same_v<O, la::nadam>)
    return {.learning_rate = 0.002};
  else if constexpr (std::is_same_v<O, la::adadelta>)
    return {};
  else
    return {.learning_rate = 0.01};
}

} // namespace

TEST_CASE("two hundred steps of the adaptive optimizers are PyTorch's to 1e-9") {
  for_each(adaptive_optimizers{}, []<class O>() { check_run(O::text(), as_trained<typename O::type>()); });
}

TEST_CASE("two hundred steps with penalties are PyTorch's to 1e-9") {
  check_run("adam_l2", la::adam{.learning_rate = 0.01} | la::l2{0.02});
  check_run("momentum_l2", la::momentum{.learning_rate = 0.05} | la::l2{0.02});
  check_run("adam_weight_decay", la::adam{.learning_rate = 0.01} | la::weight_decay{0.05});
}

TEST_CASE("two hundred steps with clipped gradients are PyTorch's to 1e-9") {
  check_run("sgd_clip_by_value", la::sgd{.learning_rate = 0.5} | la::clip_by_value{0.01});
  check_run("sgd_clip_by_global_norm", la::sgd{.learning_rate = 0.5} | la::clip_by_global_norm{0.05});
  check_run("adam_clip_by_global_norm", la::adam{.learning_rate = 0.01} | la::clip_by_global_norm{0.05});
}

TEST_CASE("two hundred updates from the mean of two batches are PyTorch's to 1e-9") {
  const std::span<const double> inputs{all().at("x")}, targets{all().at("target")};
  model_type model = initial();
  la::trainer trainer{model, la::mean_squared_error{}, la::adam{.learning_rate = 0.01} | la::accumulate_gradients{2}};
  for (int update = 0; update < 200; ++update) {
    const image before = bytes_of(model);
    trainer.step(inputs.first(42), targets.first(30));
    CHECK(bytes_of(model) == before);
    CHECK(trainer.steps() == static_cast<std::size_t>(update));
    trainer.step(inputs.last(42), targets.last(30));
  }
  CHECK(trainer.steps() == 200);
  check_final("adam_accumulate_gradients", model);
}
