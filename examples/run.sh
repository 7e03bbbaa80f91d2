#!/usr/bin/env bash
# usage: examples/run.sh [DIRECTORY]
# Installs what is missing, builds one program and watches 784-128-10 learn handwritten digits: the 10,000 that ship with
# lamina, or those in DIRECTORY (MNIST's four files or the t10k pair alone, plain or .gz).
set -eu
data=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")/.."
.ci/install g++ cmake ninja-build libxsimd-dev rapidjson-dev zlib1g-dev
mkdir -p build
log=build/digits.log
{ cmake --preset release -B build/digits -DLAMINA_TESTS=OFF && cmake --build build/digits --target 03_digits; } >"$log" 2>&1 ||
  { tail -n 40 "$log"; exit 1; }
exec build/digits/examples/03_digits ${data:+"$data"} --save "$PWD/build/digits.safetensors"
