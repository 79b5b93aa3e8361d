"""Makes JPEG photos 384 wide and 512 high at quality 90 for the loader's measurements: smooth random colours with grain.

Usage: photos.py FOLDER [--count 512]. The synth command's photos or real ones serve as well: give their folder to --photos.
"""
from __future__ import annotations

import argparse
import pathlib
import sys

import measure

measure.require("numpy", "PIL")
import numpy
from PIL import Image

WIDTH, HEIGHT, QUALITY = 384, 512, 90


def write(folder: pathlib.Path, count: int) -> list[pathlib.Path]:
    """Writes the photos; the same count makes the same pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(7)
    files = []
    for number in range(count):
        coarse = Image.fromarray(random.integers(0, 256, (16, 12, 3), dtype=numpy.uint8))
        smooth = numpy.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), dtype=numpy.float32)
        grain = random.normal(0, 4, smooth.shape)
        file = folder / f"{number:05d}.jpg"
        Image.fromarray((smooth + grain).clip(0, 255).astype(numpy.uint8)).save(file, quality=QUALITY)
        files.append(file)
    return files


def read_folder(folder: pathlib.Path) -> list[pathlib.Path]:
    """All JPEG files below the folder, in the order of their paths; ends with a named skip if there are none."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".jpg", ".jpeg"))
    if not files:
        measure.skip(f"no .jpg file below {folder}")
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=512)
    options = parser.parse_args()
    print(f"{len(write(options.folder, options.count))} photos in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
