#!/usr/bin/env bash
# Mutates files for every reader and keeps those that reach new branches: ./fuzz.sh MINUTES [TARGET...]
# Inputs that were read wrongly are kept in runs/fuzz; exit code 1 where there are any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
usage="usage: ./fuzz.sh MINUTES [TARGET...]"
[[ "${1:-}" =~ ^[0-9]+([.][0-9]+)?$ ]] || { echo "$usage" >&2; exit 2; }
minutes=$1; shift
log=$(mktemp)
dotnet build Fuzz -c Release --nologo -v quiet >"$log" 2>&1 || { cat "$log" >&2; echo "error: the build of Fuzz failed." >&2; exit 1; }
rm -f "$log"
# A copy is instrumented, so that nothing else is slowed.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r Fuzz/bin/Release/net10.0/. "$copy"
dotnet Fuzz/bin/Release/net10.0/EmotionXai.Fuzz.dll instrument "$copy/EmotionXai.Landmarks.dll" "$copy/EmotionXai.Engine.dll" "$copy/Parquet.dll"
out=runs/fuzz
mkdir -p "$out"
# Work on a disk of memory where there is one.
[ -d /dev/shm ] && export TMPDIR=/dev/shm
read -r -a targets <<<"${*:-openface mediapipe pyfeat ckplus labels parquet safetensors model onnx results explanation progress fold}"
status=0
# A process a target: a hang ends one and no other.
for target in "${targets[@]}"; do
  each=$(awk "BEGIN { print $minutes / ${#targets[@]} }")
  dotnet "$copy/EmotionXai.Fuzz.dll" hunt "$each" "$out" "$RANDOM" "$target" || status=1
done
if compgen -G "$out/*/*.txt" >/dev/null || compgen -G "$out/*/hang-*" >/dev/null; then status=1; echo "inputs that were read wrongly: $out"; fi
exit $status
