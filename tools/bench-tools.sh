#!/usr/bin/env bash
# Makes sure that the peers of `make bench` are here: Python packages of benches/peers/requirements.txt, in
# .tools/bench-venv of this folder (nothing outside it is touched). Installs on first use and when the
# requirements have changed. Prints the environment and the Python to run, for `env $(tools/bench-tools.sh) …`.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements="benches/peers/requirements.txt"
place="$PWD/.tools/bench-venv"

say() { echo "bench-tools: $*" >&2; }

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  || { say "needs Python 3.11 or newer as python3"; exit 1; }

if ! cmp -s "$requirements" "$place/requirements.txt"; then
  say "installing the packages of $requirements into .tools/bench-venv (about 1 GB on disk)"
  rm -rf "$place"
  if python3 -c 'import ensurepip, venv' 2>/dev/null; then
    python3 -m venv "$place"
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2
  else
    # Debian's python3 comes without venv: the same packages into a folder, and Python is told where.
    python3 -m pip install --quiet --disable-pip-version-check --requirement "$requirements" \
      --target "$place/packages" >&2 || { say "no venv and no pip: install python3-venv or python3-pip"; exit 1; }
  fi
  cp "$requirements" "$place/requirements.txt"
fi

if [ -x "$place/bin/python" ]; then
  echo "PYTHONPATH=$PWD/benches"
  echo "$place/bin/python"
else
  echo "PYTHONPATH=$PWD/benches:$place/packages"
  echo "python3"
fi
