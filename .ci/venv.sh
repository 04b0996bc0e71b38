#!/bin/sh
# Keeps a virtual environment in step with the lock file and pyproject.toml; does nothing while it is in step.
#
#     sh .ci/venv.sh VENV "3.14 3.13 …" [PYTHON]
#
# VENV is the folder, the second argument the Python versions that the lock has wheels for (newest first), PYTHON the
# interpreter to use instead of the first fitting one on PATH. What is wrong is said in one line; exit status 2.
set -u

venv=$1
versions=$2
wanted=${3-}

range="${versions##* } to ${versions%% *}"
remedy="install Python $range, or name one: make check PYTHON=/path/to/python"
stamp=$venv/.leanmirror

say() { printf 'leanmirror: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 2
}

# Prints version and installation, as in "3.12 /usr"; another implementation or ABI shows in the version ("3.14t").
probe() {
    "$1" -c 'import sys
name = getattr(sys, "implementation", sys).__dict__.get("name", "cpython").replace("cpython", "")
abi = "t" if "t" in getattr(sys, "abiflags", "") else ""
sys.stdout.write("%s%d.%d%s %s" % (name, sys.version_info[0], sys.version_info[1], abi, getattr(sys, "base_prefix", "")))
' 2>/dev/null </dev/null
}

supported() {
    case " $versions " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# Sets `python` to the interpreter to use, or fails with the remedy for the nearest miss.
choose() {
    if [ -n "$wanted" ]; then
        set -- "$wanted"
        problem="PYTHON=$wanted is not a Python that runs"
    else
        set -- python3
        for version in $versions; do set -- "$@" "python$version"; done
        problem="no Python found (tried $*)"
    fi
    best=0
    for candidate in "$@"; do
        answer=$(probe "$candidate") || continue
        version=${answer%% *}
        if ! supported "$version"; then
            if [ $best -lt 1 ]; then
                best=1
                problem="$candidate is Python $version"
            fi
        elif ! "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1 </dev/null; then
            if [ $best -lt 2 ]; then
                best=2
                problem="$candidate (Python $version) lacks the venv or ensurepip module"
                remedy="install it (on Debian and Ubuntu: apt install python$version-venv), or name another Python $range: make check PYTHON=/path/to/python"
            fi
        else
            python=$candidate
            return
        fi
    done
    fail "$problem: $remedy"
}

# What the environment was made from: the place (it cannot be moved) and the lock.
lock_state() { printf '%s\n' "$(pwd -P) $venv" && cksum <requirements.lock; }
project_state() { cksum <pyproject.toml; }

in_step() {
    [ "$(cat "$stamp-lock" 2>/dev/null)" = "$(lock_state)" ] || return 1
    made_with=$(probe "$venv/bin/python") || return 1
    [ -z "$wanted" ] || [ "$(probe "$wanted")" = "$made_with" ]
}

install() { "$venv/bin/python" -m pip install -qq --disable-pip-version-check "$@"; }

[ -z "$wanted" ] || choose

if ! in_step; then
    if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ] && [ -n "$(ls -A "$venv" 2>&1)" ]; then
        fail "$venv exists and is no virtual environment: move it away, or name another folder: make check VENV=FOLDER"
    fi
    [ -n "$wanted" ] || choose
    say "making $venv with Python $version from requirements.lock (a minute or two, once)"
    "$python" -m venv --clear "$venv" >&2 ||
        fail "$python could not make $venv (its reason is above): check that this folder is writable and the disk not full"
    install --require-hashes --only-binary :all: -r requirements.lock ||
        fail "requirements.lock could not be installed (pip's reason is above): check the network and the disk, then make again"
    lock_state >"$stamp-lock"
fi

if [ "$(cat "$stamp-project" 2>/dev/null)" != "$(project_state)" ]; then
    install --no-build-isolation --no-deps --editable . ||
        fail "leanmirror itself could not be installed (pip's reason is above): mend pyproject.toml, then make again"
    project_state >"$stamp-project"
fi
