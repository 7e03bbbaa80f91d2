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

# resnet N: N residual blocks of three kinds, 16 and 32 channels and the step between them, trained.
resnet() {
  {
    echo '#include <lamina/lamina.hpp>'
    echo 'namespace la = lamina;'
    for kind in 'block la::residual<' 'down la::residual<la::shortcut<la::conv2d<C, la::kernel<1>, la::stride<2>>>,'; do
      local stride=
      [ "${kind%% *}" = down ] && stride=', la::stride<2>'
      echo "template <std::size_t C> using ${kind%% *} = ${kind#* } la::conv2d<C, la::kernel<3>$stride, la::padding<1>>, la::batch_norm, la::relu,"
      echo '  la::conv2d<C, la::kernel<3>, la::padding<1>>, la::batch_norm>;'
    done
    printf 'struct net : la::network<la::input<3, 32, 32>, la::conv2d<16, la::kernel<3>, la::padding<1>>, la::relu'
    for ((i = 1; i <= $1; ++i)); do printf ', %s, la::relu' "$( ((i < $1 / 2)) && echo 'block<16>' || { ((i == $1 / 2)) && echo 'down<32>' || echo 'block<32>'; })"; done
    echo ', la::global_avg_pool, la::dense<10>> {};'
    echo 'double f(la::model<net>& m, std::span<const float> x, std::span<const la::label> t) { la::trainer r{m, la::softmax_cross_entropy{}, la::adam{}}; return r.step(x, t); }'
  } >"$work/resnet$1.cpp"
}

echo '#include <xsimd/xsimd.hpp>' >"$work/xsimd.cpp"
echo '#include <lamina/lamina.hpp>' >"$work/umbrella.cpp"
cp "$root/bench/compile/digits.cpp" "$root/bench/compile/inference.cpp" "$root/bench/compile/lenet.cpp" "$work"
chain 4
chain 14
chain 50
resnet 4
resnet 8
resnet 20
