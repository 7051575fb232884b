#!/usr/bin/env bash
# Packs every package into a local feed: ./pack.sh [FOLDER] [OPTIONS OF dotnet pack], by default into artifacts/feed. --no-build takes
# the last Release build. The tool brings the native libraries of this platform, with -p:EveryPlatform=true of all that there are.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
feed="$here/artifacts/feed" options=()
for argument in "$@"; do
  case $argument in
    -*) options+=("$argument") ;;
    *) feed=$argument ;;
  esac
done
mkdir -p "$feed"
rm -f "$feed"/*.nupkg "$feed"/*.snupkg
dotnet pack "$here/EmotionXai.Engine.sln" -c Release --nologo -v quiet -o "$feed" "${options[@]}"
ls "$feed"
