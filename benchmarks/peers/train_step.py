"""How fast does PyTorch do whole training steps of a timm network with 18 classes?

A step: normalise uint8 photos, forward, cross entropy on soft targets, backward, fused AdamW, zero_grad.
"""
from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Callable

import measure

measure.require("torch", "timm")
import torch
from torch.nn.functional import cross_entropy

import inductor_fix
import network


@dataclass(frozen=True)
class Variant:
    """One way to run the step."""

    precision: str = "float32"
    channels_last: bool = False
    compiled: bool = False


VARIANTS = {
    "eager": Variant(),
    "channels_last": Variant(channels_last=True),
    "bf16": Variant("bfloat16"),
    "channels_last_bf16": Variant("bfloat16", channels_last=True),
    "compile": Variant(channels_last=True, compiled=True),
    "compile_bf16": Variant("bfloat16", channels_last=True, compiled=True),
}


def training_step(backbone: str, size: int, batch: int, variant: Variant) -> Callable[[], None]:
    """The step on one batch; bf16 is autocast over float32 weights."""
    model = network.classifier(backbone, variant.channels_last).train()
    photos = network.photos(batch, size, variant.channels_last)
    targets = network.soft_targets(batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, fused=True)
    if variant.compiled:
        inductor_fix.apply()
    forward = torch.compile(model) if variant.compiled else model

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=variant.precision == "bfloat16"):
            logits = forward(photos)
        cross_entropy(logits.float(), targets).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def main() -> int:
    parser = measure.parser(__doc__)
    parser.add_argument("--backbone", default="resnet18")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--variant", choices=VARIANTS, default="eager")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    variant = VARIANTS[options.variant]
    step = training_step(options.backbone, options.size, options.batch, variant)
    for seconds in measure.blocks(step, options):
        measure.report(
            measure.named("pytorch", "torch", options.variant), options.batch, seconds, options, backbone=options.backbone, size=options.size,
            precision=variant.precision, flops_per_image=network.flops_per_image(options.backbone, options.size, True),
            versions=measure.versions("torch", "timm"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
