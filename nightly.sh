#!/usr/bin/env bash
# What takes a night: kills at random moments, two processes on one folder (of equal and of other options), damaged folds, a full disk, mutants for every reader.
# usage: ./nightly.sh [KILLS PAIRS DAMAGES FUZZ_MINUTES]     (200 50 200 120 without numbers; 5 3 5 2 takes minutes)
# Closes with a line of counts for each; exit code 1 where one failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
kills=${1:-200} pairs=${2:-50} damages=${3:-200} minutes=${4:-120}
dotnet build Cli -c Release --nologo -v quiet || exit 1
program() { dotnet Cli/bin/Release/net10.0/emotionxai.dll "$@"; }
work=$(mktemp -d)
trap 'umount -q "$work/full" 2>/dev/null; rm -rf "$work"' EXIT
program synth --subjects 5 --repetitions 1 --frames 6 --out "$work/faces" --quiet || exit 1
reduce() { program reduce --data "$work/faces/landmarks.csv" --emotion happiness --keep 68,8 --folds 5 --inner-folds 2 --ranking-seeds 1 --controls motion --hidden 4,3 --epochs 40 --frames 6 --threads 1 --quiet --out "$@"; }

# What must be the same for every way to the end: tables and models. results.json holds times.
sums() { (cd "$1" && sha256sum predictions.csv ranking.csv models/*.safetensors 2>/dev/null); }
start=$(date +%s%N)
reduce "$work/whole" || { echo "error: the run without any disturbance failed"; exit 1; }
took=$((($(date +%s%N) - start) / 1000000))
whole=$(sums "$work/whole")
[ -n "$whole" ] || { echo "error: the run left no results"; exit 1; }
failed=0

# A moment of the run, in seconds: from a part of it (0 its start) to a little behind its end.
moment() { awk -v ms=$((RANDOM * 32768 + RANDOM)) -v took="$took" -v from="$1" 'BEGIN { printf "%.3f", (took * from + ms % int(took * (1.1 - from))) / 1000 }'; }
stopped() { reduce "$1" >/dev/null 2>&1 & local p=$!; sleep "$(moment "${2:-0}")"; pkill -9 -P $p 2>/dev/null; kill -9 $p 2>/dev/null; wait $p 2>/dev/null; }
check() { if [ "$(sums "$1")" = "$whole" ]; then good=$((good + 1)); else failed=1; echo "  other results: $1 (kept in runs/nightly)"; mkdir -p runs/nightly; cp -r "$1" runs/nightly/; fi; rm -rf "$1"; }

good=0
for ((i = 0; i < kills; i++)); do
  for ((k = RANDOM % 3; k >= 0; k--)); do stopped "$work/kill$i"; done
  reduce "$work/kill$i" >/dev/null 2>"$work/said" || cat "$work/said"
  check "$work/kill$i"
done
echo "kills     $good of $kills chains of one to three ended with the same results"

good=0
for ((i = 0; i < pairs; i++)); do
  reduce "$work/pair$i" >/dev/null 2>&1 & one=$!
  reduce "$work/pair$i" >/dev/null 2>&1 & two=$!
  wait $one; a=$?; wait $two; b=$?
  [ $a = 0 ] || [ $b = 0 ] || { failed=1; echo "  both of a pair failed: $a, $b"; }
  check "$work/pair$i"
done
echo "pairs     $good of $pairs pairs on one folder left whole results"

# Runs of other options: one has the folder, started first or not; the other is refused in one line, and nothing is mixed or lost.
reduce "$work/elsewhere" --seed 2 || { echo "error: the run with another seed failed"; exit 1; }
elsewhere=$(sums "$work/elsewhere")
[ "$elsewhere" != "$whole" ] || { echo "error: another seed gives the same results"; exit 1; }
good=0
for ((i = 0; i < pairs; i++)); do
  # Every second time the first is killed before the others come: its unfinished folds are its own.
  [ $((i % 2)) = 0 ] || stopped "$work/other$i"
  reduce "$work/other$i" >/dev/null 2>"$work/said1" & one=$!
  reduce "$work/other$i" --seed 2 >/dev/null 2>"$work/said2" & two=$!
  wait $one; a=$?; wait $two; b=$?
  found=$(sums "$work/other$i")
  if [ $a = 0 ] && [ $b != 0 ] && [ "$found" = "$whole" ] && [ "$(grep -c '^error: ' "$work/said2")" = 1 ]; then good=$((good + 1))
  elif [ $b = 0 ] && [ $a != 0 ] && [ "$found" = "$elsewhere" ] && [ "$(grep -c '^error: ' "$work/said1")" = 1 ]; then good=$((good + 1))
  else failed=1; echo "  other options: exit codes $a and $b, results of $([ "$found" = "$whole" ] && echo the first || { [ "$found" = "$elsewhere" ] && echo the second || echo neither; })"; cat "$work/said1" "$work/said2"; fi
  rm -rf "$work/other$i"
done
echo "others    $good of $pairs pairs of other options on one folder: one ran to its own results, the other was refused"

good=0 hit=0
for ((i = 0; i < damages; i++)); do
  stopped "$work/damage$i" 0.6
  mapfile -t folds < <(find "$work/damage$i/unfinished" -type f -name '*-[0-9]*' 2>/dev/null)
  if [ ${#folds[@]} -gt 0 ]; then
    hit=$((hit + 1)) fold=${folds[RANDOM % ${#folds[@]}]} size=$(stat -c %s "$fold")
    printf "\\x$(printf %x $((RANDOM % 256)))" | dd of="$fold" bs=1 seek=$(((RANDOM * 32768 + RANDOM) % size)) conv=notrunc status=none
  fi
  reduce "$work/damage$i" >/dev/null 2>"$work/said" || cat "$work/said"
  check "$work/damage$i"
done
echo "damages   $good of $damages stopped runs ended with the same results; a byte of a fold was changed in $hit"

if [ "$(id -u)" = 0 ] && mkdir -p "$work/full" && mount -t tmpfs -o size=64k none "$work/full" 2>/dev/null; then
  reduce "$work/full/run" >/dev/null 2>"$work/said"; code=$?
  if [ $code = 1 ] && [ "$(grep -c '^error: ' "$work/said")" = 1 ]; then echo "full disk  one line, exit code 1"; else failed=1; echo "full disk  exit code $code:"; cat "$work/said"; fi
  umount "$work/full"
else
  echo "full disk  not tried: it takes root and a tmpfs"
fi

[ "$minutes" = 0 ] || ./fuzz.sh "$minutes" || failed=1
exit $failed
