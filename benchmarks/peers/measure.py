"""What all the scripts of the peers share: options, timing, and the JSON line that `benchmarks/compare` reads.

A script prints one JSON object a line, one for each measured block. A script that cannot run prints
{"skipped": REASON} and exits with code 3, so that a missing library is a named skip and not a crash.
"""
from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
import sys
import time
from typing import Callable, NoReturn

SKIPPED = 3
MALLOC_SETTINGS = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_MAX_")


def skip(reason: str) -> NoReturn:
    """Says why there is nothing to measure, and ends the script."""
    print(json.dumps({"skipped": reason}), flush=True)
    sys.exit(SKIPPED)


def require(*modules: str) -> None:
    """Ends the script with a named skip unless all modules are installed; call it before importing them."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        skip(f"not installed: {', '.join(missing)}")


def parser(doc: str | None) -> argparse.ArgumentParser:
    """The options of every script."""
    options = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--threads", type=int, default=2, help="threads that compute (default: 2)")
    options.add_argument("--seconds", type=float, default=10, help="time of one measured block (default: 10)")
    options.add_argument("--blocks", type=int, default=1, help="measured blocks, one JSON line each (default: 1)")
    options.add_argument("--warmup", type=int, default=3, help="iterations before the first block (default: 3)")
    return options


def blocks(step: Callable[[], object], options: argparse.Namespace, least: int = 3) -> list[list[float]]:
    """Seconds of each iteration of `step`, in blocks of `--seconds` with at least `least` iterations each."""
    for _ in range(options.warmup):
        step()
    return [_block(step, options.seconds, least) for _ in range(options.blocks)]


def _block(step: Callable[[], object], budget: float, least: int) -> list[float]:
    seconds: list[float] = []
    end = time.perf_counter() + budget
    while len(seconds) < least or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return seconds


def version(package: str) -> str:
    """The installed version without its build, such as +cu126."""
    return importlib.metadata.version(package).partition("+")[0]


def named(library: str, package: str, way: str = "") -> str:
    """A row's name: the library, its version, and the way to run it."""
    return f"{library} {version(package)} {way}".strip()


def versions(*packages: str) -> dict[str, str]:
    """Python's version and those of the packages."""
    found = {"python": platform.python_version()}
    for package in packages:
        found[package] = version(package)
    return found


def report(peer: str, batch: int, seconds: list[float], options: argparse.Namespace, **more: object) -> None:
    """Prints the JSON line of one block; the rate comes from the median iteration of `batch` images."""
    line = {
        "peer": peer,
        "batch": batch,
        "images_per_second": batch / statistics.median(seconds),
        "seconds": [round(value, 6) for value in seconds],
        "threads": options.threads,
        "malloc": {name: os.environ[name] for name in MALLOC_SETTINGS if name in os.environ},
        **more,
    }
    print(json.dumps(line), flush=True)
