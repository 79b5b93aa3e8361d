"""Proves that a saved model's weights are timm's: opens MODEL_FOLDER/weights.safetensors with safetensors.torch.load_file
and loads it into timm.create_model(architecture, num_classes=18) with strict=True.
Needs: torch timm safetensors.   Usage: python load_in_timm.py MODEL_FOLDER
Exit code: 0 loaded, or skipped because a library is absent (the reason is printed); 1 there is no model, or its weights do not fit."""
import argparse
import json
import pathlib
import sys


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    try:
        import timm
        import torch
        from safetensors.torch import load_file
    except ImportError as e:
        print(f"skipped: {e.name} is not installed")
        return 0
    if not (folder / "model.json").is_file():
        print(f"failed: {folder} is no model folder, it has no model.json")
        return 1
    card = json.loads((folder / "model.json").read_text())
    weights = load_file(folder / "weights.safetensors")
    model = timm.create_model(card["architecture"], num_classes=8 if card.get("heads") == "ATTRIBUTES" else len(card["labels"]))
    try:
        model.load_state_dict(weights, strict=True)
    except RuntimeError as e:
        print(f"failed: {e}")
        return 1
    height, width = card["preprocessing"]["height"], card["preprocessing"]["width"]
    with torch.no_grad():
        logits = model.eval()(torch.zeros(1, 3, height, width))
    if not torch.isfinite(logits).all():
        print("failed: the logits of a black photo are not finite")
        return 1
    print(f"ok: {len(weights)} tensors into timm {timm.__version__} {card['architecture']}, logits {tuple(logits.shape)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
