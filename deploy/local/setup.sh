#!/bin/sh
# Make .venv and install hash-locked wheels into it: setup.sh base [local] [test] [tools].
# Needs Python >= 3.11 and nothing else. A second run does nothing; a changed lock is installed
# anew; a venv that does not run is made anew.
set -eu
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_USER || true
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

cd "$(dirname "$0")/../.."
venv=.venv
seen=

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
        [ -n "$candidate" ] || continue
        command -v "$candidate" >/dev/null 2>&1 || continue
        if is_new_enough "$candidate"; then
            python=$candidate
            return
        fi
        seen="$seen $candidate ($("$candidate" --version 2>&1 | head -n 1))"
    done
    echo "Throughline needs Python 3.11 or later; found:${seen:- none}. Set PYTHON to one." >&2
    exit 1
}

make_venv() {
    echo "making $venv with $("$python" --version)"
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        # Debian ships Python without ensurepip; the pip beside it can install into the venv.
        rm -rf "$venv"
        "$python" -m venv --without-pip "$venv"
    fi
}

install() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        "$venv/bin/python" -m pip install "$@"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip --python "$venv/bin/python" install "$@"
    else
        echo "This Python has neither ensurepip nor pip (Debian: apt install python3-venv)." >&2
        exit 1
    fi
}

# A stamp is named by the lock and the Python it was installed for.
stamp() {
    "$venv/bin/python" - "$1" <<'PYTHON'
import hashlib, pathlib, sys
name = sys.argv[1]
lock = pathlib.Path(f"requirements/{name}.txt").read_bytes()
digest = hashlib.sha256(lock + sys.version.encode()).hexdigest()[:16]
print(f".venv/stamps/{name}-{digest}")
PYTHON
}

find_python
is_new_enough "$venv/bin/python" || make_venv
for name in "$@"; do
    stamp=$(stamp "$name")
    [ ! -e "$stamp" ] || continue
    echo "installing requirements/$name.txt"
    install --quiet --require-hashes --requirement "requirements/$name.txt"
    mkdir -p "$venv/stamps"
    rm -f "$venv/stamps/$name-"*
    touch "$stamp"
done
