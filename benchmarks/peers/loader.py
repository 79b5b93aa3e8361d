"""How many photos a second come out of a PyTorch DataLoader: JPEG -> RandomResizedCrop 224 + flip + normalise, in batches?

Reads --photos FOLDER (every .jpg below it), or photos that it makes. An iteration is the time between two batches, once the
workers have started and their queues have run dry.
"""
from __future__ import annotations

import pathlib
import sys
import tempfile
from dataclasses import dataclass
from typing import Callable, Iterator

import measure

measure.require("torch", "torchvision", "numpy", "PIL")
import numpy
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, RandomSampler
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms import v2

import photos

SIZE = 224
SCALE = (0.6, 1.0)
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

Reader = Callable[[str], object]
Transform = Callable[[object], torch.Tensor]


def read_pil(file: str) -> Image.Image:
    with Image.open(file) as photo:
        return photo.convert("RGB")


def read_torchvision(file: str) -> torch.Tensor:
    return decode_image(file, ImageReadMode.RGB)


def read_cv2(file: str) -> numpy.ndarray:
    import cv2

    return cv2.imread(file, cv2.IMREAD_COLOR_RGB)


def torchvision_transform(normalised: bool) -> Transform:
    """torchvision v2; without normalising, a photo stays uint8 and its batch is normalised where it arrives."""
    steps = [v2.RandomResizedCrop(SIZE, scale=SCALE, antialias=True), v2.RandomHorizontalFlip(), v2.ToImage()]
    if normalised:
        steps += [v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, DEVIATION)]
    return v2.Compose(steps)


def albumentations_transform(normalised: bool) -> Transform:
    """albumentations; the same two ways."""
    measure.require("albumentations", "cv2")
    import albumentations
    from albumentations.pytorch import ToTensorV2

    steps = [albumentations.RandomResizedCrop(size=(SIZE, SIZE), scale=SCALE), albumentations.HorizontalFlip(p=0.5)]
    if normalised:
        steps.append(albumentations.Normalize(MEAN, DEVIATION))
    composed = albumentations.Compose([*steps, ToTensorV2()])
    return lambda photo: composed(image=photo)["image"]


@dataclass(frozen=True)
class Variant:
    """A decoder, a library of transforms, and whether the workers normalise or the process that takes the batches."""

    read: Reader
    transform: Callable[[bool], Transform]
    workers_normalise: bool = True


VARIANTS = {
    "torchvision_pil": Variant(read_pil, torchvision_transform),
    "torchvision_pil_batch": Variant(read_pil, torchvision_transform, False),
    "torchvision_io": Variant(read_torchvision, torchvision_transform),
    "torchvision_io_batch": Variant(read_torchvision, torchvision_transform, False),
    "albumentations": Variant(read_cv2, albumentations_transform),
    "albumentations_batch": Variant(read_cv2, albumentations_transform, False),
}


class Photos(Dataset):
    """A file number -> a transformed photo."""

    def __init__(self, files: list[pathlib.Path], variant: Variant) -> None:
        self.files = [str(file) for file in files]
        self.read = variant.read
        self.transform = variant.transform(variant.workers_normalise)

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> torch.Tensor:
        return self.transform(self.read(self.files[index]))


def one_thread(worker: int) -> None:
    """Keeps OpenCV from starting threads in each worker."""
    try:
        import cv2

        cv2.setNumThreads(0)
    except ImportError:
        pass


def batches(files: list[pathlib.Path], variant: Variant, batch: int, workers: int) -> Iterator[torch.Tensor]:
    """Normalised float batches (B, 3, 224, 224) without end."""
    dataset = Photos(files, variant)
    endless = RandomSampler(dataset, replacement=True, num_samples=10**9)
    mean = torch.tensor(MEAN).view(1, 3, 1, 1) * 255
    deviation = torch.tensor(DEVIATION).view(1, 3, 1, 1) * 255
    # fork, so that the transforms need not be pickled
    for loaded in DataLoader(dataset, batch, sampler=endless, num_workers=workers, worker_init_fn=one_thread,
                             multiprocessing_context="fork"):
        yield loaded if variant.workers_normalise else loaded.float().sub_(mean).div_(deviation)


def main() -> int:
    parser = measure.parser(__doc__)
    parser.set_defaults(warmup=8)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--photos", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--variant", choices=VARIANTS, default="torchvision_pil")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        files = photos.read_folder(options.photos) if options.photos else photos.write(pathlib.Path(folder), 512)
        variant = VARIANTS[options.variant]
        iterator = batches(files, variant, options.batch, workers=options.threads)
        library = "albumentations" if variant.transform is albumentations_transform else "torchvision"
        for seconds in measure.blocks(lambda: next(iterator), options, least=8):
            mean_seconds = [sum(seconds) / len(seconds)]  # two workers deliver in pairs: only the mean is a rate
            measure.report(measure.named(options.variant, library), options.batch, mean_seconds, options, precision="float32",
                           batch_seconds=[round(value, 6) for value in seconds],
                           versions=measure.versions("torch", library))
        iterator.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
