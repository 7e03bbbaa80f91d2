#pragma once
// The catalogue as lists of types: an entry here is under every law of its kind.
#include <lamina/lamina.hpp>
#include <string>
#include <string_view>

namespace laws {
namespace la = lamina;

/// Out of line, because g++ 12 warns of its own std::string where it inlines a sum of them.
[[gnu::noinline]] inline std::string joined(std::string_view a, std::string_view b, std::string_view c = {}) {
  return std::string{a}.append(b).append(c);
}

/// An entry, and its name in the golden files and in reports.
template <la::fixed_string Name, class Entry> struct entry {
  using type = Entry;
  static constexpr std::string_view name = Name.view();
  static std::string text(std::string_view rest = {}, std::string_view more = {}) { return joined(name, rest, more); }
};
template <class... Entries> struct list {};
template <class... A, class... B> list<A..., B...> concatenated(list<A...>, list<B...>);

/// Calls `visit.template operator()<Entry>()` for each entry.
template <class... Entries, class Visit> void for_each(list<Entries...>, const Visit& visit) {
  (visit.template operator()<Entries>(), ...);
}

// A user's own, which obey the same laws.
struct quick_gelu : la::activation<la::terms::x * la::terms::sigmoid(1.702 * la::terms::x)> {};
struct cauchy : la::loss<log(1 + square(la::terms::y - la::terms::t))> {};
struct scaled_cauchy {
  double scale = 0.7;
  static constexpr auto formula() {
    using namespace la::terms;
    constexpr la::hyper<&scaled_cauchy::scale> scale;
    return square(scale) * log(1 + square((y - t) / scale));
  }
};
struct my_momentum {
  double learning_rate = 0.1, beta = 0.9;
  static constexpr auto update() {
    using namespace la::terms;
    constexpr la::hyper<&my_momentum::learning_rate> eta;
    constexpr la::hyper<&my_momentum::beta> beta;
    constexpr la::slot<"velocity"> u;
    return la::rule(u = beta * u + g, w = w - eta * u);
  }
};

using activations =
    list<entry<"identity", la::identity>, entry<"step", la::step>, entry<"sigmoid", la::sigmoid>,
         entry<"hard_sigmoid", la::hard_sigmoid>, entry<"tanh", la::tanh>, entry<"hard_tanh", la::hard_tanh>,
         entry<"relu", la::relu>, entry<"relu6", la::relu6>, entry<"leaky_relu", la::leaky_relu<>>,
         entry<"leaky_relu_0.2", la::leaky_relu<0.2>>, entry<"elu", la::elu<>>, entry<"elu_0.5", la::elu<0.5>>,
         entry<"selu", la::selu>, entry<"celu", la::celu<>>, entry<"gelu", la::gelu>, entry<"gelu_tanh", la::gelu_tanh>,
         entry<"silu", la::silu>, entry<"mish", la::mish>, entry<"softplus", la::softplus>,
         entry<"softsign", la::softsign>, entry<"hard_swish", la::hard_swish>, entry<"quick_gelu", quick_gelu>>;

/// Losses whose targets are numbers, with the name of their golden records.
using value_losses =
    list<entry<"mean_squared_error", la::mean_squared_error>, entry<"mean_absolute_error", la::mean_absolute_error>,
         entry<"huber", la::huber>, entry<"log_cosh", la::log_cosh>, entry<"hinge", la::hinge>,
         entry<"binary_cross_entropy", la::binary_cross_entropy>, entry<"negative_sampling", la::negative_sampling>,
         entry<"softmax_cross_entropy", la::softmax_cross_entropy>, entry<"cauchy", cauchy>,
         entry<"scaled_cauchy", scaled_cauchy>>;

/// Losses of a network that ends in log_softmax.
using value_losses_of_log_probabilities = list<entry<"kl_divergence", la::kl_divergence>>;

/// Losses whose targets are labels.
using label_losses = list<entry<"softmax_cross_entropy", la::softmax_cross_entropy>>;
using label_losses_of_log_probabilities = list<entry<"negative_log_likelihood", la::negative_log_likelihood>>;

/// Optimizers of the golden file training.txt.
using first_optimizers = list<entry<"sgd", la::sgd>, entry<"momentum", la::momentum>, entry<"nesterov", la::nesterov>,
                              entry<"adam", la::adam>, entry<"adamw", la::adamw>, entry<"my_momentum", my_momentum>>;
/// Those of optimizers_more.txt, but lion, which PyTorch has not.
using adaptive_optimizers =
    list<entry<"adagrad", la::adagrad>, entry<"rmsprop", la::rmsprop>, entry<"adadelta", la::adadelta>,
         entry<"adamax", la::adamax>, entry<"nadam", la::nadam>>;
using optimizers =
    decltype(concatenated(concatenated(first_optimizers{}, adaptive_optimizers{}), list<entry<"lion", la::lion>>{}));

/// What is put behind an optimizer by `|` and acts on parameters or gradients.
using penalties = list<entry<"l1", la::l1>, entry<"l2", la::l2>, entry<"elastic_net", la::elastic_net>,
                       entry<"weight_decay", la::weight_decay>, entry<"max_norm", la::max_norm>>;
using clippings = list<entry<"clip_by_value", la::clip_by_value>, entry<"clip_by_global_norm", la::clip_by_global_norm>,
                       entry<"accumulate_gradients", la::accumulate_gradients>>;
using schedules =
    list<entry<"constant_rate", la::constant_rate>, entry<"step_decay", la::step_decay>,
         entry<"exponential_decay", la::exponential_decay>, entry<"inverse_time", la::inverse_time>,
         entry<"polynomial", la::polynomial>, entry<"cyclic_triangular", la::cyclic_triangular>,
         entry<"cosine_annealing", la::cosine_annealing>, entry<"cosine_warm_restarts", la::cosine_warm_restarts>,
         entry<"one_cycle", la::one_cycle>, entry<"linear_warmup", la::linear_warmup>,
         entry<"reduce_on_plateau", la::reduce_on_plateau>, entry<"growing_momentum", la::growing_momentum>>;

} // namespace laws
