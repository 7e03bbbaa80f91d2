# Sourced by `measure` and `check`: the programs whose compilation is watched, in the folder $work.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# chain N: N pairs of a dense layer of its own width and a tanh, trained.
chain() {
  {
    echo '#include <lamina/lamina.hpp>'
    echo 'namespace la = lamina;'
    printf 'struct net : la::network<la::input<64>'
    for ((i = 1; i <= $1; ++i)); do printf ', la::dense<%d>, la::tanh' $((20 + i)); done
    echo ', la::dense<3>> {};'
    echo 'double f(la::model<net>& m, std::span<const float> x, std::span<const float> t) { la::trainer r{m, la::mean_squared_error{}, la::adam{}}; return r.step(x, t); }'
  } >"$work/chain$1.cpp"
}

echo '#include <xsimd/xsimd.hpp>' >"$work/xsimd.cpp"
echo '#include <lamina/lamina.hpp>' >"$work/umbrella.cpp"
cp "$root/bench/compile/digits.cpp" "$root/bench/compile/inference.cpp" "$work"
chain 4
chain 14
chain 50
