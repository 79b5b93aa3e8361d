"""How long from the start of a Python process to its first answer: import torch and timm, build, load weights, classify a photo?

Starts itself as a new process --runs times and takes the time from outside. Without --weights and --photo it makes
random weights and a photo first. One JSON line a run.
"""
from __future__ import annotations

import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import measure


def answer(options: argparse.Namespace) -> int:
    """The class of one photo, with no more imported than that needs."""
    import timm
    import torch
    from PIL import Image
    from safetensors.torch import load_file

    torch.set_num_threads(options.threads)
    model = timm.create_model(options.backbone, num_classes=18).eval()
    model.load_state_dict(load_file(options.weights))
    asked = {"input_size": (3, options.size, options.size), "crop_pct": options.crop}
    transform = timm.data.create_transform(**timm.data.resolve_data_config(
        {name: value for name, value in asked.items() if value}, model=model))
    with torch.inference_mode():
        return int(model(transform(Image.open(options.photo).convert("RGB")).unsqueeze(0)).argmax())


def prepare(backbone: str, folder: pathlib.Path) -> None:
    """Writes weights.safetensors, and a photo."""
    import timm
    from safetensors.torch import save_file

    import photos

    save_file(timm.create_model(backbone, num_classes=18).state_dict(), folder / "weights.safetensors")
    photos.write(folder, 1)


def seconds_of(arguments: list[str]) -> float:
    """From the start of a process with these arguments to its answer, not to its end."""
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        seconds = time.perf_counter() - start
    if process.returncode != 0 or not line.startswith("class "):
        raise RuntimeError(f"the measured process ended with {process.returncode} after {line!r}")
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", default="resnet18")
    parser.add_argument("--size", type=int, default=224, help="side of the network's input in pixels (default: 224)")
    parser.add_argument("--crop", type=float, help="the middle part of the photo that is read (default: the network's in timm)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--weights", type=pathlib.Path, help="a .safetensors file with timm's names and 18 classes")
    parser.add_argument("--photo", type=pathlib.Path)
    parser.add_argument("--answer", action="store_true", help="be the measured process")
    parser.add_argument("--prepare", type=pathlib.Path, metavar="FOLDER", help="only write weights and a photo")
    options = parser.parse_args()
    if options.answer:
        print("class", answer(options), flush=True)
        return 0
    measure.require("torch", "timm", "safetensors", "PIL")
    if options.prepare:
        prepare(options.backbone, options.prepare)
        return 0
    with tempfile.TemporaryDirectory() as name:
        made = pathlib.Path(name)
        if not (options.weights and options.photo):
            subprocess.run([sys.executable, __file__, "--backbone", options.backbone, "--prepare", made], check=True)
        arguments = ["--answer", "--backbone", options.backbone, "--threads", str(options.threads),
                     "--size", str(options.size),
                     *(["--crop", str(options.crop)] if options.crop else []),
                     "--weights", str(options.weights or made / "weights.safetensors"),
                     "--photo", str(options.photo or made / "00000.jpg")]
        seconds_of(arguments)  # fills the system's file cache, as the other side's first run does
        for _ in range(options.runs):
            measure.report(measure.named("pytorch", "torch", "with timm"), 1, [seconds_of(arguments)], options, backbone=options.backbone,
                           size=options.size, precision="float32", versions=measure.versions("torch", "timm", "safetensors"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
