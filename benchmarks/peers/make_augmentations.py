"""Writes mask-augment/src/test/resources/augmentations: what torchvision and albumentations make of a photo with fixed
parameters. cases.json lists the cases in order, with the peer's magnitudes; expected.bin.gz holds their pixels, uint8
(H, W, 3), one after the other. The photo is cut from the tests' portrait.jpg, which is in the public domain.
Needs: torch torchvision albumentations opencv-python-headless pillow (versions in requirements.txt).
Usage: python make_augmentations.py [FOLDER]"""
import gzip
import json
import math
import os
import pathlib
import sys
from unittest import mock

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
import albumentations
import cv2
import numpy
import PIL.Image
import torch
import torchvision
from torchvision.transforms import AugMix, InterpolationMode, RandAugment, TrivialAugmentWide
from torchvision.transforms import functional as F
from torchvision.transforms.autoaugment import _apply_op
from torchvision.transforms.v2 import functional as F2

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "mask-augment/src/test/resources"
FOLDER = RESOURCES / "augmentations"
BOX, SIZE = (125, 70, 269, 198), (72, 64)
FILL = [124.0, 116.0, 104.0]
BILINEAR = InterpolationMode.BILINEAR
cases, pixels = [], []


def photo():
    face = PIL.Image.open(RESOURCES / "photos/portrait.jpg").convert("RGB").crop(BOX)
    return numpy.asarray(face.resize(SIZE, PIL.Image.Resampling.BICUBIC))


def tensor(image):
    return torch.from_numpy(image.copy()).permute(2, 0, 1)


def add(kind, result, peer, **values):
    if isinstance(result, torch.Tensor):
        result = result.permute(1, 2, 0).numpy()
    assert result.dtype == numpy.uint8 and result.shape == (SIZE[1], SIZE[0], 3), (kind, result.dtype, result.shape)
    cases.append({"kind": kind, "peer": peer, **values})
    pixels.append(numpy.ascontiguousarray(result).tobytes())


def operations(image):
    """Each operation of the policies, by torchvision's name and magnitude."""
    for name, magnitudes in {
        "Identity": [0],
        "ShearX": [0.2, -0.3],
        "ShearY": [0.2, -0.3],
        "TranslateX": [10.7, -5.2],
        "TranslateY": [10.7, -5.2],
        "Rotate": [20, -110],
        "Brightness": [0.51, -0.36],
        "Color": [0.51, -0.36],
        "Contrast": [0.51, -0.36],
        "Sharpness": [0.9, -0.72],
        "Posterize": [2, 5],
        "Solarize": [100, 127.5],
        "AutoContrast": [0],
        "Equalize": [0],
    }.items():
        for magnitude in magnitudes:
            result = _apply_op(tensor(image), name, magnitude, BILINEAR, FILL)
            add("operation", result, "torchvision", operation=name, magnitude=magnitude)
    dull = (image // 3 + 60).astype(numpy.uint8)
    for name in ["AutoContrast", "Equalize"]:
        add("operation of a dull photo", _apply_op(tensor(dull), name, 0, BILINEAR, FILL), "torchvision", operation=name,
            magnitude=0)


def colours(image):
    for amount in [0.1, -0.3, 0.5]:
        add("hue", F.adjust_hue(tensor(image), amount), "torchvision", amount=amount)
    add("grey", F.rgb_to_grayscale(tensor(image), 3), "torchvision")
    for clip in [1.0, 2.0, 4.0]:
        clahe = albumentations.CLAHE(clip_limit=(clip, clip), tile_grid_size=(8, 8), p=1)
        add("clahe", clahe(image=image)["image"], "albumentations", clip=clip)


def geometry(image):
    for angle, dx, dy, scale, shear in [(15, 0, 0, 1, 0), (-30, 7, -4, 1, 0), (0, 0, 0, 0.8, 0), (0, 0, 0, 1, 20),
                                        (12, -6, 5, 1.2, -9)]:
        values = {"angle": angle, "dx": dx, "dy": dy, "scale": scale, "shear": shear}
        result = F.affine(tensor(image), angle, [dx, dy], scale, [shear, 0.0], BILINEAR, FILL)
        add("affine", result, "torchvision", **values)
        # The map that albumentations' Affine gives to cv2 has the same matrix; the pixels are OpenCV's.
        inverse = F._get_inverse_affine_matrix([0.0, 0.0], angle, [dx, dy], scale, [shear, 0.0])
        inverse = numpy.array(inverse + [0, 0, 1]).reshape(3, 3)
        centre = numpy.array([[1, 0, (SIZE[0] - 1) / 2], [0, 1, (SIZE[1] - 1) / 2], [0, 0, 1]])
        matrix = (centre @ numpy.linalg.inv(inverse) @ numpy.linalg.inv(centre))[:2]
        result = cv2.warpAffine(image, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
                                borderValue=FILL)
        add("affine", result, "opencv", **values)
    for box in [(5, 9, 20, 31), (0, 40, 64, 32)]:
        result = F.erase(tensor(image), *box, torch.tensor(FILL, dtype=torch.uint8)[:, None, None])
        add("erase", result, "torchvision", top=box[0], left=box[1], height=box[2], width=box[3])


def smoothness(image):
    for sigma in [0.3, 0.8, 1.5, 4.0]:
        side = 2 * math.ceil(3 * sigma) + 1
        add("blur", F.gaussian_blur(tensor(image), [side, side], [sigma, sigma]), "torchvision", sigma=sigma)
        # What albumentations' GaussianBlur calls.
        add("blur", cv2.GaussianBlur(image, (side, side), sigma), "opencv", sigma=sigma)
    noise = numpy.random.default_rng(3).normal(0, 12, image.shape).astype(numpy.float32)
    noisy = F2.gaussian_noise(tensor(image).float() / 255, mean=0, sigma=0, clip=True)
    assert torch.equal(noisy, tensor(image).float() / 255)
    with mock.patch("torch.randn_like", return_value=tensor(noise) / 12):
        noisy = F2.gaussian_noise(tensor(image).float() / 255, mean=0, sigma=12 / 255, clip=True)
    add("noise", (noisy * 255).round().to(torch.uint8), "torchvision", std=12,
        noise=[round(float(value), 5) for value in noise.reshape(-1)[:3000]])


class Draws:
    """Gives torch.randint's callers fixed numbers."""

    def __init__(self, numbers):
        self.numbers = list(numbers)

    def __call__(self, *arguments, **named):
        return torch.tensor([self.numbers.pop(0)])


def policies(image):
    rand = RandAugment(num_ops=2, magnitude=9, interpolation=BILINEAR, fill=FILL)
    names = list(rand._augmentation_space(31, (SIZE[1], SIZE[0])))
    # An index of an operation, then 1 for the other direction where there are two.
    for draws in [[6, 0, 9, 1], [13, 10], [12, 8, 1], [5, 1, 7, 0], [3, 0, 11]]:
        with mock.patch("torch.randint", Draws(draws)):
            result = rand(tensor(image))
        chain, left = [], list(draws)
        while left:
            name = names[left.pop(0)]
            signed = rand._augmentation_space(31, (SIZE[1], SIZE[0]))[name][1]
            chain.append({"operation": name, "negative": bool(left.pop(0)) if signed else False})
        add("RandAugment", result, "torchvision", magnitude=9, chain=chain)
    trivial = TrivialAugmentWide(interpolation=BILINEAR, fill=FILL)
    for name, bin, negative in [("Brightness", 20, 1), ("Contrast", 30, 0), ("Color", 30, 1), ("Sharpness", 25, 0),
                                ("Posterize", 28, 0), ("Solarize", 17, 0), ("Rotate", 11, 1), ("ShearX", 6, 0),
                                ("TranslateY", 13, 1)]:
        signed = trivial._augmentation_space(31)[name][1]
        with mock.patch("torch.randint", Draws([names.index(name), bin] + ([negative] if signed else []))):
            result = trivial(tensor(image))
        add("TrivialAugment", result, "torchvision", operation=name, bin=bin, negative=bool(negative))
    mix = AugMix(severity=10, interpolation=BILINEAR, fill=FILL)
    space = mix._augmentation_space(10, (SIZE[1], SIZE[0]))
    for own, shares, chains in [
        (0.31, [0.2, 0.5, 0.3], [[("Posterize", 2, 0)], [("Brightness", 7, 1), ("Solarize", 3, 0)], [("Equalize", 0, 0)]]),
        (0.6, [0.45, 0.15, 0.4], [[("AutoContrast", 0, 0), ("Color", 9, 0), ("Sharpness", 9, 0)], [("Contrast", 5, 1)],
                                  [("Solarize", 9, 0), ("Posterize", 1, 0)]]),
        (0.25, [0.3, 0.3, 0.4], [[("ShearX", 4, 0)], [("Rotate", 6, 1), ("TranslateY", 2, 0)], [("TranslateX", 3, 1)]]),
    ]:
        draws, told = [], []
        for chain in chains:
            draws.append(len(chain))
            told.append([])
            for name, bin, negative in chain:
                draws.append(list(space).index(name))
                if space[name][0].ndim > 0:
                    draws.append(bin)
                if space[name][1]:
                    draws.append(negative)
                told[-1].append({"operation": name, "bin": bin, "negative": bool(negative)})
        dirichlet = [torch.tensor([[own, 1 - own]]), torch.tensor([shares])]
        with mock.patch("torch.randint", Draws(draws)), mock.patch.object(mix, "_sample_dirichlet", lambda _: dirichlet.pop(0)):
            result = mix(tensor(image))
        add("AugMix", result, "torchvision", own=own, rest=float(torch.tensor(1 - own)), shares=shares, chains=told)


def magnitudes():
    """The tables of the three policies, for a photo of SIZE; one number where the operation has no strength."""
    spaces = {
        "RandAugment": RandAugment()._augmentation_space(31, (SIZE[1], SIZE[0])),
        "TrivialAugment": TrivialAugmentWide()._augmentation_space(31),
        "AugMix": AugMix()._augmentation_space(10, (SIZE[1], SIZE[0])),
    }
    return {policy: {name: table.tolist() for name, (table, _) in space.items()} for policy, space in spaces.items()}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    image = photo()
    PIL.Image.fromarray(image).save(folder / "photo.png")
    operations(image)
    colours(image)
    geometry(image)
    smoothness(image)
    policies(image)
    record = {
        "versions": {"torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0],
                     "albumentations": albumentations.__version__, "opencv": cv2.__version__},
        "height": SIZE[1],
        "width": SIZE[0],
        "magnitudes": magnitudes(),
        "cases": cases,
    }
    (folder / "cases.json").write_text(json.dumps(record, indent=None, separators=(",", ":")).replace('{"kind"', '\n{"kind"') + "\n")
    (folder / "expected.bin.gz").write_bytes(gzip.compress(b"".join(pixels), mtime=0))
    print(f"{len(cases)} cases in {folder}")


if __name__ == "__main__":
    main()
