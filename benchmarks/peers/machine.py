"""What the machine is that measures."""
from __future__ import annotations

import os
import pathlib
import platform
import re


def widest_instructions(flags: str) -> str:
    """What decides how fast products of matrices are, from Linux's flags of a processor."""
    known = {"amx_bf16": "AMX", "avx512_bf16": "AVX-512 with bfloat16", "avx512f": "AVX-512", "avx2": "AVX2"}
    return next((name for flag, name in known.items() if flag in flags.split()), "")


def processor() -> str:
    """The processor's name with its widest instructions, and its cores in use."""
    name = platform.processor() or platform.machine()
    info = pathlib.Path("/proc/cpuinfo")
    if info.is_file():
        text = info.read_text()
        match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
        name = match.group(1) if match else name
        flags = re.search(r"^flags\s*:\s*(.+)$", text, re.MULTILINE)
        name = f"{name} {widest_instructions(flags.group(1) if flags else '')}".strip()
    return f"{name}, {os.cpu_count()} processors, {platform.system()} {platform.machine()}"


def kind(processor_line: str) -> str:
    """The machine in a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", processor_line.split(" processors")[0].lower()).strip("-")
