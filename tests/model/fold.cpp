// fold_batch_norm leaves a network without batch norms that gives the same outputs, whatever stands before the norm:
// every kind of convolution, with and without bias and groups, at the top and inside blocks.
#include <laws/networks.hpp>
#include <laws/support.hpp>

using namespace laws;

namespace {

struct pictures : la::network<la::input<3, 9, 7>, la::conv2d<6, la::kernel<3>, la::no_bias, la::groups<3>>,
                              la::batch_norm, la::relu, la::conv2d<5, la::kernel<2>, la::stride<2>>, la::batch_norm,
                              la::tanh, la::conv2d<5, la::groups<5>, la::kernel<3>, la::same_padding>, la::batch_norm,
                              la::flatten, la::dense<4>, la::batch_norm> {};
struct signal : la::network<la::input<4, 17>, la::conv1d<6, la::kernel<3>, la::groups<2>>, la::batch_norm, la::silu,
                            la::conv1d<3, la::no_bias, la::kernel<5>, la::padding<2>>, la::batch_norm> {};
struct transposed
    : la::network<la::input<4, 5, 3>, la::conv_transpose2d<6, la::kernel<3>, la::stride<2>, la::groups<2>, la::no_bias>,
                  la::batch_norm, la::relu, la::conv_transpose2d<2, la::kernel<2>>, la::batch_norm,
                  la::conv_transpose2d<2, la::kernel<3>, la::groups<2>>, la::batch_norm> {};
template <std::size_t Channels>
using block = la::residual<la::conv2d<Channels, la::kernel<3>, la::padding<1>, la::no_bias>, la::batch_norm, la::relu,
                           la::conv2d<Channels, la::kernel<3>, la::padding<1>>, la::batch_norm>;
struct residuals : la::network<la::input<2, 6, 6>, la::batch_norm, block<2>, la::relu,
                               la::residual<la::shortcut<la::conv2d<5, la::kernel<1>, la::no_bias>, la::batch_norm>,
                                            la::conv2d<5, la::kernel<3>, la::same_padding>, la::batch_norm>,
                               la::batch_norm, la::relu, la::global_avg_pool, la::dense<3>> {};
struct stem : la::network<la::input<3, 6, 6>, la::conv2d<4, la::kernel<3>>> {};
struct inception
    : la::network<la::input<3, 6, 6>, la::named<"stem", stem>, la::batch_norm, la::relu,
                  la::branches<la::concat, la::path<la::named<"a", la::conv2d<2, la::kernel<1>>>, la::batch_norm>,
                               la::path<la::conv2d<3, la::kernel<3>, la::padding<1>>, la::batch_norm, la::relu,
                                        la::residual<la::conv2d<3, la::kernel<1>>, la::batch_norm>>,
                               la::path<la::batch_norm>, la::path<>>,
                  la::flatten, la::maxout<4>, la::batch_norm, la::dense<2>> {};

/// The norms that nothing to fold into stands before.
using folded = list<entry<"pictures", pictures>, entry<"signal", signal>, entry<"transposed", transposed>,
                    entry<"residuals", residuals>, entry<"inception", inception>, entry<"dense", batch_normalized>,
                    entry<"tied", tied>, entry<"tied_image", tied_image>, entry<"tied_filters", tied_filters>>;

template <class Net> std::size_t norms() {
  std::size_t count = 0;
  for (const la::parameter& p : Net::leaf_table.parameters) count += p.name.view().ends_with("running_var");
  return count;
}

} // namespace

TEST_CASE("folding a batch norm into what stands before it changes no output") {
  for_each(folded{}, []<class E>() {
    INFO(E::text());
    using net = typename E::type;
    la::model<net, double> model{la::seed{1}};
    std::uint64_t seed = 0;
    for (const la::parameter& p : model.parameters) {
      const auto values = drawn<double>(p.shape.size(), ++seed);
      const auto view = model.parameter(p.name.view());
      for (std::size_t i = 0; i < values.size(); ++i)
        view[i] = p.name.view().ends_with("running_var") ? values[i] * values[i] + 0.1 : values[i];
    }
    const auto fast = la::fold_batch_norm(model);
    for (std::size_t sample = 0; sample < 3; ++sample) {
      const auto x = drawn<double>(net::input_shape.size(), 100 + sample);
      check_near(E::text(), as_numbers(fast(std::span<const double>(x))), as_numbers(model(std::span<const double>(x))),
                 {1e-11, 1e-12});
    }
  });
}

TEST_CASE("a network on tokens is folded too, and its tied layer gets a table of its own") {
  struct words : la::network<la::token_input<4, 7>, la::named<"words", la::mean_embedding<5>>, la::dense<5>,
                             la::batch_norm, la::tanh, la::dense<7, la::weight_of<"words">>, la::batch_norm> {};
  la::model<words, double> model{la::seed{1}};
  assign(model.parameter("2.running_mean"), drawn<double>(5, 1));
  assign(model.parameter("5.running_mean"), drawn<double>(7, 2));
  const auto fast = la::fold_batch_norm(model);
  const numbers x{3, 0, 6, 3};
  check_near("words", as_numbers(fast(std::span<const double>(x))), as_numbers(model(std::span<const double>(x))),
             {1e-12, 1e-12});
  CHECK(elements(fast.parameter("0.weight")) == elements(model.parameter("words.weight")));
  CHECK(fast.parameter("3.weight").size() == 35);
}

TEST_CASE("no batch norm stays behind a contraction, and those that stay are where they were") {
  CHECK(norms<la::folded_network<pictures>>() == 0);
  CHECK(norms<la::folded_network<signal>>() == 0);
  CHECK(norms<la::folded_network<transposed>>() == 0);
  CHECK(norms<residuals>() == 6);
  CHECK(norms<la::folded_network<residuals>>() == 2);
  CHECK(norms<inception>() == 6);
  CHECK(norms<la::folded_network<inception>>() == 2);
  static_assert(la::folded_network<residuals>::layer_count == residuals::layer_count);
  static_assert(la::folded_network<transposed>::layer_count == 4);
  static_assert(la::folded_network<residuals>::output_shape == residuals::output_shape);
  static_assert(la::folded_network<inception>::shape_after<2> == inception::shape_after<3>);
}
