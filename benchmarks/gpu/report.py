"""The page that a measurement of the pack writes. Needs only Python."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional, Sequence, Union

PEERS = ("eager", "channels_last", "compile")

# Milliseconds, or why there are none
Time = Union[float, str]


@dataclass(frozen=True)
class Check:
    """How far a program is from timm in float32, with timm's own rounding beside it in bfloat16."""

    network: str
    precision: str
    what: str
    error: float
    bound: float
    peer: Optional[float] = None

    def passed(self) -> bool:
        return self.error <= self.bound  # False for NaN


@dataclass
class Timing:
    """Milliseconds of one operation of a batch."""

    network: str
    what: str
    batch: int
    times: dict[str, Time] = field(default_factory=dict)
    gflop: float = 0.0

    def ratio(self) -> Optional[float]:
        """How many times as fast as the fastest peer facemask is."""
        ours = self.times.get("facemask")
        theirs = [time for name, time in self.times.items() if name != "facemask" and isinstance(time, float)]
        return min(theirs) / ours if isinstance(ours, float) and theirs else None

    def share(self, tflops: float) -> Optional[float]:
        """The operations a second against the best product of matrices."""
        ours = self.times.get("facemask")
        return self.gflop / ours / tflops if isinstance(ours, float) and self.gflop and tflops else None


def three(value: float) -> str:
    """Three significant digits, without an exponent above a thousandth."""
    if value != value:
        return "NaN"
    if value == 0 or abs(value) < 0.001:
        return f"{value:.1e}"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _cell(time: Optional[Time]) -> str:
    return "-" if time is None else time if isinstance(time, str) else three(time)


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *("| " + " | ".join(row) + " |" for row in rows)])


def checks(all_checks: Sequence[Check]) -> str:
    head = ["network", "precision", "what", "facemask's error", "timm's own error", "bound", ""]
    return _lines(head, [[c.network, c.precision, c.what, three(c.error), "-" if c.peer is None else three(c.peer),
                          three(c.bound), "ok" if c.passed() else "FAILED"] for c in all_checks])


def timings(all_timings: Sequence[Timing], tflops: float) -> str:
    head = ["network", "what", "batch", "facemask, ms", *(f"timm {peer}, ms" for peer in PEERS), "facemask is", "of the limit"]
    rows = []
    for timing in all_timings:
        ratio, share = timing.ratio(), timing.share(tflops)
        rows.append([timing.network, timing.what, str(timing.batch), _cell(timing.times.get("facemask")),
                     *(_cell(timing.times.get(peer)) for peer in PEERS),
                     "-" if ratio is None else f"{ratio:.2f}x", "-" if share is None else f"{100 * share:.0f} %"])
    return _lines(head, rows)
