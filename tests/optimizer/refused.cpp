// Nonsense hyper-parameters are refused where they are written, with their name, range and number.
#include <io/files.hpp>
#include <laws/catalogue.hpp>
#include <laws/support.hpp>
#include <limits>

using namespace laws;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Every number is refused as member `at` of `Entry`, by name; those of `good` are taken.
template <class Entry, class Member>
void check_member(Member Entry::* at, const std::string& name, std::initializer_list<double> bad,
                  std::initializer_list<double> good) {
  for (const double number : bad) {
    Entry entry{};
    const double before = entry.*at;
    const std::string said = message_of<la::argument_error>([&] { entry.*at = number; });
    INFO(name << " = " << number << ": " << said);
    CHECK(said.find(name + ": expected a") == 0);
    CHECK(said.find("got " + std::to_string(number)) != std::string::npos);
    CHECK(entry.*at == before);
  }
  for (const double number : good) {
    Entry entry{};
    entry.*at = number;
    CHECK(entry.*at == number);
  }
}

// What each range refuses and takes.
template <class Entry, class M> void check_non_negative(M Entry::* at, const std::string& name) {
  check_member(at, name, {-1e-9, -1, infinity, -infinity, not_a_number}, {0, 1e-12, 5});
}
template <class Entry, class M> void check_positive(M Entry::* at, const std::string& name) {
  check_member(at, name, {0, -1, infinity, not_a_number}, {1e-12, 5});
}
template <class Entry, class M> void check_below_one(M Entry::* at, const std::string& name) {
  check_member(at, name, {-0.1, 1, 2, infinity, not_a_number}, {0, 0.5, 0.9999});
}
template <class Entry, class M> void check_fraction(M Entry::* at, const std::string& name) {
  check_member(at, name, {-0.1, 1.1, infinity, not_a_number}, {0, 0.5, 1});
}

} // namespace

TEST_CASE("rates, betas and epsilons of every optimizer are refused out of their range") {
  for_each(optimizers{}, []<class O>() {
    using optimizer = typename O::type;
    if constexpr (!std::is_same_v<optimizer, my_momentum>) { // whose fields are plain numbers
      INFO(O::name);
      if constexpr (requires { &optimizer::learning_rate; })
        check_non_negative(&optimizer::learning_rate, "learning_rate");
      if constexpr (requires { &optimizer::beta; }) check_below_one(&optimizer::beta, "beta");
      if constexpr (requires { &optimizer::beta1; }) check_below_one(&optimizer::beta1, "beta1");
      if constexpr (requires { &optimizer::beta2; }) check_below_one(&optimizer::beta2, "beta2");
      if constexpr (requires { &optimizer::epsilon; }) check_positive(&optimizer::epsilon, "epsilon");
      if constexpr (requires { &optimizer::weight_decay; })
        check_non_negative(&optimizer::weight_decay, "weight_decay");
    }
  });
  CHECK(message_of<la::argument_error>([] { (void)la::adam{.beta1 = 1.5}; }) ==
        "beta1: expected a number from 0 to below 1, got 1.500000");
}

TEST_CASE("penalties and clippings refuse negative strengths and empty limits") {
  check_non_negative(&la::l1::lambda, "l1");
  check_non_negative(&la::l2::lambda, "l2");
  check_non_negative(&la::elastic_net::lambda1, "elastic_net l1");
  check_non_negative(&la::elastic_net::lambda2, "elastic_net l2");
  check_non_negative(&la::weight_decay::lambda, "weight_decay");
  check_positive(&la::max_norm::length, "max_norm");
  check_positive(&la::clip_by_value::limit, "clip_by_value");
  check_positive(&la::clip_by_global_norm::limit, "clip_by_global_norm");
  check_member(&la::accumulate_gradients::count, "accumulate_gradients", {0, 0.5, 2.5, -2, infinity, not_a_number},
               {1, 2, 1000});
}

TEST_CASE("schedules refuse empty periods, negative rates and factors above 1") {
  check_positive(&la::step_decay::every, "step_decay: every");
  check_fraction(&la::step_decay::factor, "step_decay: factor");
  check_fraction(&la::exponential_decay::factor, "exponential_decay: factor");
  check_non_negative(&la::inverse_time::k, "inverse_time: k");
  check_positive(&la::polynomial::steps, "polynomial: steps");
  check_positive(&la::polynomial::power, "polynomial: power");
  check_non_negative(&la::polynomial::minimum, "polynomial: minimum");
  check_non_negative(&la::cyclic_triangular::minimum, "cyclic_triangular: minimum");
  check_non_negative(&la::cyclic_triangular::maximum, "cyclic_triangular: maximum");
  check_positive(&la::cyclic_triangular::period, "cyclic_triangular: period");
  check_positive(&la::cosine_annealing::steps, "cosine_annealing: steps");
  check_non_negative(&la::cosine_annealing::minimum, "cosine_annealing: minimum");
  check_positive(&la::cosine_warm_restarts::period, "cosine_warm_restarts: period");
  check_member(&la::cosine_warm_restarts::multiplier, "cosine_warm_restarts: multiplier",
               {0, 0.5, -1, infinity, not_a_number}, {1, 1.5, 2});
  check_non_negative(&la::cosine_warm_restarts::minimum, "cosine_warm_restarts: minimum");
  check_positive(&la::one_cycle::steps, "one_cycle: steps");
  check_fraction(&la::one_cycle::rise, "one_cycle: rise");
  check_positive(&la::linear_warmup::steps, "linear_warmup: steps");
  check_fraction(&la::reduce_on_plateau::factor, "reduce_on_plateau: factor");
  check_non_negative(&la::reduce_on_plateau::patience, "reduce_on_plateau: patience");
  check_non_negative(&la::reduce_on_plateau::threshold, "reduce_on_plateau: threshold");
  check_below_one(&la::growing_momentum::maximum, "growing_momentum: maximum");
  check_positive(&la::growing_momentum::period, "growing_momentum: period");
}
