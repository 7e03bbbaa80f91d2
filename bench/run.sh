#!/usr/bin/env bash
# usage: bench/run.sh [CXX]
# Races lamina against the libraries that can be had (Debian packages; without one, its races go on without it), and measures what
# compiling costs. Tables on the terminal, JSON in build/bench/. One thread; other work on the machine is not counted, but shares its caches.
set -eu
cxx=${1:-g++}
cd "$(dirname "$0")/.."
.ci/install g++ cmake ninja-build libxsimd-dev rapidjson-dev zlib1g-dev
for peer in libopenblas-dev libeigen3-dev libdnnl-dev libdlib-dev libtorch-dev; do .ci/install $peer; done

out=build/bench
[ "$cxx" = g++ ] || out=build/bench-$(basename "$cxx")
mkdir -p $out
log=$out/build.log
{ cmake --preset release -B $out -DCMAKE_CXX_COMPILER="$cxx" -DLAMINA_BENCH=ON -DLAMINA_TESTS=OFF -DLAMINA_EXAMPLES=OFF &&
  cmake --build $out --target lamina_benches; } >"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
grep 'does not take part' "$log" || true

mnist=examples/data/mnist
for race in gemm train infer elementwise toolkit checkpoint sequences; do
  [ -x $out/bench/bench_$race ] || continue
  echo
  $out/bench/bench_$race --json $out/$race.json
done
for isa in ALL AVX2; do   # oneDNN is one library per process: for few channels its narrower vectors are often faster
  echo
  DNNL_MAX_CPU_ISA=$isa $out/bench/bench_images --json $out/images-$isa.json
done
echo
$out/bench/bench_epoch --json $out/epoch.json $mnist/t10k-images-idx3-ubyte.gz $mnist/t10k-labels-idx1-ubyte.gz
echo
$out/bench/bench_word2vec --json $out/word2vec.json examples/data/text/tinyshakespeare.txt.gz
echo
bench/compile/measure "$cxx" --json $out/compile.json || true
