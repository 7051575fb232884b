#!/usr/bin/env bash
# The CPU backend's tests on ARM's vectors (NEON), by emulation: publishes the tests for linux-arm64 and runs them under qemu-aarch64.
# Slow, and it times nothing: it shows that results are right. Needs Debian's qemu-user and C libraries for arm64; installs them where
# that is possible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=/usr/aarch64-linux-gnu
if ! command -v qemu-aarch64 >/dev/null || [ ! -e $root/lib/libstdc++.so.6 ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "error: install qemu-user libc6-arm64-cross libstdc++6-arm64-cross (Debian), then run this again." >&2; exit 1; }
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends qemu-user libc6-arm64-cross libstdc++6-arm64-cross; } >/dev/null 2>&1 ||
    { echo "error: apt-get could not install qemu-user libc6-arm64-cross libstdc++6-arm64-cross." >&2; exit 1; }
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The test runner names its runs by a hash that .NET takes from OpenSSL, of which there is no package for cross compilers.
mkdir -p "$work/lists/partial" "$work/copy"
(cd "$work" && apt-get -o APT::Architectures=amd64 -o APT::Architectures=arm64 -o Dir::State::lists="$work/lists" update -qq &&
  apt-get -o APT::Architectures=amd64 -o APT::Architectures=arm64 -o Dir::State::lists="$work/lists" download -qq libssl3:arm64 && dpkg -x libssl3_*.deb openssl) >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; echo "error: libssl3:arm64 could not be downloaded." >&2; exit 1; }

# In a copy: packages of another platform are no part of this checkout's lock files.
git ls-files -z | xargs -0 cp --parents -t "$work/copy" 2>"$work/log" && find "$work/copy" -name packages.lock.json -delete
dotnet publish "$work/copy/Tests" -c Release -r linux-arm64 --self-contained -o "$work/tests" --nologo -v quiet -p:RestoreLockedMode=false >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; echo "error: the tests could not be published for linux-arm64." >&2; exit 1; }
export DOTNET_EnableWriteXorExecute=0 DOTNET_GCHeapHardLimit=0x80000000 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
filters=(-class 'EmotionXai.Tests.Backends.Cpu*' -class '*WidthTests' -class '*WorkerPoolTests')
[ $# = 0 ] || filters=("$@")
qemu-aarch64 -L $root -E LD_LIBRARY_PATH="$work/openssl/usr/lib/aarch64-linux-gnu" "$work/tests/EmotionXai.Tests" -noColor "${filters[@]}"
