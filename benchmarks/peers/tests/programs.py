"""Loads the programs of `benchmarks`, whose names have no .py."""
from __future__ import annotations

import importlib.util
import pathlib
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

PEERS = pathlib.Path(__file__).resolve().parents[1]


def load(name: str) -> ModuleType:
    """The program benchmarks/NAME as a module; nothing is run and nothing is written beside it."""
    loader = SourceFileLoader(f"program_{name}", str(PEERS.parent / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module
