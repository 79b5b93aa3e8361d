"""How fast do PyTorch and ONNX Runtime classify photos with a timm network of 18 classes? --batch 1 gives the latency.

Normalising uint8 photos is part of what is measured; decoding is not.
"""
from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from typing import Callable

import measure

measure.require("torch", "timm")
import torch

import network
from network import PhotoClassifier

Forward = Callable[[torch.Tensor], object]


def eager(model: PhotoClassifier, photos: torch.Tensor, threads: int) -> Forward:
    return model


def compiled(model: PhotoClassifier, photos: torch.Tensor, threads: int) -> Forward:
    """torch.compile with frozen weights, which lets it fold batch norm and prepack."""
    import torch._inductor.config as inductor

    inductor.freezing = True
    return torch.compile(model)


def compiled_with_autotune(model: PhotoClassifier, photos: torch.Tensor, threads: int) -> Forward:
    """The same, and each product's kernel is chosen by trying several."""
    import torch._inductor.config as inductor

    inductor.freezing = True
    return torch.compile(model, mode="max-autotune")


def torchscript(model: PhotoClassifier, photos: torch.Tensor, threads: int) -> Forward:
    """Traced, frozen and optimised by PyTorch's own passes."""
    return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, photos)))


def onnxruntime(model: PhotoClassifier, photos: torch.Tensor, threads: int) -> Forward:
    """Exported by PyTorch, run by ONNX Runtime's processor provider with all its optimisations."""
    measure.require("onnx", "onnxruntime")
    import onnxruntime as ort

    settings = ort.SessionOptions()
    settings.intra_op_num_threads = threads
    settings.inter_op_num_threads = 1
    settings.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "model.onnx")
        torch.onnx.export(model, (photos,), file, input_names=["photos"], opset_version=17, dynamo=False)
        session = ort.InferenceSession(file, settings, providers=["CPUExecutionProvider"])
    return lambda batch: session.run(None, {"photos": batch.numpy()})


@dataclass(frozen=True)
class Variant:
    """One way to run the network; converted bf16 has bf16 weights, autocast casts them at each call."""

    prepare: Callable[[PhotoClassifier, torch.Tensor, int], Forward]
    channels_last: bool = False
    precision: str = "float32"
    autocast: bool = False


VARIANTS = {
    "eager": Variant(eager),
    "channels_last": Variant(eager, channels_last=True),
    "compile": Variant(compiled, channels_last=True),
    "compile_autotune": Variant(compiled_with_autotune, channels_last=True),
    "torchscript": Variant(torchscript),
    "torchscript_channels_last": Variant(torchscript, channels_last=True),
    "onnxruntime": Variant(onnxruntime),
    "bf16": Variant(eager, precision="bfloat16"),
    "bf16_autocast": Variant(eager, precision="bfloat16", autocast=True),
    "channels_last_bf16": Variant(eager, True, "bfloat16"),
    "channels_last_bf16_autocast": Variant(eager, True, "bfloat16", autocast=True),
    "compile_bf16": Variant(compiled, True, "bfloat16"),
    "compile_bf16_autocast": Variant(compiled, True, "bfloat16", autocast=True),
    "compile_autotune_bf16": Variant(compiled_with_autotune, True, "bfloat16"),
}


def inference_step(backbone: str, size: int, batch: int, variant: Variant, threads: int) -> Callable[[], None]:
    """The forward of one batch."""
    model = network.classifier(backbone, variant.channels_last).eval()
    if variant.precision == "bfloat16" and not variant.autocast:
        model = model.bfloat16()
    photos = network.photos(batch, size, variant.channels_last)
    with torch.inference_mode():
        forward = variant.prepare(model, photos, threads)

    def step() -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=variant.autocast):
            forward(photos)

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
    step = inference_step(options.backbone, options.size, options.batch, variant, options.threads)
    is_onnx = variant.prepare is onnxruntime
    peer = options.variant if is_onnx else f"pytorch {options.variant}"
    packages = ("torch", "timm", "onnxruntime") if is_onnx else ("torch", "timm")
    for seconds in measure.blocks(step, options):
        measure.report(
            peer, options.batch, seconds, options, backbone=options.backbone, size=options.size,
            precision=variant.precision, flops_per_image=network.flops_per_image(options.backbone, options.size, False),
            versions=measure.versions(*packages))
    return 0


if __name__ == "__main__":
    sys.exit(main())
