"""Does a program that `mask export` wrote run in Python's PyTorch, alone and in batches?

Loads DEPLOYED/program.pt with torch.jit.load, classifies photos of noise one by one and together, and checks that the
18 probabilities of each sum to one and are the same both ways. With --device cuda it does so on a GPU.
"""
from __future__ import annotations

import argparse
import json
import pathlib
import sys

import measure

measure.require("torch")
import torch

# One photo alone and in a batch may take other kernels, which round otherwise.
TOLERANCE = {"FLOAT32": 1e-4, "BFLOAT16": 3e-2, "INT8": 3e-2}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("deployed", type=pathlib.Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--photos", type=int, default=5)
    options = parser.parse_args()
    card = json.loads((options.deployed / "deploy.json").read_text())
    height, width = card["preprocessing"]["height"], card["preprocessing"]["width"]
    program = torch.jit.load(options.deployed / "program.pt", map_location=options.device).eval()
    torch.manual_seed(7)
    photos = torch.randint(0, 256, (options.photos, height, width, 3), dtype=torch.uint8, device=options.device)
    with torch.inference_mode():
        together = program.classify(photos).float().cpu()
        alone = torch.cat([program.classify(photos[i:i + 1]) for i in range(options.photos)]).float().cpu()
    largest = (together - alone).abs().max().item()
    sums = (together.sum(1) - 1).abs().max().item()
    print(f"{card['architecture']} {card['precision']} {card['target']}: {tuple(together.shape)}, sums off by {sums:.1e}, "
          f"alone and together apart by {largest:.1e}")
    return 0 if sums < 1e-3 and largest < TOLERANCE[card["precision"]] else 1


if __name__ == "__main__":
    sys.exit(main())
