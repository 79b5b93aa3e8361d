"""Makes the Markdown table of ratios from the rounds' samples. Pure functions, standard library only."""
from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from typing import Callable, Mapping, Optional, Sequence

from sides import Sample

# A row is known by its name and precision; a round holds one sample for each row that gave a result.
Key = tuple[str, str]
Round = Mapping[Key, Sample]
Limits = Mapping[str, float]
# (sample, limits) -> share of what the machine can do, or None where no limit is known
Share = Callable[[Sample, Limits], Optional[float]]


@dataclass(frozen=True)
class Spread:
    """Median, least and most of some values."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: Sequence[float]) -> "Spread":
        return Spread(statistics.median(values), min(values), max(values))


def key(sample: Sample) -> Key:
    return sample.name, sample.precision


def rates(rounds: Sequence[Round], row: Key) -> Spread:
    """Images a second of a row over the rounds."""
    return Spread.of([samples[row].images_per_second for samples in rounds if row in samples])


def ratios(rounds: Sequence[Round], ours: Key, theirs: Key) -> Optional[Spread]:
    """How many times faster ours is, taken within each round, so that a slow minute slows both sides of a ratio."""
    both = [samples for samples in rounds if ours in samples and theirs in samples]
    if not both:
        return None
    return Spread.of([samples[ours].images_per_second / samples[theirs].images_per_second for samples in both])


def three(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def shown(spread: Optional[Spread], sign: str = "") -> str:
    if spread is None:
        return "-"
    return f"{three(spread.median)}{sign} ({three(spread.least)} to {three(spread.most)})"


def gemm_share(sample: Sample, limits: Limits) -> Optional[float]:
    """Operations of the network a second against the best product of matrices in the same precision."""
    peak = limits.get(f"gemm_{sample.precision}_gflops")
    if not peak or not sample.flops_per_image:
        return None
    return sample.flops_per_image * sample.images_per_second / (peak * 1e9)


def decode_share(sample: Sample, limits: Limits) -> Optional[float]:
    """Photos a second against decoding alone."""
    peak = limits.get("decode_photos_per_second")
    return sample.images_per_second / peak if peak else None


def copy_share(values: int) -> Share:
    """Bytes a second against memory's, if each photo of so many values were copied once (read and written)."""

    def share(sample: Sample, limits: Limits) -> Optional[float]:
        peak = limits.get("memory_gb_per_second")
        size = {"uint8": 1, "float32": 4}.get(sample.precision)
        return 2 * values * size * sample.images_per_second / (peak * 1e9) if peak and size else None

    return share


def with_flops(rounds: Sequence[Round]) -> list[dict[Key, Sample]]:
    """Gives facemask's samples the operations that a peer counted for the same network."""
    counts = [sample.flops_per_image for samples in rounds for sample in samples.values() if sample.flops_per_image]
    if not counts:
        return [dict(samples) for samples in rounds]
    return [{row: replace(sample, flops_per_image=sample.flops_per_image or counts[0])
             for row, sample in samples.items()} for samples in rounds]


def ordered(rounds: Sequence[Round]) -> list[Key]:
    """All rows: facemask's first, then the peers', the fastest first."""
    known = {row: sample for samples in rounds for row, sample in samples.items()}
    return sorted(known, key=lambda row: (not known[row].facemask, -rates(rounds, row).median))


def table(rounds: Sequence[Round], limits: Limits, share: Share) -> str:
    """A row for each side's ways, a column of ratios for each of facemask's."""
    rounds = with_flops(rounds)
    rows = ordered(rounds)
    known = {row: sample for samples in rounds for row, sample in samples.items()}
    ours = [row for row in rows if known[row].facemask]
    head = ["who", "precision", "images/s", "of the limit", *(f"{name} {precision} is" for name, precision in ours)]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        rate = rates(rounds, row)
        part = share(replace(known[row], images_per_second=rate.median), limits)
        cells = [*row, shown(rate), "-" if part is None else f"{100 * part:.0f} %"]
        cells += ["-" if row == mine else shown(ratios(rounds, mine, row), "x") for mine in ours]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def limits_line(limits: Limits) -> str:
    """The measured limits in one sentence."""
    units = {"gemm_float32_gflops": "GFLOP/s float32 products", "gemm_bfloat16_gflops": "GFLOP/s bfloat16 products",
             "gemm_int8_gflops": "GOP/s int8 products",
             "memory_gb_per_second": "GB/s copied, read and write counted", "decode_photos_per_second": "photos/s decoded"}
    found = [f"{three(limits[name])} {unit}" for name, unit in units.items() if name in limits]
    return "; ".join(found) if found else "not measured"
