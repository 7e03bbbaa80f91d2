#!/usr/bin/env bash
# usage: tests/run.sh
# Installs what is missing, builds with g++, with clang and with sanitizers, and runs every test. About 25 minutes on two
# cores. Faster, for work on one thing: cmake --preset release && cmake --build --preset release && ctest --preset release
set -u
cd "$(dirname "$0")/.." || exit 1
jobs=$(nproc) fail=0 start=$SECONDS
say() { printf '\n== %s (%d:%02d)\n' "$*" $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)); }

say "packages"
.ci/install g++ cmake ninja-build binutils libxsimd-dev rapidjson-dev zlib1g-dev libpng-dev libturbojpeg0-dev libsndfile1-dev catch2 bzip2 xz-utils gnuplot-nox libeigen3-dev
newest_clang() { for v in 19 20 21 18; do command -v clang++-$v >/dev/null && { echo clang++-$v; return; }; done; }
[ -n "$(newest_clang)" ] || .ci/install clang-19 libclang-rt-19-dev
clang=$(newest_clang)
[ "$clang" != clang++-19 ] || .ci/install libclang-rt-19-dev
for tool in cmake ninja c++; do command -v $tool >/dev/null || { echo "$tool is needed"; exit 1; }; done

build() { # build PRESET OPTIONS...
  local preset=$1; shift
  say "building: $preset"
  cmake --preset "$preset" -DLAMINA_TEST_PREFIX="$preset: " "$@" >build/"$preset".log 2>&1 || { tail -n 30 build/"$preset".log; fail=1; return; }
  built+=("$preset")
  cmake --build --preset "$preset" -j "$jobs" -- -k 0 >build/"$preset".log 2>&1 ||
    { grep -E -A 12 'FAILED|error:' build/"$preset".log | head -n 150; echo "$preset does not build"; fail=1; }
  grep -E 'warning:' build/"$preset".log | sort -u | head -n 20
}
mkdir -p build
built=()
build release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DLAMINA_TEST_OPTIMIZATION=-O1 # half to wait of what -O3 takes
if [ -n "$clang" ]; then
  # The units run with clang in the sanitizers' build; here is what calls the compiler itself.
  build clang -DCMAKE_CXX_COMPILER="$clang" -DLAMINA_TEST_SETS="compile_fail;structure;readme" -DLAMINA_EXAMPLES=OFF
  build sanitize -DCMAKE_CXX_COMPILER="$clang" -DLAMINA_TEST_SETS="units;fuzz;races" -DLAMINA_EXAMPLES=OFF
else
  echo "no clang 18 or newer: only $(c++ --version | head -n 1), no fuzzers"
  build sanitize -DLAMINA_TEST_SETS=units -DLAMINA_EXAMPLES=OFF
fi

say "running"
printf 'subdirs(%s)\n' "${built[@]}" >build/CTestTestfile.cmake # one run over all build folders, and one closing line
ctest --test-dir build -j "$jobs" --timeout 600 --output-on-failure --no-tests=error || fail=1
exit $fail
