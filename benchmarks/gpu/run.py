#!/usr/bin/env python3
"""Checks and times the programs that facemask passes to libtorch, against timm, on a GPU. Needs no Java.

Needs Python 3.9 or later, PyTorch 2.7 or later and timm, and the pack that `benchmarks/gpu/build` writes. Networks have
random weights, the same for both sides. --device cpu tries all of it in small.
"""
from __future__ import annotations

import argparse
import copy
import datetime
import gc
import json
import os
import pathlib
import platform
import statistics
import sys
import textwrap
import time
import warnings
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
try:
    import timm
    import torch
    from torch import nn
    from torch.nn.functional import cross_entropy
    from torch.utils.flop_counter import FlopCounterMode
    from torchvision.transforms.v2 import functional as vision
except ImportError as missing:
    raise SystemExit(f"run.py: {missing}; install torch, torchvision and timm")

import archive
import report
import weights

RATE, MOMENTUM = 3e-4, 0.9
# The share of the length by which float32 may differ: sums in another order.
FLOAT32_BOUND = 1e-4
GRADIENT_BOUND = 1e-3
# A program's rounding in bfloat16 against timm's own. For few photos it varies by itself.
ROUNDING = 2


@dataclass
class Bench:
    """What all measurements share."""

    device: torch.device
    folder: pathlib.Path
    repeats: int
    seconds: float
    deadline: float
    compiles: bool
    checks: list[report.Check] = field(default_factory=list)
    timings: list[report.Timing] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def is_gpu(self) -> bool:
        return self.device.type == "cuda"

    def program(self, name: str, filler: archive.Filler) -> Any:
        """Loads a program as facemask does: with the executor that runs it as it is written."""
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            loaded = torch.jit.load(archive.filled(self.folder / name, filler), map_location=self.device)
        for warning in told:
            self.note(f"torch.jit.load warns: {warning.category.__name__}: {warning.message}")
        return loaded

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)
            print(f"note: {text}", file=sys.stderr)

    def milliseconds(self, work: Callable[[], Any]) -> report.Time:
        """The median of some repeats, after two that warm up."""
        if time.monotonic() > self.deadline:
            return "no time"
        try:
            for _ in range(2):
                work()
            self._wait()
            taken: list[float] = []
            end = time.monotonic() + self.seconds
            while len(taken) < self.repeats or (time.monotonic() < end and len(taken) < 200):
                taken.append(self._once(work))
            return statistics.median(taken)
        except torch.cuda.OutOfMemoryError:
            torch.cuda.empty_cache()
            return "no memory"

    def _once(self, work: Callable[[], Any]) -> float:
        if not self.is_gpu():
            start = time.perf_counter()
            work()
            return (time.perf_counter() - start) * 1000
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        work()
        end.record()
        end.synchronize()
        return start.elapsed_time(end)

    def _wait(self) -> None:
        if self.is_gpu():
            torch.cuda.synchronize()


def distance(got: torch.Tensor, expected: torch.Tensor) -> float:
    """The length of the difference against the length of what is expected."""
    got, expected = got.double(), expected.double()
    return ((got - expected).norm() / expected.norm()).item()


class Case:
    """One network of the pack with its weights, photos and targets."""

    def __init__(self, bench: Bench, entry: dict[str, Any], batch: int) -> None:
        self.bench, self.name, self.size, self.batch = bench, entry["backbone"], entry["size"], batch
        self.stored = entry["stored"]
        self.model = weights.network(self.name, self.size)
        self.fillings = {kind: weights.Filling(self.model, self.size, kind == "portable")
                         for kind in ("training", "portable")}
        self.model.to(bench.device)
        self.mean = 255 * torch.tensor(entry["mean"], device=bench.device).view(1, 3, 1, 1)
        self.deviation = 255 * torch.tensor(entry["std"], device=bench.device).view(1, 3, 1, 1)
        self.photos = self.noise(batch, self.size).to(bench.device)
        self.decoded = self.noise(batch, self.stored)
        if bench.is_gpu():
            self.decoded = self.decoded.pin_memory()
        draws = torch.Generator().manual_seed(8)
        self.targets = torch.rand(batch, weights.CLASSES, generator=draws).softmax(1).to(bench.device)
        self.one = torch.ones((), device=bench.device)

    @staticmethod
    def noise(count: int, side: int) -> torch.Tensor:
        return torch.randint(0, 256, (count, side, side, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(7))

    def program(self, kind: str, precision: str) -> Any:
        return self.bench.program(f"{self.name}-{kind}-{precision}.pt", self.fillings[kind])

    def normal(self, photos: torch.Tensor) -> torch.Tensor:
        """(B, H, W, 3) in uint8 to normalised (B, 3, H, W); in memory it is channels-last."""
        return (photos.permute(0, 3, 1, 2).float() - self.mean) / self.deviation

    # Checks

    def rounding(self) -> list[tuple[nn.Module, torch.dtype, bool]]:
        """The ways in which timm computes in bfloat16: under autocast, which keeps some sums in float32, and converted."""
        return [(self.model, torch.float32, True), (copy.deepcopy(self.model).to(torch.bfloat16), torch.bfloat16, False)]

    def evaluated(self, model: nn.Module, kind: torch.dtype, autocast: bool) -> torch.Tensor:
        """timm's logits in evaluation."""
        with torch.no_grad(), torch.autocast(self.bench.device.type, torch.bfloat16, enabled=autocast):
            return model.eval()(self.normal(self.photos).to(kind)).float()

    def trained(self, model: nn.Module, kind: torch.dtype, autocast: bool) -> tuple[torch.Tensor, dict[str, float]]:
        """timm's logits in training, and the norms of its gradients."""
        kept = {name: buffer.clone() for name, buffer in model.named_buffers()}
        model.train().zero_grad(set_to_none=True)
        with torch.autocast(self.bench.device.type, torch.bfloat16, enabled=autocast):
            logits = model(self.normal(self.photos).to(kind))
        cross_entropy(logits.float(), self.targets).backward()
        for name, buffer in model.named_buffers():
            buffer.copy_(kept[name])
        norms = {name: value.grad.double().norm().item() for name, value in model.named_parameters()}
        model.zero_grad(set_to_none=True)
        return logits.detach().float(), norms

    def check(self, with_gradients: bool) -> None:
        exact = self.evaluated(self.model, torch.float32, False)
        rounded = max(distance(self.evaluated(*way), exact) for way in self.rounding())
        for precision in ("float32", "bfloat16"):
            rounds = precision == "bfloat16"
            portable = self.program("portable", precision).eval()
            with torch.inference_mode():
                self._add(precision, "logits of the portable program", distance(portable(self.photos), exact),
                          rounded if rounds else None)
            del portable
            training = self.program("training", precision).eval()
            with torch.no_grad():
                self._add(precision, "logits of the training program", distance(training(self.photos), exact),
                          rounded if rounds else None)
            if with_gradients:
                self._check_step(training, precision)
            del training
            gc.collect()

    def _check_step(self, training: Any, precision: str) -> None:
        logits, norms = self.trained(self.model, torch.float32, False)
        peer_logits = peer_norms = None
        if precision == "bfloat16":
            ways = [self.trained(*way) for way in self.rounding()]
            peer_logits = max(distance(rounded, logits) for rounded, _ in ways)
            peer_norms = max(apart(rounded, norms) for _, rounded in ways)
        training.train()
        training.optimizer_init(self.one)
        _, got, _ = training.train_step(self.photos, self.targets, self.one)
        self._add(precision, "logits of the step", distance(got, logits), peer_logits)
        self._add(precision, "largest difference of a gradient's norm", apart(gradient_norms(training), norms), peer_norms,
                  GRADIENT_BOUND)

    def _add(self, precision: str, what: str, error: float, peer: Optional[float], bound: float = FLOAT32_BOUND) -> None:
        limit = bound if peer is None else ROUNDING * peer + bound
        check = report.Check(self.name, precision, what, error, limit, peer)
        self.bench.checks.append(check)
        print(f"{self.name} {precision} {what}: {report.three(error)} of {report.three(limit)}"
              f"{'' if check.passed() else ' FAILED'}", flush=True)

    # Times, all in bfloat16

    def time_all(self) -> None:
        forward, step, hot = (report.Timing(self.name, what, self.batch) for what in ("forward", "step", "hot path"))
        self.bench.timings += [forward, step, hot]
        forward.gflop = self.gflop()
        step.gflop = 3 * forward.gflop
        self._time_facemask(forward, step, hot)
        for peer in report.PEERS:
            if peer == "compile" and not self.bench.compiles:
                continue
            self._time_peer(peer, forward, step, hot)
            gc.collect()
            if self.bench.is_gpu():
                torch.cuda.empty_cache()

    def gflop(self) -> float:
        """Operations of a forward pass of the batch: a multiply-add counts as two."""
        with torch.device("meta"):
            twin = weights.network(self.name, self.size).eval()
            photo = torch.empty(1, 3, self.size, self.size)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            twin(photo)
        return counter.get_total_flops() * self.batch / 1e9

    def _time_facemask(self, forward: report.Timing, step: report.Timing, hot: report.Timing) -> None:
        bench = self.bench
        portable = self.program("portable", "bfloat16").eval()
        with torch.inference_mode():
            forward.times["facemask"] = bench.milliseconds(lambda: portable(self.photos))
        if bench.is_gpu() and "attn.qkv.weight" in " ".join(name for name, _ in self.model.named_parameters()):
            self._name_attention(lambda: portable(self.photos))
        del portable
        training = self.program("training", "bfloat16").train()
        training.optimizer_init(self.one)
        transform = bench.program(f"{self.name}-transform.pt", lambda *_: None)
        # nn.Module has a method of that name.
        apply = transform._c._get_method("apply")
        rate = torch.tensor(RATE, device=bench.device)
        momentum = torch.tensor(MOMENTUM, dtype=torch.float64)

        def learn(photos: torch.Tensor) -> None:
            training.train_step(photos, self.targets, self.one)
            training.optimizer_step(rate, momentum)

        def whole() -> None:
            drawn = draws(self.batch, self.stored)
            pixels = self.decoded.to(bench.device, non_blocking=True)
            with torch.no_grad():
                photos = apply(pixels, *(tensor.to(bench.device) for tensor in drawn.tensors(self.size)))
            learn(photos)

        step.times["facemask"] = bench.milliseconds(lambda: learn(self.photos))
        hot.times["facemask"] = bench.milliseconds(whole)

    def _name_attention(self, work: Callable[[], Any]) -> None:
        """Notes the kernels that scaled_dot_product_attention chose."""
        with torch.inference_mode(), torch.profiler.profile() as profile:
            work()
        chosen = {event.key for event in profile.key_averages() if "attention" in event.key and "scaled_dot" in event.key}
        self.bench.note(f"attention of {self.name} in bfloat16: {', '.join(sorted(chosen)) or 'not fused'}")

    def _time_peer(self, peer: str, forward: report.Timing, step: report.Timing, hot: report.Timing) -> None:
        bench = self.bench
        layout = torch.contiguous_format if peer == "eager" else torch.channels_last
        deployed = weights.network(self.name, self.size).eval().to(bench.device, torch.bfloat16, memory_format=layout)
        run = torch.compile(deployed) if peer == "compile" else deployed

        def infer() -> torch.Tensor:
            return run(self.normal(self.photos).to(torch.bfloat16, memory_format=layout))

        with torch.inference_mode():
            forward.times[peer] = bench.milliseconds(infer)
        del deployed, run
        learner = weights.network(self.name, self.size).train().to(bench.device, memory_format=layout)
        optimizer = torch.optim.AdamW(learner.parameters(), lr=RATE, weight_decay=0.05, fused=True)
        train = torch.compile(learner) if peer == "compile" else learner

        def learn(normal: torch.Tensor, targets: torch.Tensor) -> None:
            with torch.autocast(bench.device.type, torch.bfloat16):
                logits = train(normal.contiguous(memory_format=layout))
            cross_entropy(logits.float(), targets).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

        def whole() -> None:
            drawn = draws(self.batch, self.stored)
            pixels = self.decoded.to(bench.device, non_blocking=True).permute(0, 3, 1, 2)
            photos = drawn.by_torchvision(pixels, self.size)
            learn((photos.float() - self.mean) / self.deviation, self.targets)

        step.times[peer] = bench.milliseconds(lambda: learn(self.normal(self.photos), self.targets))
        hot.times[peer] = bench.milliseconds(whole)


@dataclass(frozen=True)
class Draws:
    """What is drawn for a batch: crops, flips, brightness, contrast and saturation, and one rectangle of CutMix."""

    stored: int
    boxes: torch.Tensor
    mirrored: torch.Tensor
    factors: torch.Tensor

    def tensors(self, size: int) -> tuple[torch.Tensor, ...]:
        """The inputs of facemask's program after the pixels."""
        count = len(self.boxes)
        sizes = torch.full((count, 2), float(self.stored))
        kinds = torch.tensor([[0.0, 1.0, 2.0]]).expand(count, 3).contiguous()
        donors = torch.arange(count).roll(1)
        rectangle = torch.tensor([size // 4, size // 4, size // 2, 3 * size // 4, 0.0])
        return sizes, self.boxes, self.mirrored, kinds, self.factors, donors, rectangle

    def by_torchvision(self, pixels: torch.Tensor, size: int) -> torch.Tensor:
        """The same by torchvision v2, photo by photo, as its transforms do."""
        done = []
        for photo, box, mirrored, factors in zip(pixels, self.boxes.tolist(), self.mirrored.tolist(), self.factors.tolist()):
            left, top, right, bottom = (round(edge) for edge in box)
            photo = vision.resized_crop(photo, top, left, bottom - top, right - left, [size, size], antialias=True)
            photo = vision.horizontal_flip(photo) if mirrored else photo
            photo = vision.adjust_brightness(photo, factors[0])
            photo = vision.adjust_contrast(photo, factors[1])
            done.append(vision.adjust_saturation(photo, factors[2]))
        batch = torch.stack(done)
        mixed = batch.clone()
        rows, columns = slice(size // 4, size // 2), slice(size // 4, 3 * size // 4)
        mixed[:, :, rows, columns] = batch.roll(1, 0)[:, :, rows, columns]
        return mixed


def draws(count: int, stored: int) -> Draws:
    side = stored * (0.6 + 0.4 * torch.rand(count))
    left, top = (torch.rand(count) * (stored - side) for _ in range(2))
    boxes = torch.stack([left, top, left + side, top + side], 1).clamp(0, stored)
    return Draws(stored, boxes, torch.rand(count) < 0.5, 0.6 + 0.8 * torch.rand(count, 3))


def gradient_norms(training: Any) -> dict[str, float]:
    """The gradients of a training program by the names of its parameters."""
    names = {value.data_ptr(): name for name, value in training.named_parameters()}
    ordered: list[torch.Tensor] = []
    group = 0
    while hasattr(training, f"optimizer_weights_{group}"):
        ordered += getattr(training, f"optimizer_weights_{group}")
        group += 1
    gradients = training.optimizer_gradients(ordered[0])
    return {names[weight.data_ptr()]: gradient.double().norm().item() for weight, gradient in zip(ordered, gradients)}


def apart(got: dict[str, float], expected: dict[str, float]) -> float:
    """The largest difference of a tensor's norm, against its norm or a hundredth of the whole gradient's."""
    if got.keys() != expected.keys():
        raise SystemExit(f"run.py: gradients of other tensors than timm's: {sorted(got.keys() ^ expected.keys())[:5]}")
    whole = sum(norm * norm for norm in expected.values()) ** 0.5
    return max(abs(got[name] - norm) / max(norm, 0.01 * whole) for name, norm in expected.items())


def limits(bench: Bench) -> dict[str, float]:
    """TFLOP/s of products of matrices, and GB/s of a copy, read and write counted."""
    side = 8192 if bench.is_gpu() else 1024
    found = {}
    for name, kind in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        a, b = (torch.randn(side, side, device=bench.device, dtype=kind) for _ in range(2))
        taken = bench.milliseconds(lambda: a @ b)
        found[name] = 2 * side ** 3 / taken / 1e9 if isinstance(taken, float) else 0.0
    numbers = (1 << 30) if bench.is_gpu() else (1 << 27)
    source = torch.empty(numbers, dtype=torch.uint8, device=bench.device)
    target = torch.empty_like(source)
    taken = bench.milliseconds(lambda: target.copy_(source))
    found["copy"] = 2 * numbers / taken / 1e6 if isinstance(taken, float) else 0.0
    return found


def machine(device: torch.device) -> str:
    if device.type == "cuda":
        card = torch.cuda.get_device_properties(device)
        return f"{card.name}, {card.total_memory / 2**30:.0f} GiB, CUDA {torch.version.cuda}"
    name = platform.processor() or platform.machine()
    info = pathlib.Path("/proc/cpuinfo")
    if info.is_file():
        name = next((line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} processors, {torch.backends.cpu.get_cpu_capability()}"


def page(bench: Bench, pack: dict[str, Any], found: dict[str, float], command: str) -> str:
    lines = [f"# The GPU pack on {machine(bench.device)}", ""]
    if not bench.is_gpu():
        lines += ["This is a trial on a CPU, in small. It shows that the pack runs and that the numbers agree. Its times say"
                  " nothing of a GPU. **No GPU has run the pack yet.**", ""]
    lines += [f"- {datetime.date.today().isoformat()}, programs of commit {pack['commit']}, PyTorch {torch.__version__},"
              f" timm {timm.__version__}, Python {platform.python_version()}", f"- `{command}`",
              f"- Limits measured here: {report.three(found['bfloat16'])} TFLOP/s bfloat16 products,"
              f" {report.three(found['float32'])} TFLOP/s float32 products, {report.three(found['copy'])} GB/s copied, read and"
              " write counted"]
    lines += [f"- {note}" for note in bench.notes]
    lines += ["", "Errors: the length of the difference from timm in float32, against timm's length. The bound in bfloat16 is"
              f" {ROUNDING} times timm's own error: under autocast or with weights in bfloat16, whichever is larger.", "",
              report.checks(bench.checks), "",
              "Times in bfloat16: medians. `facemask is` compares with the fastest of timm's ways. Step: forward, backward,"
              " fused AdamW. Hot path: upload, transforms, CutMix and step.", "",
              report.timings(bench.timings, found["bfloat16"]), ""]
    return "\n".join(wrapped(line) for text in lines for line in text.split("\n"))


def wrapped(line: str) -> str:
    """Breaks long lines of words; rows of tables, headings and commands stay whole."""
    if line.startswith(("|", "#", "- `")):
        return line
    return textwrap.fill(line, 120, subsequent_indent="  " if line.startswith("- ") else "", break_long_words=False,
                         break_on_hyphens=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--out", type=pathlib.Path, metavar="FILE", help="also writes the page there")
    parser.add_argument("--pack", type=pathlib.Path, default=HERE / "pack", metavar="FOLDER")
    parser.add_argument("--networks", default="", metavar="NAMES", help="the networks to time, with commas; all are checked")
    parser.add_argument("--batch", type=int, default=0, metavar="N", help="photos; by default each network's own, 2 on a CPU")
    parser.add_argument("--minutes", type=float, default=10, metavar="N", help="what is not measured by then is left out")
    parser.add_argument("--no-compile", action="store_true", help="leaves torch.compile out")
    options = parser.parse_args()
    listing = options.pack / "pack.json"
    if not listing.is_file():
        raise SystemExit(f"run.py: {listing} is missing; make the pack with benchmarks/gpu/build")
    if options.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("run.py: PyTorch finds no GPU; --device cpu tries the pack on this processor")
    pack = json.loads(listing.read_text())
    known = [entry["backbone"] for entry in pack["networks"]]
    timed = options.networks.split(",") if options.networks else known
    if set(timed) - set(known):
        raise SystemExit(f"run.py: --networks names {sorted(set(timed) - set(known))[0]!r}; the pack has {', '.join(known)}")
    gpu = options.device == "cuda"
    bench = Bench(torch.device(options.device), options.pack, repeats=5 if gpu else 2, seconds=2 if gpu else 0,
                  deadline=time.monotonic() + 60 * options.minutes, compiles=not options.no_compile)
    # Facemask turns the executor off that derives its own backward pass. This setting has no public name.
    torch._C._set_graph_executor_optimize(False)
    found = limits(bench)
    # TF32 would hide differences.
    torch.backends.cudnn.allow_tf32 = False
    for entry in pack["networks"]:
        small = min(4, options.batch or 4) if gpu else 2
        full = gpu or entry["backbone"] in timed
        Case(bench, entry, small).check(with_gradients=full)
        gc.collect()
    torch.backends.cudnn.allow_tf32 = True
    for entry in pack["networks"]:
        if entry["backbone"] in timed:
            Case(bench, entry, options.batch or (entry["batch"] if gpu else 2)).time_all()
    text = page(bench, pack, found, " ".join(["python3 benchmarks/gpu/run.py", *sys.argv[1:]]))
    print(text)
    if options.out:
        options.out.write_text(text)
    return 0 if all(check.passed() for check in bench.checks) else 1


if __name__ == "__main__":
    sys.exit(main())
