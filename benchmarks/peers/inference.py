"""How fast do PyTorch, ONNX Runtime and OpenVINO classify photos with a timm network of 18 classes? --batch 1 gives the latency.

Normalising uint8 photos is part of what is measured; decoding is not.
"""
from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Callable, Mapping, Optional

import measure

measure.require("torch", "timm")
import torch

import network
from network import PhotoClassifier

Forward = Callable[[torch.Tensor], object]


@dataclass(frozen=True)
class Step:
    """What is timed, the batches that one call classifies, and what was chosen for it."""

    call: Callable[[], object]
    batches: int = 1
    settings: Mapping[str, object] = field(default_factory=dict)


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


def openvino(model: PhotoClassifier, photos: torch.Tensor, threads: int, precision: str) -> Step:
    """Converted from PyTorch, with one stream or OpenVINO's own choice."""
    measure.require("openvino")
    import openvino_program

    streams = openvino_program.fastest(model, photos, threads, precision)
    return Step(streams, streams.count, {"streams": streams.count, "rest": streams.rest})


@dataclass(frozen=True)
class Variant:
    """One way to run the network; converted bf16 has bf16 weights, autocast casts them at each call."""

    prepare: Optional[Callable[[PhotoClassifier, torch.Tensor, int], Forward]]
    channels_last: bool = False
    precision: str = "float32"
    autocast: bool = False
    library: str = "pytorch"


VARIANTS = {
    "eager": Variant(eager),
    "channels_last": Variant(eager, channels_last=True),
    "compile": Variant(compiled, channels_last=True),
    "compile_autotune": Variant(compiled_with_autotune, channels_last=True),
    "torchscript": Variant(torchscript),
    "torchscript_channels_last": Variant(torchscript, channels_last=True),
    "onnxruntime": Variant(onnxruntime, library="onnxruntime"),
    "openvino": Variant(None, library="openvino"),
    "openvino_bf16": Variant(None, precision="bfloat16", library="openvino"),
    "openvino_int8": Variant(None, precision="int8", library="openvino"),
    "bf16": Variant(eager, precision="bfloat16"),
    "bf16_autocast": Variant(eager, precision="bfloat16", autocast=True),
    "channels_last_bf16": Variant(eager, True, "bfloat16"),
    "channels_last_bf16_autocast": Variant(eager, True, "bfloat16", autocast=True),
    "compile_bf16": Variant(compiled, True, "bfloat16"),
    "compile_bf16_autocast": Variant(compiled, True, "bfloat16", autocast=True),
    "compile_autotune_bf16": Variant(compiled_with_autotune, True, "bfloat16"),
}


def inference_step(backbone: str, size: int, batch: int, variant: Variant, threads: int) -> Step:
    """The forward of one batch."""
    model = network.classifier(backbone, variant.channels_last).eval()
    if variant.library == "openvino":
        with torch.inference_mode():
            return openvino(model, network.photos(batch, size, True), threads, variant.precision)
    if variant.precision == "bfloat16" and not variant.autocast:
        model = model.bfloat16()
    photos = network.photos(batch, size, variant.channels_last)
    with torch.inference_mode():
        forward = variant.prepare(model, photos, threads)

    def call() -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=variant.autocast):
            forward(photos)

    return Step(call)


def packages_of(variant: Variant) -> tuple[str, ...]:
    """Whose versions the result names."""
    more = {"onnxruntime": ("onnxruntime",), "openvino": ("openvino", "nncf") if variant.precision == "int8" else ("openvino",)}
    return ("torch", "timm", *more.get(variant.library, ()))


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
    # a library of one variant a precision has no variant in its name: the precision is a column of its own
    way = options.variant if variant.library == "pytorch" else ""
    peer = measure.named(variant.library, {"pytorch": "torch"}.get(variant.library, variant.library), way)
    for seconds in measure.blocks(step.call, options):
        measure.report(
            peer, options.batch * step.batches, seconds, options, backbone=options.backbone, size=options.size,
            precision=variant.precision, flops_per_image=network.flops_per_image(options.backbone, options.size, False),
            settings=dict(step.settings), versions=measure.versions(*packages_of(variant)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
