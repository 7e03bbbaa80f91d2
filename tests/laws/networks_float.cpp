// The laws for every network, in float.
#include "batch.hpp"
#include "networks.hpp"
#include <cstring>
#include <io/files.hpp>

using namespace laws;

TEST_CASE("a float batch through a network is its samples one by one") {
  for_each(networks{}, []<class E>() { check_batches(E::text(), la::model<typename E::type>{la::seed{6}}); });
}

TEST_CASE("save then load is the identity, bit for bit, and a double file gives a float model") {
  const scratch_folder folder;
  for_each(networks{}, [&]<class E>() {
    INFO(E::name);
    using net = typename E::type;
    la::model<net> narrow{la::seed{1}}, narrow_again{la::seed{2}};
    la::model<net, double> wide{la::seed{3}}, wide_again{la::seed{4}};
    CHECK(bytes_of(narrow) != bytes_of(narrow_again));
    la::save(narrow, folder / "narrow");
    la::load(narrow_again, folder / "narrow");
    CHECK(bytes_of(narrow) == bytes_of(narrow_again));
    la::save(wide, folder / "wide");
    la::load(wide_again, folder / "wide");
    CHECK(bytes_of(wide) == bytes_of(wide_again));
    la::load(narrow, folder / "wide");
    CHECK(parameters_of(narrow) == as_numbers(as<float>(parameters_of(wide))));
    la::load(wide, folder / "narrow");
    CHECK(parameters_of(wide) == parameters_of(narrow_again));
  });
}

TEST_CASE("first values are a function of the seed, and nothing else") {
  for_each(networks{}, []<class E>() {
    INFO(E::name);
    using net = typename E::type;
    const la::model<net> one{la::seed{1}}, again{la::seed{1}}, other{la::seed{2}};
    CHECK(bytes_of(one) == bytes_of(again));
    CHECK(bytes_of(one) != bytes_of(other));
    CHECK(as_numbers(as<float>(parameters_of(la::model<net, double>{la::seed{1}}))) == parameters_of(one));
  });
}
