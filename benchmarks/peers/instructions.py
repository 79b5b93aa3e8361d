"""Plays a smaller kind of processor: the environment that limits the libraries to some instructions. Standard library only.

oneDNN, ATen (and torch.compile), MKL and FBGEMM obey variables; ONNX Runtime obeys none, and of OpenVINO its oneDNN alone.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional

DEFAULT = "native"
# All variables that limit instructions; `native` unsets them.
VARIABLES = ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS",
             "FBGEMM_ENABLE_INSTRUCTIONS")


@dataclass(frozen=True)
class Limit:
    """A kind of processor: the flags of Linux that it needs, and the variables that limit to it."""

    title: str
    flags: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


def _limit(title: str, flags: str, onednn: str, aten: str, mkl: str, fbgemm: str) -> Limit:
    return Limit(title, tuple(flags.split()), {"ONEDNN_MAX_CPU_ISA": onednn, "ATEN_CPU_CAPABILITY": aten,
                                               "MKL_ENABLE_INSTRUCTIONS": mkl, "FBGEMM_ENABLE_INSTRUCTIONS": fbgemm})


AVX512 = "avx512f avx512bw avx512vl avx512dq"
LIMITS = {
    "avx2": _limit("AVX2", "avx2", "AVX2", "avx2", "AVX2", "AVX2"),
    "avx512": _limit("AVX-512", AVX512, "AVX512_CORE", "avx512", "AVX512", "AVX512"),
    "avx512_vnni": _limit("AVX-512 with VNNI", f"{AVX512} avx512_vnni", "AVX512_CORE_VNNI", "avx512", "AVX512", "AVX512_E1"),
    "avx512_bf16": _limit("AVX-512 with VNNI and bfloat16", f"{AVX512} avx512_vnni avx512_bf16", "AVX512_CORE_BF16", "avx512",
                          "AVX512", "AVX512_E1"),
    "amx": _limit("AMX", f"{AVX512} avx512_bf16 amx_tile amx_int8 amx_bf16", "AVX512_CORE_AMX", "avx512", "AVX512", "AVX512_E1"),
    DEFAULT: Limit("all of the processor's"),
}


def missing(name: str, flags: set[str]) -> list[str]:
    """What a processor with these flags lacks to play this kind."""
    return [flag for flag in LIMITS[name].flags if flag not in flags]


def environment(name: str, inherited: Mapping[str, str]) -> dict[str, str]:
    """The inherited environment with this limit and no other."""
    return {**{key: value for key, value in inherited.items() if key not in VARIABLES}, **LIMITS[name].variables}


def described(name: str) -> str:
    """One line for the result's page."""
    limit = LIMITS[name]
    if not limit.variables:
        return f"{limit.title} (`--isa {name}`)"
    settings = " ".join(f"{key}={value}" for key, value in limit.variables.items())
    return f"limited to {limit.title} (`--isa {name}`) by {settings}"


def allows_bfloat16(environment: Mapping[str, str]) -> bool:
    """Whether oneDNN's limit leaves products of bfloat16; it is for libraries that look at the processor alone."""
    limit = environment.get("ONEDNN_MAX_CPU_ISA", "")
    return not limit or any(word in limit for word in ("BF16", "AMX", "DEFAULT", "ALL"))


# What each peer does with the variables, by the first word of its row; the others obey.
DISOBEYS = {"onnxruntime": "obeys no limit", "openvino": "its oneDNN alone obeys the limit"}


def disobeys(row: str, name: str) -> Optional[str]:
    """Why a row does not keep to the limit, or None where it does or none is set."""
    return DISOBEYS.get(row.split(" ", 1)[0]) if LIMITS[name].variables else None
