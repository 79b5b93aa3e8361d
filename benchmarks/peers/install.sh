#!/bin/sh
# Makes the peers' virtual environment: benchmarks/peers/.venv, or with the word newest benchmarks/peers/.venv-newest, which
# has the newest PyTorch. $PEERS_VENV is another folder. pip's own settings are obeyed.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
case "${1:-}" in
  "") name=.venv requirements=requirements.txt ;;
  newest) name=.venv-newest requirements=requirements-newest.txt ;;
  *) echo "install.sh: got '$1', expected nothing or newest" >&2; exit 2 ;;
esac
venv="${PEERS_VENV:-$here/$name}"
[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install -r "$here/$requirements"
if ! command -v c++ >/dev/null 2>&1 && ! command -v g++ >/dev/null 2>&1; then
  echo "install.sh: no C++ compiler found; the torch.compile variants will be skipped" >&2
fi
echo "$venv/bin/python"
