"""Proves that a saved model's weights are timm's.

With MODEL_FOLDER alone: opens MODEL_FOLDER/weights.safetensors with safetensors.torch.load_file and loads it into
timm.create_model(architecture, num_classes=...) with strict=True.
With --timm FOLDER, which `mask export --format safetensors` wrote: timm.create_model("local-dir:FOLDER", pretrained=True)
loads it. With --program FOLDER, too, which `mask export --precision float32` wrote from the same model: both answer
random photos with the same logits, within 1e-4 of their spread. Joint heads are joined here as the program joins them.
Needs: torch timm safetensors.
Usage: python load_in_timm.py MODEL_FOLDER; python load_in_timm.py --timm FOLDER [--program FOLDER]
Exit code: 0 loaded, or skipped because a library is absent (the reason is printed); 1 there is no model, its weights do
not fit, or the logits differ."""
import argparse
import json
import pathlib
import sys

LARGEST_DIFFERENCE = 1e-4
# The first year of each age group, and the end.
AGE_GROUPS = ((0, 30), (30, 60), (60, 101))


def outputs(card: dict) -> int:
    """The number of outputs of the last layer: classes, or the values of each attribute's head."""
    heads, attributes = card.get("heads", "CLASSES"), card["attributes"]
    if heads == "CLASSES":
        return len(card["labels"])
    age = 101 if heads == "YEARS" else 3
    return sum({"mask": 3, "gender": 2, "age": age}[a] for a in attributes)


def check_saved(folder: pathlib.Path) -> str:
    import timm
    import torch
    from safetensors.torch import load_file

    card = json.loads((folder / "model.json").read_text())
    size = (card["preprocessing"]["height"], card["preprocessing"]["width"])
    weights = load_file(folder / "weights.safetensors")
    fixed = {"img_size": size} if card["architecture"].startswith(("vit_", "swin_")) else {}
    model = timm.create_model(card["architecture"], num_classes=outputs(card), **fixed)
    model.load_state_dict(weights, strict=True)
    with torch.no_grad():
        logits = model.eval()(torch.zeros(1, 3, *size))
    if not torch.isfinite(logits).all():
        raise ValueError("the logits of a black photo are not finite")
    return f"{len(weights)} tensors into timm {timm.__version__} {card['architecture']}, logits {tuple(logits.shape)}"


def joined(logits, sizes, years):
    """The logits of classes from those of the heads, and the expected age, as the program gives them."""
    import torch

    parts = [part.log_softmax(1) for part in logits.split(sizes, 1)]
    age = None
    if years:
        p = parts[-1].exp()
        age = (p * torch.arange(101, dtype=p.dtype)).sum(1, keepdim=True)
        parts[-1] = torch.stack([parts[-1][:, a:b].logsumexp(1) for a, b in AGE_GROUPS], 1)
    total = parts[0]
    for part in parts[1:]:
        total = (total.unsqueeze(2) + part.unsqueeze(1)).flatten(1)
    return total if age is None else torch.cat([total, age], 1)


def check_exported(folder: pathlib.Path, program: pathlib.Path | None) -> str:
    import timm
    import torch

    config = json.loads((folder / "config.json").read_text())
    model = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
    if model.num_classes != config["num_classes"] or model.num_classes != len(config["label_names"]):
        raise ValueError(f"timm made {model.num_classes} outputs, config.json names {len(config['label_names'])}")
    if model.num_features != config["num_features"]:
        raise ValueError(f"timm has {model.num_features} features, config.json says {config['num_features']}")
    data = timm.data.resolve_model_data_config(model)
    wanted = {key: config["pretrained_cfg"][key] for key in ("interpolation", "crop_pct", "crop_mode")}
    if any(data[key] != value for key, value in wanted.items()):
        raise ValueError(f"timm reads {data}, expected {wanted}")
    said = f"{config['architecture']} from local-dir into timm {timm.__version__}, {model.num_classes} outputs"
    if program is None:
        return said
    height, width = config["pretrained_cfg"]["input_size"][1:]
    generator = torch.Generator().manual_seed(7)
    photos = torch.randint(0, 256, (2, height, width, 3), dtype=torch.uint8, generator=generator)
    mean, std = torch.tensor(data["mean"]), torch.tensor(data["std"])
    with torch.no_grad():
        logits = model(((photos / 255 - mean) / std).permute(0, 3, 1, 2))
        if config["facemask"]["heads"] != "CLASSES":
            logits = joined(logits, config["facemask"]["head_sizes"], config["facemask"]["heads"] == "YEARS")
        ours = torch.jit.load(str(program / "program.pt")).forward(photos)
    difference = float(((logits - ours).abs() / logits.std(1, keepdim=True)).max())
    if difference > LARGEST_DIFFERENCE:
        raise ValueError(f"the logits differ by {difference:.2e} of their spread, expected at most {LARGEST_DIFFERENCE}")
    return f"{said}, logits differ by {difference:.1e} of their spread"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, nargs="?")
    parser.add_argument("--timm", type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path)
    given = parser.parse_args()
    if (given.folder is None) == (given.timm is None):
        parser.error("give MODEL_FOLDER or --timm FOLDER")
    try:
        import safetensors.torch  # noqa: F401
        import timm
        import torch
    except ImportError as e:
        print(f"skipped: {e.name} is not installed")
        return 0
    card = given.folder / "model.json" if given.folder else given.timm / "config.json"
    if not card.is_file():
        print(f"failed: {card.parent} is no model folder, it has no {card.name}")
        return 1
    try:
        print("ok: " + (check_saved(given.folder) if given.folder else check_exported(given.timm, given.program)))
    except (RuntimeError, ValueError) as e:
        print(f"failed: {e}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
