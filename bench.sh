#!/usr/bin/env bash
# Benchmarks: what the engine's kernels do, and how it compares with what one would take instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
usage="usage: ./bench.sh cpu [FILTER]                                        kernels of the CPU, timed (such as './bench.sh cpu *Product*')
       ./bench.sh kernels [--all]                                kernels of the GPU, counted on an interpreter of their PTX; needs no card
       ./bench.sh ulp [N]                                        exp, log, tanh and sigmoid of all 2^32 float32 against float64, minutes; with N of every N-th 65536
       ./bench.sh gpu [--device emulated]                        the GPU's kernels: checked against Reference, then timed beside the card's limits
       ./bench.sh gpu --counts                                   launches, bytes and waits of training, attribution and prediction; needs no card
       ./bench.sh twin                                           a training beside libtorch's, step by step, and libtorch's weights read here
       ./bench.sh compare A.json B.json                          two results of peers side by side, with what is slower
       ./bench.sh tables [--check]                               the tables in docs and Bench/results, from Bench/results/*.json
       ./bench.sh peers [--quick] [--json FILE] [--filter TEXT]      side by side with libtorch, ONNX Runtime, OpenBLAS and oneDNN"

# Builds a project; what the build says is shown only where it fails.
build() {
  local log
  log=$(mktemp)
  dotnet build "$1" -c Release --nologo -v quiet >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; echo "error: the build of $1 failed." >&2; exit 1; }
  rm -f "$log"
}

case "${1:-}" in
  cpu) shift; exec dotnet run --project Bench -c Release -- --filter "${1:-*}" ;;
  ulp) shift; exec dotnet run --project Bench -c Release -- ulp "$@" ;;
  gpu|kernels)
    [ "$1" = gpu ] && shift
    build Bench/Gpu/GpuBench.csproj
    exec dotnet Bench/Gpu/bin/Release/net10.0/EmotionXai.GpuBench.dll "$@"
    ;;
  peers|twin|compare|tables)
    [ "$1" = peers ] && shift
    out=Bench/Peers/bin/Release/net10.0
    build Bench/Peers
    # On a system whose libstdc++ is older than the one libtorch's wrapper was built with, a script patches the copy just built.
    fix=${PEERS_TORCH_FIX:-../shared/tools/torchsharp/fix-for-old-libstdc++.sh}
    if [ -f "$fix" ]; then bash "$fix" "$out" >/dev/null 2>&1 || echo "note: $fix did not succeed." >&2; fi
    # Results and what is written about them change no program.
    PEERS_COMMIT=$(git rev-parse --short=8 HEAD 2>/dev/null || true)
    [ -z "$PEERS_COMMIT" ] || git diff --quiet HEAD -- . ':!docs' ':!Bench/results' ':!README.md' || PEERS_COMMIT="$PEERS_COMMIT+"
    export PEERS_COMMIT
    exec "$out/EmotionXai.Peers" "$@"
    ;;
  *) echo "$usage" >&2; exit 2 ;;
esac
