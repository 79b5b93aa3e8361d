"""Programs of the pack: TorchScript archives without the bytes of their weights. Needs only Python."""
from __future__ import annotations

import collections
import io
import pathlib
import pickle
import zipfile
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Optional

# How TorchScript names the types of stored numbers, and the bytes of each.
BYTES = {"FloatStorage": 4, "DoubleStorage": 8, "HalfStorage": 2, "BFloat16Storage": 2, "LongStorage": 8, "IntStorage": 4,
         "ShortStorage": 2, "CharStorage": 1, "ByteStorage": 1, "BoolStorage": 1}


@dataclass(frozen=True)
class Slot:
    """Where a tensor of a program lies: the entry of its bytes, and how it is laid out there."""

    key: str
    kind: str
    numbers: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


# The tensor's name, its place, and the bytes that the pack has of it -> all its bytes, or None for those of the pack
Filler = Callable[[str, Slot, Optional[bytes]], Optional[bytes]]


class _Node:
    """An instance of a module's class."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.fields = state


class _Reader(pickle.Unpickler):
    """Reads the tree of a program; knows only what programs consist of."""

    def persistent_load(self, pid: tuple[Any, ...]) -> tuple[str, str, int]:
        _, kind, key, _, numbers = pid
        return kind, key, numbers

    def find_class(self, module: str, name: str) -> Any:
        if module == "__torch__" or module.startswith("__torch__."):
            return _Node
        known: dict[tuple[str, str], Any] = {
            ("torch._utils", "_rebuild_tensor_v2"): _slot,
            ("torch.jit._pickle", "build_tensorlist"): list,
            ("collections", "OrderedDict"): collections.OrderedDict,
        }
        if module == "torch" and name in BYTES:
            return name
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"a program names {module}.{name}, which is no part of one")
        return known[module, name]


def _slot(storage: tuple[str, str, int], _offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> Slot:
    kind, key, numbers = storage
    return Slot(key, kind, numbers, tuple(size), tuple(stride))


def _named(node: _Node, prefix: str) -> Iterator[tuple[str, Slot]]:
    for name, value in node.fields.items():
        if isinstance(value, Slot):
            yield prefix + name, value
        elif isinstance(value, _Node):
            yield from _named(value, f"{prefix}{name}.")


def slots(program: zipfile.ZipFile) -> dict[str, Slot]:
    """The tensors of a program by their dotted names."""
    return dict(_named(_Reader(io.BytesIO(program.read("program/data.pkl"))).load(), ""))


def filled(file: pathlib.Path, filler: Filler) -> io.BytesIO:
    """A whole archive: each tensor gets the filler's bytes, else the pack's, else zeros."""
    whole = io.BytesIO()
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as out:
        present = set(packed.namelist())
        for entry in sorted(present):
            if not entry.startswith("program/data/"):
                out.writestr(zipfile.ZipInfo(entry), packed.read(entry))
        for name, slot in slots(packed).items():
            entry = f"program/data/{slot.key}"
            own = packed.read(entry) if entry in present else None
            content = filler(name, slot, own)
            content = own if content is None else content
            expected = slot.numbers * BYTES[slot.kind]
            content = bytes(expected) if content is None else content
            if len(content) != expected:
                raise ValueError(f"{file.name}: {name} gets {len(content)} bytes, expected {expected}")
            out.writestr(zipfile.ZipInfo(entry), content)
    whole.seek(0)
    return whole
