#!/usr/bin/env bash
# Set everything up, from a machine that has only Debian (or Ubuntu), Python, git and make.
#
#   setup.sh run     what serving needs: the virtual environment, the project, the compiled catalogues of translations,
#                    and the libraries and typefaces of documents
#   setup.sh test    the same, and the programs that the tests drive: PostgreSQL, Chromium, SoftHSM, Go, LibreOffice, Poppler
#
# Safe to run again and again: what is there is left alone, and then nothing asks the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=.venv
readonly PACKAGES_STAMP=$VENV/.packages
readonly PROJECT_STAMP=$VENV/.project

say() { printf '%s\n' "$@" >&2; }

fail() {
    say "$@"
    exit 1
}

# Root, or a sudo that asks no password; otherwise a person has to install.
may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2
}

# A new machine has no package lists, an old one has stale ones: both show as a failed first try.
install_system_packages() {
    may_install || fail "Missing on this machine: $*" "Install with: sudo apt-get install $*"
    say "Installing system packages: $*"
    apt_install "$@" 2>/dev/null && return
    as_root apt-get update -qq </dev/null >&2 || true
    apt_install "$@" || fail "apt-get could not install: $*" "Install them by hand, then run this again."
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.14; do
        if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            printf '%s' "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is missing. Install the package python3 (Debian 12 or newer), or name one: PYTHON=..."
}

# Where the checkout was moved or the interpreter went away, the environment's scripts point nowhere.
environment_is_usable() {
    [ -x $VENV/bin/python ] && [ "$(cat $VENV/.place 2>/dev/null)" = "$PWD" ] && $VENV/bin/python -c '' 2>/dev/null
}

make_environment() {
    environment_is_usable && return
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_system_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    say "Making the virtual environment in $VENV"
    "$python" -m venv --clear $VENV
    printf '%s' "$PWD" >$VENV/.place
}

digest() { sha256sum "$@" | sha256sum; }

# Run the rest of the arguments unless the stamp already carries this digest.
once_for() {
    local stamp=$1 wanted=$2
    shift 2
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    "$@"
    printf '%s' "$wanted" >"$stamp"
}

install_packages() {
    say "Installing the Python packages of requirements.lock (a minute or two, once)"
    $VENV/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
}

install_project() {
    $VENV/bin/python -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps -e .
}

compile_catalogues() {
    local source
    for source in governance/translations/*/LC_MESSAGES/*.po; do
        [ -e "$source" ] || continue
        if [ ! -e "${source%.po}.mo" ] || [ "$source" -nt "${source%.po}.mo" ]; then
            $VENV/bin/pybabel --quiet compile -i "$source" -o "${source%.po}.mo"
        fi
    done
}

has_postgresql() {
    local program version
    for program in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
        [ -x "$program" ] || continue
        version=$("$program" --version | grep -oE '[0-9]+' | head -n 1)
        [ "$version" -ge 15 ] && return
    done
    return 1
}

has_chromium() { $VENV/bin/python tests/chromium.py 2>/dev/null; }
has_softhsm() { command -v softhsm2-util >/dev/null; }
has_libreoffice() { command -v soffice >/dev/null; }
has_go() { command -v go >/dev/null; }
has_go_sumdb() { [ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ]; }
has_poppler() { command -v pdftotext >/dev/null; }
has_library() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -F "$1" >/dev/null; }
has_typeface() { compgen -G "/usr/share/fonts/truetype/*/$1" >/dev/null; }

# Ubuntu's package `chromium` is a snap, which neither containers nor Playwright can drive.
chromium_is_a_snap() { grep -qs '^ID=ubuntu' /etc/os-release; }

# Everything but PDF works without them, so that a machine on which nobody may install is told, and served.
install_what_documents_need() {
    local missing=()
    has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
    has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
    has_typeface DejaVuSans.ttf || missing+=(fonts-dejavu-core)
    has_typeface DejaVuSerifCondensed.ttf || missing+=(fonts-dejavu-extra)
    [ ${#missing[@]} -eq 0 ] && return
    if may_install; then
        install_system_packages "${missing[@]}"
    else
        say "Documents (PDF) need: sudo apt-get install ${missing[*]}"
    fi
}

install_test_programs() {
    local missing=() browser=
    has_postgresql || missing+=(postgresql)
    has_softhsm || missing+=(softhsm2)
    has_go || missing+=(golang-go)
    has_go_sumdb || missing+=(golang-golang-x-mod-dev)
    has_libreoffice || missing+=(libreoffice-calc-nogui)
    has_poppler || missing+=(poppler-utils)
    if ! has_chromium; then
        if chromium_is_a_snap; then browser=playwright; else missing+=(chromium-headless-shell); fi
    fi
    [ ${#missing[@]} -eq 0 ] || install_system_packages "${missing[@]}"
    has_postgresql || fail "PostgreSQL is older than 15. Install the package postgresql of Debian 12 or newer."
    [ -z "$browser" ] || $VENV/bin/playwright install --with-deps chromium >&2 ||
        fail "Chromium is missing and could not be installed: see 'playwright install chromium'."
}

make_environment
once_for $PACKAGES_STAMP "$(digest requirements.lock)" install_packages
once_for $PROJECT_STAMP "$(digest pyproject.toml)" install_project
compile_catalogues
install_what_documents_need
case "${1:-run}" in
    run) ;;
    test) install_test_programs ;;
    *) fail "usage: setup.sh [run|test]" ;;
esac
