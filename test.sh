#!/usr/bin/env bash
# Builds Release and runs every test; arguments go to the runner. The last line is `N passed, N failed, N skipped`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if ! command -v dotnet >/dev/null; then
  echo "error: the .NET 10 SDK is missing (dotnet is not on PATH); install it, then run this again." >&2
  exit 1
fi
./native.sh
# Reports are tested in a real browser; without one those tests say so and are skipped.
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing chromium, to test the pages" >&2
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || echo "note: chromium could not be installed; tests of pages are skipped." >&2
  else
    echo "note: no chromium: tests of pages are skipped; on Debian: apt-get install chromium (as root)." >&2
  fi
fi
dotnet build EmotionXai.Engine.sln -c Release --nologo -v quiet || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
Tests/bin/Release/net10.0/EmotionXai.Tests -noColor "$@" | tee "$log"
status=${PIPESTATUS[0]}
summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
if [ -z "$summary" ]; then
  echo "error: the runner closed without a summary." >&2
  exit 1
fi
number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
failed=$(($(number Failed) + $(number Errors)))
skipped=$(number Skipped)
echo "$(($(number Total) - failed - skipped)) passed, $failed failed, $skipped skipped"
exit "$status"
