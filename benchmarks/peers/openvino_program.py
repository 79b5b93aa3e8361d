"""A timm network as OpenVINO runs it on a processor: converted from PyTorch, normalisation compiled in, uint8 photos in.

Photos are (B, H, W, 3), as decoders give them. int8 is NNCF's quantisation after training, calibrated on synthetic photos.
"""
from __future__ import annotations

import os
import statistics
import time

import measure

measure.require("openvino")
import numpy
import openvino
import torch

import instructions
import network

# The first runs compile kernels; then the faster number of streams is chosen by a few.
WARM, TRIED = 2, 3
CALIBRATION_PHOTOS = 32


def converted(classifier: network.PhotoClassifier, shape: tuple[int, ...], precision: str) -> openvino.Model:
    """The network over float32 (B, 3, H, W), quantised for int8, then normalisation and uint8 (B, H, W, 3) in front."""
    batch, _, height, width = shape
    images = torch.zeros(batch, 3, height, width)
    model = openvino.convert_model(classifier.network, example_input=images, input=[list(images.shape)])
    mean, deviation = (values.flatten().tolist() for values in (classifier.mean.float(), classifier.deviation.float()))
    if precision == "int8":
        model = quantised(model, images.shape, numpy.array(mean), numpy.array(deviation))
    steps = openvino.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    steps.input().preprocess().convert_element_type(openvino.Type.f32).mean(mean).scale(deviation)
    return steps.build()


def quantised(model: openvino.Model, shape: tuple[int, ...], mean: numpy.ndarray, deviation: numpy.ndarray) -> openvino.Model:
    """NNCF with its defaults."""
    measure.require("nncf")
    import nncf

    random = numpy.random.default_rng(7)

    def photos(_: int) -> numpy.ndarray:
        pixels = random.integers(0, 256, (shape[0], shape[2], shape[3], 3))
        return ((pixels - mean) / deviation).transpose(0, 3, 1, 2).astype(numpy.float32)

    attends = any("softmax" in operation.get_type_name().lower() for operation in model.get_ops())
    kind = nncf.ModelType.TRANSFORMER if attends else None
    count = max(1, CALIBRATION_PHOTOS // shape[0])
    return nncf.quantize(model, nncf.Dataset(range(count), photos), subset_size=count, model_type=kind)


class Streams:
    """The program with one request a stream; a call gives each stream the same batch."""

    def __init__(self, model: openvino.Model, photos: numpy.ndarray, threads: int, precision: str, streams: object) -> None:
        hints = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": streams}
        # int8 computes the rest of the network in what is fastest, as OpenVINO chooses by itself
        bfloat16 = precision == "bfloat16" or precision == "int8" and has_bfloat16()
        hints["INFERENCE_PRECISION_HINT"] = "bf16" if bfloat16 else "f32"
        self.program = openvino.Core().compile_model(model, "CPU", hints)
        self.rest = str(self.program.get_property("INFERENCE_PRECISION_HINT").get_type_name())
        self.count = int(self.program.get_property("NUM_STREAMS"))
        self.requests = [self.program.create_infer_request() for _ in range(self.count)]
        for request in self.requests:
            request.set_input_tensor(openvino.Tensor(photos, shared_memory=True))

    def __call__(self) -> list[numpy.ndarray]:
        """Each stream's logits."""
        if self.count == 1:
            self.requests[0].infer()
        else:
            for request in self.requests:
                request.start_async()
            for request in self.requests:
                request.wait()
        return [request.get_output_tensor().data for request in self.requests]


def has_bfloat16() -> bool:
    """Whether this processor, as limited, computes products of bfloat16 by instructions."""
    found = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "BF16" in found and instructions.allows_bfloat16(os.environ)


def seconds_of_batch(streams: Streams) -> float:
    """A quick estimate."""
    for _ in range(WARM):
        streams()
    taken = []
    for _ in range(TRIED):
        start = time.perf_counter()
        streams()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) / streams.count


def fastest(classifier: network.PhotoClassifier, photos: torch.Tensor, threads: int, precision: str) -> Streams:
    """With one stream for one photo; for batches with one stream or with as many as OpenVINO takes, whichever is faster."""
    if precision == "bfloat16" and not has_bfloat16():
        measure.skip("OpenVINO finds no bfloat16 instructions on this processor")
    model = converted(classifier, tuple(photos.shape), precision)
    pixels = photos.permute(0, 2, 3, 1).contiguous().numpy()
    tried = [Streams(model, pixels, threads, precision, 1)]
    if len(pixels) > 1:
        tried.append(Streams(model, pixels, threads, precision, openvino.properties.streams.Num.AUTO))
    return min(tried, key=seconds_of_batch) if len(tried) > 1 else tried[0]
