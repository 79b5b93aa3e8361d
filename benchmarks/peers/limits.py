"""What this machine can do at most, as one JSON line: products of matrices, memory bandwidth, decoded JPEG photos.

gemm_*: the best GFLOP/s over some shapes and ways of PyTorch: torch.mm, and oneDNN with weights in its own order (for int8
torch._int_mm, and oneDNN over uint8 photos and int8 weights). memory: GB/s of a copy, read and write counted. decode: photos a second with
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
from typing import Callable, Sequence

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
# seconds of one product; bfloat16 without instructions for it takes longer
LONGEST = 10

Shape = tuple[int, int, int]
# a shape -> the product to time
Way = Callable[[Shape], Callable[[], object]]


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


def gemm(ways: Sequence[Way], seconds: float) -> float:
    """GFLOP/s; of a small product alone where one of a large one takes very long; 0 where no way works here."""
    best = max(rate(way, SMALL, 0.1) for way in ways)
    for shape in SHAPES:
        if best and 2 * math.prod(shape) / best / 1e9 < LONGEST:
            best = max(best, *(rate(way, shape, seconds / len(SHAPES) / len(ways)) for way in ways))
    return best


def rate(way: Way, shape: Shape, seconds: float) -> float:
    """GFLOP/s of the fastest of at least two products; 0 where this PyTorch or this processor has no such product."""
    try:
        with torch.inference_mode():
            return 2 * math.prod(shape) / fastest(way(shape), seconds) / 1e9
    except (RuntimeError, AttributeError, NotImplementedError):
        return 0


def mm(dtype: torch.dtype) -> Way:
    """torch.mm."""

    def way(shape: Shape) -> Callable[[], object]:
        rows, inner, columns = shape
        left, right = torch.randn(rows, inner, dtype=dtype), torch.randn(inner, columns, dtype=dtype)
        into = torch.empty(rows, columns, dtype=dtype)
        return lambda: torch.mm(left, right, out=into)

    return way


def packed(dtype: torch.dtype) -> Way:
    """A convolution of 1 x 1 by oneDNN, its weights in oneDNN's order: the same product."""

    def way(shape: Shape) -> Callable[[], object]:
        rows, inner, columns = shape
        pixels = torch.randn(1, inner, rows // 32, 32, dtype=dtype).contiguous(memory_format=torch.channels_last)
        weights = torch.randn(columns, inner, 1, 1, dtype=dtype).to_mkldnn()
        ordered = torch._C._nn.mkldnn_reorder_conv2d_weight(weights, (0, 0), (1, 1), (1, 1), 1, list(pixels.shape))
        return lambda: torch.ops.mkldnn._convolution_pointwise(
            pixels, ordered, None, (0, 0), (1, 1), (1, 1), 1, "none", [], "")

    return way


def int8_mm(shape: Shape) -> Callable[[], object]:
    """int8 by int8 to int32."""
    rows, inner, columns = shape
    left = torch.randint(-128, 128, (rows, inner), dtype=torch.int8)
    right = torch.randint(-128, 128, (columns, inner), dtype=torch.int8).t()
    return lambda: torch._int_mm(left, right)


def int8_packed(shape: Shape) -> Callable[[], object]:
    """uint8 by int8 to uint8 by oneDNN, the weights in its order."""
    rows, inner, columns = shape
    left = torch.randint(0, 256, (rows, inner), dtype=torch.uint8)
    right = torch.ops.onednn.qlinear_prepack(torch.randint(-128, 128, (columns, inner), dtype=torch.int8), [rows, inner])
    scales, zeros = torch.full((columns,), 0.03), torch.zeros(columns, dtype=torch.int32)
    return lambda: torch.ops.onednn.qlinear_pointwise(
        left, 1.0, 0, right, scales, zeros, None, 0.1, 0, torch.uint8, "none", [], "")


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
        "gemm_float32_gflops": gemm((mm(torch.float32), packed(torch.float32)), options.seconds),
        "gemm_bfloat16_gflops": gemm((mm(torch.bfloat16), packed(torch.bfloat16)), options.seconds),
        "gemm_int8_gflops": gemm((int8_mm, int8_packed), options.seconds),
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
