#!/usr/bin/env bash
# Benchmarks. `./bench.sh kernels [FILTER]` times the engine's kernels with BenchmarkDotNet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
case "${1:-}" in
  kernels) shift; exec dotnet run --project Bench -c Release -- --filter "${1:-*}" ;;
  *) echo "usage: ./bench.sh kernels [FILTER]   (such as './bench.sh kernels *Product*')" >&2; exit 2 ;;
esac
