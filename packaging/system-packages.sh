#!/bin/sh
# Install the system libraries and fonts that Qt needs on Debian and Ubuntu, or print the exact command.
# A bare machine lacks all of them; without fonts Qt draws boxes. Elsewhere than on Linux there is nothing to do.
set -eu

PACKAGES="libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0 libxkbcommon-x11-0
 libx11-6 libx11-xcb1 libxcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1
 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 libpulse0 fonts-inter fonts-dejavu-core"

[ "$(uname -s)" = Linux ] || exit 0
python=${1:-python3}
"$python" -c 'import ensurepip, venv' 2>/dev/null || PACKAGES="$PACKAGES python3-venv"

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not Debian or Ubuntu: install the equivalents of these packages if Qt does not start:" >&2
    echo $PACKAGES >&2
    exit 0
fi

# A package may be installed under a newer name that provides the old one (libasound2t64, libglib2.0-0t64).
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}, ${Provides}\n' | sed -n 's/^ii  *//p' | tr ',' '\n' |
    sed 's/^ *//; s/ .*//')
missing=""
for package in $PACKAGES; do
    printf '%s\n' "$installed" | grep -qx "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends $missing
else
    echo "Chairside needs these system packages once; please run:" >&2
    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
