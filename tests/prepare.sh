#!/bin/sh
# Programs the tests use for real: Chromium, LibreOffice, nginx, a Japanese font.
# Installed where this is root on Debian; elsewhere what is there is used, and pytest says what it
# skips for want of a program (in CI that is a failure).
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
  command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium"
for part in calc impress writer; do # Debian packs them apart; elsewhere soffice is whole
  command -v "lo$part" >/dev/null 2>&1 ||
    { ! command -v apt-get && command -v soffice; } >/dev/null 2>&1 ||
    missing="$missing libreoffice-$part"
done
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
fc-list 2>/dev/null | grep -qiE "noto sans cjk|noto sans jp|biz ud" || missing="$missing fonts-noto-cjk fontconfig"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "not installed (tests that need them are skipped):$missing"
fi
