#!/bin/sh
# Builds the wheel and runs the tests against it: what the wheel lacks, the tests lack.
#
#     sh .ci/wheel.sh FOLDER JOBS [PYTEST ARGUMENT]...
#
# FOLDER/venv is an environment from the lock. The wheel replaces the checkout in it. The tests run in FOLDER/tree, a copy
# of what git tracks with the packages of the wheel instead of the checkout's, because some tests read the source.
set -eu

folder=$1
jobs=$2
shift 2
python=$PWD/$folder/venv/bin/python

rm -rf "$folder/dist" "$folder/tree"
mkdir -p "$folder/tree"
"$python" -m hatchling build -t wheel -d "$folder/dist"
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall "$folder"/dist/*.whl

git ls-files -z --cached --others --exclude-standard | tar -cf - --null -T - | tar -xf - -C "$folder/tree"
dist=$PWD/$folder/dist
cd "$folder/tree"
rm -rf lean_refs mirror theorems
"$python" -m zipfile -e "$dist"/*.whl .
rm -rf ./*.dist-info
mkdir -p theorems/tools/plugin
mv pytest_leanmirror theorems/tools/plugin/ # where the checkout has it
"$python" -m pytest -n "$jobs" "$@"
