"""How long does torchvision v2's CutMix of a batch take, drawn and applied, with its soft targets?"""
from __future__ import annotations

import sys

import measure

measure.require("torch", "torchvision")
import torch
from torchvision.transforms import v2

CLASSES = 18


def main() -> int:
    parser = measure.parser(__doc__)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--variant", choices=("float32", "uint8"), default="float32", help="type of the pixels")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(7)
    photos = torch.randint(0, 256, (options.batch, 3, options.size, options.size), dtype=torch.uint8)
    pixels = photos if options.variant == "uint8" else photos.float() / 255
    labels = torch.arange(options.batch) % CLASSES
    mix = v2.CutMix(alpha=1.0, num_classes=CLASSES)
    for seconds in measure.blocks(lambda: mix(pixels, labels), options, least=50):
        mean_seconds = [sum(seconds) / len(seconds)]  # the cost goes with the drawn box: the mean over many boxes counts
        measure.report(measure.named("torchvision", "torchvision", options.variant), options.batch, mean_seconds, options, size=options.size,
                       precision=options.variant, iterations=len(seconds),
                       versions=measure.versions("torch", "torchvision"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
