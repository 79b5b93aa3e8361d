"""What this machine can do at most, as one JSON line: products of matrices, memory bandwidth, decoded JPEG photos.

gemm_*: the best GFLOP/s of torch.mm over some shapes. memory: GB/s of a copy, read and write counted. decode: photos a second with
all threads, by the fastest decoder that is installed.
"""
from __future__ import annotations

import json
import math
import pathlib
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

import measure

measure.require("torch", "torchvision", "numpy", "PIL")
import numpy
import torch
from torchvision.io import ImageReadMode, decode_jpeg

import photos

# rows, inner, columns: a square one, and one as a convolution's im2col has it
SHAPES = ((2048, 2048, 2048), (6272, 1152, 256))
SMALL = (256, 256, 256)
COPIED_BYTES = 1 << 28


def fastest(work: Callable[[], object], seconds: float) -> float:
    """Seconds of the fastest call within the budget; a limit is what the machine can do undisturbed."""
    work()
    best = float("inf")
    end = time.perf_counter() + seconds
    while best == float("inf") or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def gemm(dtype: torch.dtype, seconds: float) -> float:
    """GFLOP/s; of a small product alone where one of a large one takes longer than the budget."""
    best = rate(SMALL, dtype, 0)
    for shape in SHAPES:
        if 2 * math.prod(shape) / best / 1e9 < seconds / len(SHAPES):
            best = max(best, rate(shape, dtype, seconds / len(SHAPES)))
    return best


def rate(shape: tuple[int, int, int], dtype: torch.dtype, seconds: float) -> float:
    """GFLOP/s of the fastest of at least two products."""
    rows, inner, columns = shape
    left, right = torch.randn(rows, inner, dtype=dtype), torch.randn(inner, columns, dtype=dtype)
    into = torch.empty(rows, columns, dtype=dtype)
    return 2 * math.prod(shape) / fastest(lambda: torch.mm(left, right, out=into), seconds) / 1e9


def memory(seconds: float) -> float:
    """GB/s."""
    source = torch.ones(COPIED_BYTES // 4)
    into = torch.empty_like(source)
    return 2 * COPIED_BYTES / fastest(lambda: into.copy_(source), seconds) / 1e9


def decoders() -> dict[str, Callable[[bytes], object]]:
    """JPEG bytes -> RGB pixels."""
    found = {"torchvision": lambda data: decode_jpeg(torch.frombuffer(bytearray(data), dtype=torch.uint8), ImageReadMode.RGB)}
    try:
        import cv2

        found["cv2"] = lambda data: cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
    except ImportError:
        pass
    return found


def decode(encoded: list[bytes], threads: int, seconds: float) -> dict[str, float]:
    """Photos a second of each decoder."""
    rates = {}
    with ThreadPoolExecutor(threads) as pool:
        for name, decoder in decoders().items():
            rates[name] = len(encoded) / fastest(lambda: list(pool.map(decoder, encoded)), seconds)
    return rates


def main() -> int:
    parser = measure.parser(__doc__)
    parser.set_defaults(seconds=3)
    parser.add_argument("--photos", type=pathlib.Path, metavar="FOLDER")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        files = photos.read_folder(options.photos)[:64] if options.photos else photos.write(pathlib.Path(folder), 64)
        encoded = [file.read_bytes() for file in files]
    rates = decode(encoded, options.threads, options.seconds)
    print(json.dumps({
        "gemm_float32_gflops": gemm(torch.float32, options.seconds),
        "gemm_bfloat16_gflops": gemm(torch.bfloat16, options.seconds),
        "memory_gb_per_second": memory(options.seconds),
        "decode_photos_per_second": max(rates.values()),
        "decoders": rates,
        "photo_bytes": sum(map(len, encoded)) // len(encoded),
        "threads": options.threads,
        "versions": measure.versions("torch", "torchvision"),
    }), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
