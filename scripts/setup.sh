#!/usr/bin/env bash
# Installs what a fresh Debian machine lacks. Says what it installs; returns at once if nothing is
# missing. Works as root, as a user with sudo, and tells everybody else what to ask for.
#   scripts/setup.sh         what running Hindsight needs
#   scripts/setup.sh tests   and what testing it needs besides
set -euo pipefail
cd "$(dirname "$0")/.."

# What the build of the interface needs at least.
NODE_OLDEST=20.19
NPM_OLDEST=11
# Tools that Debian has only in older versions come from npm, into this folder.
TOOLS=target/tools

missing=()

# Rust's linker is the C compiler.
command -v cc >/dev/null || missing+=(gcc libc6-dev)

# The database server's programs; the server itself is started by Hindsight, in its own folder.
has_postgres() {
    [ -n "${PG_BIN_DIR:-}" ] || [ -n "${DATABASE_URL:-}" ] ||
        ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null
}
has_postgres || missing+=(postgresql)

# The interface is built with Node.js.
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)

# The tests drive a real browser.
if [ "${1:-}" = tests ]; then
    command -v chromium >/dev/null || missing+=(chromium)
fi

if [ ${#missing[@]} -gt 0 ]; then
    echo "Hindsight needs these Debian packages, which are missing: ${missing[*]}"
    if [ "$(id -u)" = 0 ]; then
        sudo=()
    elif command -v sudo >/dev/null; then
        sudo=(sudo)
        echo "They will be installed with sudo."
    else
        echo "Please have an administrator run: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    if ! command -v apt-get >/dev/null; then
        echo "This is not Debian: please install them by your system's means." >&2
        exit 1
    fi
    if [[ " ${missing[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        echo "Debian's own database cluster is not needed: telling postgresql-common not to make one."
        "${sudo[@]}" mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" |
            "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    "${sudo[@]}" apt-get update -qq
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq -o Dpkg::Options::=--force-confold --no-install-recommends "${missing[@]}"
fi

if ! command -v cargo >/dev/null; then
    echo "Rust is missing: install it with rustup (https://rustup.rs) or your system's packages." >&2
    exit 1
fi

# Whether version $1 is at least $2.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

export PATH="$PWD/$TOOLS/node_modules/node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/bin:$PWD/$TOOLS/node_modules/.bin:$PATH"
newer=()
at_least "$(node --version | tr -d v)" "$NODE_OLDEST" ||
    newer+=("node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@22")
at_least "$(npm --version 2>/dev/null || echo 0)" "$NPM_OLDEST" || newer+=(npm@11)
if [ ${#newer[@]} -gt 0 ]; then
    echo "Node.js $(node --version) with npm $(npm --version) is too old to build the interface: installing ${newer[*]} into $TOOLS."
    mkdir -p "$TOOLS"
    npm install --loglevel=error --no-fund --no-audit --prefix "$TOOLS" "${newer[@]}"
fi
