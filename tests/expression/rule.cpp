#include <catch.hpp>
#include <cmath>
#include <lamina/expression/compiled.hpp>

namespace la = lamina;
using namespace la::terms;

namespace {

struct sgd {
  double learning_rate = 0.1;
  static constexpr auto update() {
    constexpr la::hyper<&sgd::learning_rate> eta;
    return la::rule(w = w - eta * g);
  }
};

struct momentum {
  float learning_rate = 0.1f, beta = 0.9f;
  static constexpr auto update() {
    constexpr la::hyper<&momentum::learning_rate> eta;
    constexpr la::hyper<&momentum::beta> beta;
    constexpr la::slot<"velocity"> u;
    return la::rule(u = beta * u + g, w = w - eta * u);
  }
};

struct adam {
  double learning_rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  static constexpr auto update() {
    constexpr la::hyper<&adam::learning_rate> eta;
    constexpr la::hyper<&adam::beta1> beta1;
    constexpr la::hyper<&adam::beta2> beta2;
    constexpr la::hyper<&adam::epsilon> epsilon;
    constexpr la::slot<"mean"> m;
    constexpr la::slot<"square"> v;
    return la::rule(m = beta1 * m + (1 - beta1) * g, v = beta2 * v + (1 - beta2) * square(g),
                    w = w - eta * (m / (1 - pow(beta1, step))) / (sqrt(v / (1 - pow(beta2, step))) + epsilon));
  }
};

struct decay {
  double rate = 0.01;
  static constexpr auto update() {
    constexpr la::hyper<&decay::rate> rate;
    return la::rule(g = g + rate * w);
  }
};
struct decayed_sgd : decay, sgd { // hyper-parameters are members of the parts
  static constexpr auto update() { return la::rule(decay::update(), sgd::update()); }
};

struct with_local {
  static constexpr auto update() {
    constexpr term<"change"> change;
    constexpr la::slot<"b"> b;
    constexpr la::slot<"a"> a;
    return la::rule(b = 0.5 * b + a, change = 2 * g, a = change + step, w = w - change * b);
  }
};

struct huber {
  double delta = 1;
  static constexpr auto value() {
    constexpr la::hyper<&huber::delta> delta;
    constexpr auto e = abs(y - t);
    return select(e <= delta, 0.5 * square(e), delta * (e - 0.5 * delta));
  }
};

double gradient(double w) { return 2 * (w - 0.3) + std::sin(3 * w); }

template <class Optimizer, class V> double run(const Optimizer& optimizer, int steps) {
  using update = la::compiled_rule<Optimizer::update()>;
  V w = la::math::convert<V>(2.0), slots[update::slot_count + 1]{};
  for (auto& s : slots) s = la::math::convert<V>(0);
  const auto first = [](const V& v) {
    if constexpr (la::math::is_batch<V>)
      return static_cast<double>(v.get(V::size - 1));
    else
      return static_cast<double>(v);
  };
  for (int i = 1; i <= steps; ++i) {
    double numbers[update::uniform_count + 1];
    update::prepare(numbers, optimizer, i);
    V uniforms[update::uniform_count + 1]{};
    for (std::size_t u = 0; u < update::uniform_count; ++u) uniforms[u] = la::math::convert<V>(numbers[u]);
    update::apply(w, la::math::convert<V>(gradient(first(w))), slots, uniforms);
  }
  return first(w);
}

template <class Optimizer> void check_against(double expected, int steps) {
  CHECK(run<Optimizer, double>({}, steps) == Approx(expected).epsilon(1e-12));
  CHECK(run<Optimizer, xsimd::batch<double>>({}, steps) == Approx(expected).epsilon(1e-12));
  CHECK(run<Optimizer, float>({}, steps) == Approx(expected).epsilon(1e-5));
  CHECK(run<Optimizer, xsimd::batch<float>>({}, steps) == Approx(expected).epsilon(1e-5));
}

} // namespace

TEST_CASE("sgd, as written by hand") {
  double w = 2;
  for (int i = 0; i < 20; ++i) w -= 0.1 * gradient(w);
  check_against<sgd>(w, 20);
}

TEST_CASE("momentum, as written by hand") {
  double w = 2, u = 0;
  for (int i = 0; i < 20; ++i) {
    u = double{0.9f} * u + gradient(w);
    w -= double{0.1f} * u;
  }
  CHECK(run<momentum, double>({}, 20) == Approx(w).epsilon(1e-12));
}

TEST_CASE("adam, as written by hand") {
  double w = 2, m = 0, v = 0;
  for (int i = 1; i <= 50; ++i) {
    const double g = gradient(w);
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= 1e-3 * (m / (1 - std::pow(0.9, i))) / (std::sqrt(v / (1 - std::pow(0.999, i))) + 1e-8);
  }
  check_against<adam>(w, 50);
}

TEST_CASE("rules are joined, and read the members of their parts") {
  double w = 2;
  for (int i = 0; i < 20; ++i) w -= 0.1 * (gradient(w) + 0.01 * w);
  check_against<decayed_sgd>(w, 20);
}

TEST_CASE("slots and uniforms are found") {
  using S = la::compiled_rule<sgd::update()>;
  static_assert(S::slot_count == 0 && S::uniform_count == 1);
  using M = la::compiled_rule<momentum::update()>;
  static_assert(M::slot_count == 1 && M::slot_names[0] == "velocity" && M::uniform_count == 2);
  using A = la::compiled_rule<adam::update()>;
  static_assert(A::slot_count == 2 && A::slot_names[0] == "mean" && A::slot_names[1] == "square");
  static_assert(A::uniform_count == 7); // β₁, 1 - β₁, β₂, 1 - β₂, η / (1 - β₁ᵗ), 1 / (1 - β₂ᵗ), ε
  double numbers[A::uniform_count];
  A::prepare(numbers, adam{}, 3);
  CHECK(numbers[4] == Approx(1e-3 / (1 - std::pow(0.9, 3))).epsilon(1e-15));
  CHECK(numbers[5] == Approx(1 / (1 - std::pow(0.999, 3))).epsilon(1e-15));
  CHECK(numbers[6] == 1e-8);
}

TEST_CASE("lines run in order; slots are numbered as they appear; other terms are local") {
  using L = la::compiled_rule<with_local::update()>;
  static_assert(L::slot_count == 2 && L::slot_names[0] == "b" && L::slot_names[1] == "a" && L::uniform_count == 1);
  double w = 1, slots[2]{4, 3}, numbers[1];
  L::prepare(numbers, with_local{}, 7);
  L::apply(w, 0.5, slots, numbers);
  CHECK(slots[0] == 5); // 0.5 · 4 + 3
  CHECK(slots[1] == 8); // 2 · 0.5 + 7
  CHECK(w == -4);       // 1 - 1 · 5
}

TEST_CASE("the uniform parts of a formula are hoisted") {
  using H = la::compiled_formula<la::frozen<huber::value()>>;
  static_assert(H::uniform_count == 2); // δ and δ / 2
  double numbers[H::uniform_count];
  H::prepare(numbers, huber{2});
  for (double difference : {-5.0, -1.5, 0.0, 2.0, 2.5}) {
    const double size = std::abs(difference), expected = size <= 2 ? size * size / 2 : 2 * (size - 1);
    CHECK(H::evaluate(numbers, y = difference + 1, t = 1.0) == Approx(expected));
    CHECK(la::evaluate(huber::value(), y = difference + 1, t = 1.0, la::hyper<&huber::delta>{} = 2.0) ==
          Approx(expected));
  }
}
