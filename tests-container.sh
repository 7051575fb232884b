#!/usr/bin/env bash
# Do the images run what the README starts with? Where docker or podman works the Dockerfile is built and run; else its steps run in a
# clean Debian of their own (debootstrap and chroot, as root), with the .NET SDK of this machine in the place of the base image.
# usage: ./tests-container.sh [ARGUMENTS OF test.sh]    such as -class '*ShapeTests*' for a short one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for tool in docker podman; do
  if command -v "$tool" >/dev/null && "$tool" info >/dev/null 2>&1; then
    "$tool" build -f container/Dockerfile -t emotionxai .
    "$tool" run --rm emotionxai reduce
    exec "$tool" run --rm --entrypoint /emotionxai/test.sh emotionxai "$@"
  fi
done
[ "$(id -u)" = 0 ] || { echo "error: no docker or podman works here, and a chroot takes root." >&2; exit 1; }
command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap; } >/dev/null
. /etc/os-release
root=$(mktemp -d)
mounts=()
finish() {
  for process in /proc/[0-9]*; do [ "$(readlink "$process/root")" != "$root" ] || kill -9 "${process#/proc/}" 2>/dev/null || true; done
  for ((i = ${#mounts[@]} - 1; i >= 0; i--)); do umount "${mounts[i]}" || umount -l "${mounts[i]}"; done
  rm -rf --one-file-system "$root"
}
trap finish EXIT
mounted() { mkdir -p "$root$2"; mount ${3:-} "$1" "$root$2"; mounts+=("$root$2"); }

echo "no docker or podman works here: the steps of container/Dockerfile in a clean $VERSION_CODENAME"
debootstrap --variant=minbase --include=ca-certificates,libssl3,zlib1g,libstdc++6 "$VERSION_CODENAME" "$root" >"$root.log" 2>&1 || { tail -5 "$root.log"; exit 1; }
rm -f "$root.log"

# The base image: the SDK and its command. How this machine reaches packages is the machine's, not the image's.
mounted /proc /proc "-t proc"
mounted /dev /dev --bind
mounted "$(dirname "$(readlink -f "$(command -v dotnet)")")" /usr/share/dotnet "--bind -o ro"
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
for from in /etc/resolv.conf /etc/hosts /etc/ssl/certs /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /root/.nuget/NuGet; do
  [ -e "$from" ] || continue
  mkdir -p "$root$(dirname "$from")"
  rm -rf "${root:?}$from"
  cp -rL "$from" "$root$(dirname "$from")/"
done
inside() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false SSL_CERT_FILE="${SSL_CERT_FILE:-}" SSL_CERT_DIR="${SSL_CERT_DIR:-}" "$@"; }

# COPY, RUN, WORKDIR and the two commands of the README.
mkdir -p "$root/emotionxai" "$root/work"
git ls-files -z | tar -c --null -T - | tar -x -C "$root/emotionxai"
inside /emotionxai/container/setup.sh
inside sh -c 'cd /work && exec /emotionxai/emotionxai reduce'
[ -s "$root/work/runs/latest/report.html" ] || { echo "error: reduce left no report." >&2; exit 1; }
inside /emotionxai/test.sh "$@"
