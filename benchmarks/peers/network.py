"""The timm networks that the peers train and run, the photos they get, and the arithmetic they need."""
from __future__ import annotations

import timm
import timm.layers
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

CLASSES = 18


class PhotoClassifier(nn.Module):
    """uint8 photos (B, 3, H, W) -> logits (B, 18); normalising is part of what is measured."""

    def __init__(self, backbone: str) -> None:
        super().__init__()
        self.network = timm.create_model(backbone, num_classes=CLASSES)
        record = self.network.pretrained_cfg
        self.register_buffer("mean", 255 * torch.tensor(record["mean"]).view(1, 3, 1, 1))
        self.register_buffer("deviation", 255 * torch.tensor(record["std"]).view(1, 3, 1, 1))

    def forward(self, photos: torch.Tensor) -> torch.Tensor:
        return self.network((photos.to(self.mean.dtype) - self.mean) / self.deviation)


def classifier(backbone: str, channels_last: bool) -> PhotoClassifier:
    """A network with random weights, the same ones at each call."""
    torch.manual_seed(7)
    made = PhotoClassifier(backbone)
    return made.to(memory_format=torch.channels_last) if channels_last else made


def photos(batch: int, size: int, channels_last: bool) -> torch.Tensor:
    """Noise as uint8 (B, 3, H, W), in the layout that the network computes in."""
    noise = torch.randint(0, 256, (batch, 3, size, size), dtype=torch.uint8, generator=torch.Generator().manual_seed(7))
    return noise.contiguous(memory_format=torch.channels_last) if channels_last else noise


def soft_targets(batch: int) -> torch.Tensor:
    """Probabilities (B, 18), as CutMix makes them."""
    return torch.rand(batch, CLASSES, generator=torch.Generator().manual_seed(8)).softmax(dim=1)


def flops_per_image(backbone: str, size: int, training: bool) -> int:
    """Operations of the products and convolutions (a multiply-add counts as two), backward too if training.

    Counted on the meta device, which computes nothing, and without fused attention, which hides its products. PyTorch's
    counter takes each backward convolution for a dense one; with groups, training counts as three forward passes.
    """
    fused = timm.layers.use_fused_attn()
    timm.layers.set_fused_attn(False)
    try:
        with torch.device("meta"):
            network = timm.create_model(backbone, num_classes=CLASSES).train(training)
            images = torch.empty(2, 3, size, size)
    finally:
        timm.layers.set_fused_attn(bool(fused))
    grouped = any(getattr(module, "groups", 1) > 1 for module in network.modules())
    backward = training and not grouped
    with FlopCounterMode(display=False) as counter, torch.set_grad_enabled(backward):
        logits = network(images)
        if backward:
            logits.sum().backward()
    return counter.get_total_flops() // 2 * (3 if training and grouped else 1)
