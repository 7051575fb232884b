#!/usr/bin/env bash
# OpenCV's native library, which reads videos and pictures, links to GTK 3 and a few libraries more. Installs what is missing
# where that is possible, else says what to install; all that needs no pictures works without. The program ffmpeg makes of what
# OpenCV draws videos that browsers play, with sound.
[ "$(uname -s)" = Linux ] || exit 0
libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null)
missing=""
for library in libgtk-3.so.0 libdrm.so.2 libatomic.so.1; do
  grep -qF "$library " <<<"$libraries" || missing="$missing $library"
done
if ! command -v ffmpeg >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing ffmpeg, so that browsers play what is drawn into videos" >&2
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends ffmpeg; } >/dev/null 2>&1 || echo "note: ffmpeg could not be installed; overlays are then MPEG-4 part 2 without sound." >&2
fi
[ -n "$missing" ] || exit 0
install() { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1" libdrm2 libatomic1; }
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing what OpenCV needs to read videos:$missing" >&2
  # Newer releases of Debian and Ubuntu call the same package libgtk-3-0t64.
  { install libgtk-3-0 || install libgtk-3-0t64; } >/dev/null 2>&1 && exit 0
fi
echo "note: videos and pictures cannot be read before$missing is there; on Debian or Ubuntu: apt-get install libgtk-3-0 libdrm2 libatomic1 (as root)." >&2
exit 0
