// Means of weights: of several models, and of one model over its epochs.
#include <laws/networks.hpp>
#include <laws/support.hpp>

#include <lamina/ensemble.hpp>

using namespace laws;

namespace {

template <class Model> numbers mean_of(std::initializer_list<const Model*> models) {
  numbers mean(Model::network::parameter_count);
  for (const Model* one : models) {
    const numbers w = parameters_of(*one);
    for (std::size_t i = 0; i < w.size(); ++i) mean[i] += w[i] / static_cast<double>(models.size());
  }
  return mean;
}

} // namespace

TEST_CASE("an average has the mean of every parameter, for every network") {
  for_each(networks{}, []<class E>() {
    using model_type = la::model<typename E::type>;
    const model_type a{la::seed{1}}, b{la::seed{2}}, c{la::seed{3}};
    const model_type two = la::average(a, b), three = la::average(a, b, c);
    check_near(E::text(": two"), parameters_of(two), mean_of({&a, &b}), {1e-6, 1e-9});
    check_near(E::text(": three"), parameters_of(three), mean_of({&a, &b, &c}), {1e-6, 1e-9});
    CHECK(bytes_of(la::average(a)) == bytes_of(a));
    CHECK(bytes_of(la::average(a, a, a)) == bytes_of(a));
    CHECK(bytes_of(la::average(b, c, a)) == bytes_of(three));
    CHECK(two.drawn_from().value == 1);
  });
}

TEST_CASE("an average is the same wherever the parameters live, and owns its own") {
  using net = relu_5_33_4;
  const la::model<net> a{la::seed{1}}, b{la::seed{2}};
  const la::model<net, float, la::in_place> here_a{la::seed{1}}, here_b{la::seed{2}};
  alignas(64) std::array<float, la::model<net>::block_size> first, second;
  la::model<net, float, la::external> there_a{la::seed{1}, first}, there_b{la::seed{2}, second};
  const auto mean = la::average(a, b);
  const la::model<net, float, la::in_place> here = la::average(here_a, here_b);
  const la::model<net> there = la::average(there_a, there_b);
  CHECK(bytes_of(here) == bytes_of(mean));
  CHECK(bytes_of(there) == bytes_of(mean));
  CHECK(bytes_of(there_a) == bytes_of(a));
}

TEST_CASE("a moving average follows the weights epoch by epoch, from one fit into the next") {
  using model_type = la::model<tanh_7_13_5, double>;
  la::dataset<la::values> data{7, 5};
  for (std::uint64_t m = 0; m < 20; ++m) data.push_back(drawn<float>(7, m), drawn<float>(5, 100 + m));
  model_type model{la::seed{1}};
  la::weight_average smooth{model, 0.8};
  CHECK(bytes_of(smooth.averaged()) == bytes_of(model));
  la::trainer trainer{model, la::mean_squared_error{}, la::sgd{.learning_rate = 0.3}};
  numbers expected;
  const auto reference = [&](const la::epoch_record& record) {
    const numbers w = parameters_of(model);
    if (record.epoch == 1) expected = w;
    for (std::size_t i = 0; i < w.size(); ++i) expected[i] = 0.8 * expected[i] + 0.2 * w[i];
  };
  trainer.fit(data, {.epochs = 4, .batch_size = 5}, smooth, reference);
  check_near("four epochs", parameters_of(smooth.averaged()), expected, {1e-13, 1e-14});
  trainer.fit(data, {.epochs = 3, .batch_size = 5}, reference, smooth);
  check_near("and three more", parameters_of(smooth.averaged()), expected, {1e-13, 1e-14});
  CHECK(smooth.epochs() == 7);
  CHECK(bytes_of(smooth.averaged()) != bytes_of(model));

  la::weight_average last{model, 0};
  trainer.fit(data, {.epochs = 2, .batch_size = 5}, last);
  CHECK(bytes_of(last.averaged()) == bytes_of(model));
  CHECK_THROWS_AS((la::weight_average{model, 1}), la::argument_error);
  CHECK_THROWS_AS((la::weight_average{model, -0.5}), la::argument_error);
}
