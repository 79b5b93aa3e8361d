"""Trains a timm network on the photos of a facemask run, with a masked loss for unknown attributes.

The photos, their labels and the split come from the run's photos.csv, so both sides learn from and are judged on the
same photos. One head of all classes whose attributes the photos know; the loss of a photo is minus the logarithm of the
summed probabilities of the classes that agree with it. Prints scikit-learn's macro F1 of each attribute, over the photos
whose attribute is known.
"""
from __future__ import annotations

import argparse
import csv
import itertools
import pathlib
import time

import measure

measure.require("torch", "torchvision", "timm", "sklearn", "PIL")
import timm
import torch
from PIL import Image
from sklearn.metrics import accuracy_score, f1_score
from torchvision import transforms

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
NAMES = ("mask", "gender", "age")
SIZES = (3, 2, 3)
PATTERNS = ((1, 1, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 0))


def labels() -> list[tuple]:
    """All 48 labels in the order of facemask's numbers; None is unknown."""
    found = []
    for pattern in PATTERNS:
        found += itertools.product(*(range(n) if p else (None,) for p, n in zip(pattern, SIZES)))
    return found


def rows(listing: pathlib.Path) -> dict[str, list]:
    sides: dict[str, list] = {"train": [], "validation": []}
    with open(listing, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sides[row["side"]].append((row["file"], LABELS[int(row["class"])], row.get("set") or ""))
    return sides


LABELS = labels()


class Photos(torch.utils.data.Dataset):
    def __init__(self, photos: list, transform, stored: int):
        self.transform = transform
        self.labels = [label for _, label, _ in photos]
        self.images = []
        for file, _, _ in photos:
            image = Image.open(file).convert("RGB")
            scale = stored / min(image.size)
            if scale < 1:
                image = image.resize([max(stored, round(s * scale)) for s in image.size], Image.BICUBIC)
            self.images.append(image)

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int):
        return self.transform(self.images[index]), index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=pathlib.Path, help="the folder of a facemask run")
    parser.add_argument("--backbone", default="resnet18")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    sides = rows(options.run / "photos.csv")
    known = [any(label[a] is not None for _, label, _ in sides["train"]) for a in range(3)]
    classes = list(itertools.product(*(range(n) if k else (None,) for k, n in zip(known, SIZES))))
    agree = torch.tensor(
        [[all(l is None or c is None or l == c for l, c in zip(label, face)) for face in classes] for label in LABELS]
    )
    small = round(1.3 * options.size)
    augment = transforms.Compose(
        [
            transforms.RandomResizedCrop(options.size, scale=(0.5, 1), interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )
    plain = transforms.Compose(
        [
            transforms.Resize(round(options.size / 0.875), interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(options.size),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]
    )
    train = Photos(sides["train"], augment, small)
    valid = Photos(sides["validation"], plain, small)
    weights = sampler_weights(sides["train"])
    model = timm.create_model(options.backbone, num_classes=len(classes)).to(memory_format=torch.channels_last)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.05}, {"params": others, "weight_decay": 0}], lr=options.rate
    )
    steps = options.epochs * -(-len(train) // options.batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    index_of = {label: i for i, label in enumerate(LABELS)}
    ids = torch.tensor([index_of[label] for label in train.labels])
    start = time.monotonic()
    for _ in range(options.epochs):
        model.train()
        draws = torch.utils.data.WeightedRandomSampler(weights, len(train))
        for x, index in torch.utils.data.DataLoader(train, options.batch, sampler=draws, num_workers=1):
            x = x.to(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
                logits = model(x)
            log_p = torch.log_softmax(logits.float(), 1)
            own = log_p.masked_fill(~agree[ids[index]], float("-inf"))
            (-torch.logsumexp(own, 1).mean()).backward()
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
    print(f"{len(train)} photos, {options.epochs} epochs, {time.monotonic() - start:.0f} s")
    model.eval()
    answers = []
    with torch.inference_mode():
        for x, _ in torch.utils.data.DataLoader(valid, 64):
            answers += model(x.to(memory_format=torch.channels_last)).argmax(1).tolist()
    for a, name in enumerate(NAMES):
        pairs = [(label[a], classes[c][a]) for label, c in zip(valid.labels, answers) if label[a] is not None]
        if pairs:
            truth, guess = zip(*pairs)
            print(
                f"{name}: macro F1 {f1_score(truth, guess, average='macro'):.4f}, "
                f"accuracy {accuracy_score(truth, guess):.4f}, {len(pairs)} photos"
            )


def sampler_weights(photos: list) -> list[float]:
    """Equal parts for each set, and for each label within a set."""
    counts: dict[tuple, int] = {}
    present: dict[str, set] = {}
    for _, label, name in photos:
        counts[name, label] = counts.get((name, label), 0) + 1
        present.setdefault(name, set()).add(label)
    return [1 / (len(present[name]) * counts[name, label]) for _, label, name in photos]


if __name__ == "__main__":
    main()
