"""How `compare` reads the name of a peer's variant. Standard library only.

`compile` runs in the peers' Python, `newest:compile` in the one with the newest PyTorch, `djl_...` in Java.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Union

NEWEST = "newest:"


@dataclass(frozen=True)
class OfPython:
    """A variant of a peer's script, and whether the newest PyTorch runs it."""

    variant: str
    newest: bool = False


@dataclass(frozen=True)
class OfDjl:
    """A traced network that DJL runs: what is traced, and where photos are normalised, in the network or the Translator."""

    layout: str
    precision: str
    normalise: str = "network"


DJL = {
    "djl_traced": OfDjl("planes", "float32"),
    "djl_traced_channels_last": OfDjl("channels_last", "float32"),
    "djl_traced_bf16": OfDjl("planes", "bfloat16"),
    "djl_traced_channels_last_bf16": OfDjl("channels_last", "bfloat16"),
    "djl_translator": OfDjl("planes", "float32", "translator"),
    "djl_translator_channels_last": OfDjl("channels_last", "float32", "translator"),
    "djl_translator_channels_last_bf16": OfDjl("channels_last", "bfloat16", "translator"),
}


def read(name: str) -> Union[OfPython, OfDjl]:
    """What a name stands for.

    >>> read("newest:compile")
    OfPython(variant='compile', newest=True)
    """
    if name in DJL:
        return DJL[name]
    if name.startswith("djl_"):
        raise ValueError(f"variant '{name}', expected one of {', '.join(DJL)}")
    newest = name.startswith(NEWEST)
    return OfPython(name[len(NEWEST):] if newest else name, newest)
