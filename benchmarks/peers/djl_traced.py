"""Writes a timm network of 18 classes as a Java team gives it to DJL: traced and frozen, one TorchScript file.

Photos are uint8 (B, H, W, 3), or with --normalise translator float32 (B, 3, H, W) that DJL's Translator normalised.
The answer is the classes' probabilities. DjlTracedBenchmark runs the file.
"""
from __future__ import annotations

import argparse
import json
import sys

import measure

measure.require("torch", "timm")
import torch
from torch import nn

import network


class Deployed(nn.Module):
    """What is traced."""

    def __init__(self, classifier: network.PhotoClassifier, channels_last: bool, normalises: bool) -> None:
        super().__init__()
        self.classifier = classifier if normalises else classifier.network
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.normalises = normalises
        self.type = classifier.mean.dtype

    def forward(self, photos: torch.Tensor) -> torch.Tensor:
        planes = photos.permute(0, 3, 1, 2) if self.normalises else photos.to(self.type)
        return self.classifier(planes.contiguous(memory_format=self.format)).float().softmax(dim=1)


def traced(backbone: str, size: int, batch: int, layout: str, precision: str, normalise: str) -> torch.jit.ScriptModule:
    """The frozen trace for batches of this size."""
    channels_last = layout == "channels_last"
    classifier = network.classifier(backbone, channels_last).eval()
    classifier = classifier.bfloat16() if precision == "bfloat16" else classifier
    photos = network.photos(batch, size, False).permute(0, 2, 3, 1).contiguous()
    if normalise == "translator":
        photos = photos.permute(0, 3, 1, 2).float().contiguous()
    with torch.inference_mode():
        return torch.jit.freeze(torch.jit.trace(Deployed(classifier, channels_last, normalise == "network").eval(), photos))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--backbone", default="resnet18")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--layout", choices=("planes", "channels_last"), default="planes")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--normalise", choices=("network", "translator"), default="network")
    options = parser.parse_args()
    traced(options.backbone, options.size, options.batch, options.layout, options.precision, options.normalise).save(options.out)
    print(json.dumps({"versions": measure.versions("torch", "timm")}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
