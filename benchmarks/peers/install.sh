#!/bin/sh
# Makes the peers' virtual environment: benchmarks/peers/.venv, or $PEERS_VENV. pip's own settings are obeyed.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
venv="${PEERS_VENV:-$here/.venv}"
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install -r "$here/requirements.txt"
if ! command -v c++ >/dev/null 2>&1 && ! command -v g++ >/dev/null 2>&1; then
  echo "install.sh: no C++ compiler found; the torch.compile variants will be skipped" >&2
fi
echo "$venv/bin/python"
