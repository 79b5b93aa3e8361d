"""What the machine is that measures."""
from __future__ import annotations

import os
import pathlib
import platform
import re
import subprocess


def widest_instructions(flags: str) -> str:
    """What decides how fast products of matrices are, from Linux's flags of a processor."""
    known = {"amx_bf16": "AMX", "avx512_bf16": "AVX-512 with bfloat16", "avx512f": "AVX-512", "avx2": "AVX2"}
    return next((name for flag, name in known.items() if flag in flags.split()), "")


def flags() -> set[str]:
    """Linux's flags of the processor; none elsewhere."""
    info = pathlib.Path("/proc/cpuinfo")
    found = re.search(r"^flags\s*:\s*(.+)$", info.read_text(), re.MULTILINE) if info.is_file() else None
    return set(found.group(1).split()) if found else set()


def processor() -> str:
    """The processor's name with its widest instructions, and its cores in use."""
    name = platform.processor() or platform.machine()
    info = pathlib.Path("/proc/cpuinfo")
    if info.is_file():
        text = info.read_text()
        match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
        name = match.group(1) if match else name
        name = f"{name} {widest_instructions(' '.join(sorted(flags())))}".strip()
    return f"{name}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}"


def kind(processor_line: str) -> str:
    """The machine in a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", processor_line.split(" processors")[0].lower()).strip("-")


def commit() -> str:
    """The checkout's commit, with a plus where files other than results were changed."""
    checkout = pathlib.Path(__file__).resolve().parents[2]

    def git(*arguments: str) -> str:
        try:
            done = subprocess.run(["git", "-C", str(checkout), *arguments], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    changed = git("status", "--porcelain", "--", ":/", ":(top,exclude)benchmarks/results")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if changed else "")
