#!/usr/bin/env bash
# What every image does behind the .NET 10 SDK, in the folder of the sources: the libraries of videos and pictures, then the build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./native.sh
./emotionxai info
dotnet build EmotionXai.Engine.sln -c Release --nologo -v quiet
