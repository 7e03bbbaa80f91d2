#include "formulas.hpp"
#include <cmath>

using la::terms::x;
using la::terms::y;

TEST_CASE("the derivative of every activation is its central difference") {
  for_each_activation([](auto e) {
    using E = decltype(e);
    typename E::formula f;
    for (double at = -7.9; at < 8; at += 0.237) { // no kink is within h of these
      const double h = 1e-4;
      const auto value = [&](double v) { return la::evaluate(f, x = v); };
      const double difference =
          (8 * (value(at + h) - value(at - h)) - (value(at + 2 * h) - value(at - 2 * h))) / (12 * h);
      const double slope = la::evaluate<typename E::derivative>(x = at);
      INFO(e.name << "' at " << at);
      CHECK(slope == Approx(difference).epsilon(1e-6).margin(1e-9));
    }
  });
}

TEST_CASE("backward by what is kept is the derivative") {
  for_each_activation([](auto e) {
    using E = decltype(e);
    INFO(e.name);
    CHECK(la::kept<typename E::formula> == E::kept);
    CHECK(la::contains<typename E::backward, X> == (E::kept == la::keeps::input));
    CHECK(la::contains<typename E::backward, Y> == (E::kept == la::keeps::output));
    for (double at = -6; at <= 6; at += 0.125) { // kinks are among these
      const double output = la::evaluate<typename E::formula>(x = at);
      INFO("at " << at);
      CHECK(la::evaluate<typename E::backward>(x = at, y = output) ==
            Approx(la::evaluate<typename E::derivative>(x = at)).epsilon(1e-9).margin(1e-13));
    }
  });
}

template <class T> void check_batches_agree(double tolerance) {
  using V = xsimd::batch<T>;
  for_each_activation([&](auto e) {
    using E = decltype(e);
    for (double start = -8; start < 8; start += 1.37) {
      T in[V::size], forward[V::size], slope[V::size];
      for (std::size_t i = 0; i < V::size; ++i) in[i] = static_cast<T>(start + 0.11 * static_cast<double>(i));
      const V batch = V::load_unaligned(in);
      la::evaluate<typename E::formula>(x = batch).store_unaligned(forward);
      const V derived = la::evaluate<typename E::backward>(x = batch, y = V::load_unaligned(forward));
      derived.store_unaligned(slope);
      for (std::size_t i = 0; i < V::size; ++i) {
        INFO(e.name << " at " << in[i]);
        CHECK(forward[i] == Approx(la::evaluate<typename E::formula>(x = in[i])).epsilon(tolerance).margin(tolerance));
        CHECK(
            slope[i] ==
            Approx(la::evaluate<typename E::backward>(x = in[i], y = forward[i])).epsilon(tolerance).margin(tolerance));
      }
    }
  });
}

TEST_CASE("a batch is evaluated as its elements are") {
  check_batches_agree<float>(4e-6); // one rounding apart before 1 - tanh² and the like
  check_batches_agree<double>(1e-12);
}

template <auto Formula> double slope_at(double at) {
  return la::evaluate<la::derivative_t<la::frozen<Formula>, X>>(x = at);
}

TEST_CASE("at a kink the derivative is PyTorch's") {
  CHECK(slope_at<formulas::relu>(0) == 0);
  CHECK(slope_at<formulas::leaky_relu<>>(0) == 0.01);
  CHECK(slope_at<formulas::elu<2.0>>(0) == 2);
  CHECK(slope_at<formulas::selu>(0) == Approx(1.7580993408473766).epsilon(1e-15));
  CHECK(slope_at<formulas::hard_tanh>(-1) == 0);
  CHECK(slope_at<formulas::hard_tanh>(1) == 0);
  CHECK(slope_at<formulas::relu6>(0) == 0);
  CHECK(slope_at<formulas::relu6>(6) == 0);
  CHECK(slope_at<formulas::hard_sigmoid>(-3) == 0);
  CHECK(slope_at<formulas::hard_sigmoid>(3) == 0);
  CHECK(slope_at<formulas::hard_swish>(-3) == -0.5);
  CHECK(slope_at<formulas::hard_swish>(3) == 1.5);
  CHECK(slope_at<formulas::softsign>(0) == 1);
  CHECK(slope_at<abs(x)>(0) == 0);
  CHECK(slope_at<max(x, 2.0 * x)>(0) == 1.5); // a tie gives half to each
}

TEST_CASE("values that are known") {
  CHECK(la::evaluate<la::frozen<formulas::gelu>>(x = 1.0) == Approx(0.8413447460685429).epsilon(1e-14));
  CHECK(la::evaluate<la::frozen<formulas::mish>>(x = 1.0) == Approx(0.8650983882673103).epsilon(1e-14));
  CHECK(la::evaluate<la::frozen<formulas::step>>(x = 0.0) == 1);
  CHECK(la::evaluate<la::frozen<formulas::softplus>>(x = 800.0) == 800);
  CHECK(std::isnan(la::evaluate<la::frozen<formulas::relu>>(x = std::nan(""))));
  CHECK(std::isnan(la::evaluate<la::frozen<formulas::relu>>(x = xsimd::batch<float>(std::nanf(""))).get(0)));
}
