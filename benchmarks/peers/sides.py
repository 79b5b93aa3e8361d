"""Runs one measurement of either side in a process of its own and reads what it printed. Standard library only."""
from __future__ import annotations

import json
import pathlib
import re
import statistics
import subprocess
import tempfile
from dataclasses import dataclass, field, replace
from typing import Iterable, Mapping, Optional, Sequence, Union

SKIPPED = 3  # the peers' exit code for a named skip, see measure.py
SECONDS_OF = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


@dataclass(frozen=True)
class Sample:
    """What one process measured."""

    name: str
    precision: str
    images_per_second: float
    facemask: bool
    flops_per_image: Optional[int] = None
    versions: Mapping[str, str] = field(default_factory=dict)
    raw: object = None  # the measured values as printed, for the JSON file
    settings: Mapping[str, object] = field(default_factory=dict)  # what the peer chose, for the JSON file


@dataclass(frozen=True)
class Skip:
    """Why there is no sample."""

    name: str
    reason: str


def without_folders(text: str) -> str:
    """Leaves only the last part of absolute paths, so that results do not tell how a machine is laid out."""
    return re.sub(r"(?<![\w.])/(?:[^\s/:'\"]+/)+", "", text)


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return without_folders(lines[-1])[:200] if lines else "it printed nothing"


def reason(text: str) -> str:
    """The first error that Java tells, or else the last line."""
    error = re.search(r"^(?:Caused by: )?(?:[\w$]+\.)+[\w$]*(?:Exception|Error)\b.*$", text, re.MULTILINE)
    return last_line(error.group(0) if error else text)


def run(command: Sequence[str], environment: Mapping[str, str], limit: float) -> Union[subprocess.CompletedProcess, str]:
    """The finished process, or the reason why it could not finish."""
    try:
        return subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"no result within {limit:.0f} s"
    except OSError as error:
        return f"cannot start {pathlib.Path(command[0]).name}: {error.strerror}"


def read_json_lines(text: str) -> list[dict]:
    """The JSON objects among the printed lines."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def run_peer(name: str, command: Sequence[str], environment: Mapping[str, str], limit: float) -> Union[Sample, Skip]:
    """A peer's script; of several blocks, the median rate counts."""
    done = run(command, environment, limit)
    if isinstance(done, str):
        return Skip(name, done)
    lines = read_json_lines(done.stdout)
    if done.returncode == SKIPPED and lines and "skipped" in lines[-1]:
        return Skip(name, without_folders(lines[-1]["skipped"]))
    if done.returncode != 0 or not lines:
        return Skip(name, f"exit code {done.returncode}: {last_line(done.stderr)}")
    first = lines[0]
    return Sample(first["peer"], first["precision"], statistics.median(line["images_per_second"] for line in lines), False,
                  first.get("flops_per_image"), first.get("versions", {}), [line["seconds"] for line in lines],
                  first.get("settings", {}))


def seconds_per_operation(score: float, unit: str) -> float:
    """JMH's score as seconds: its unit is time/op or ops/time.

    >>> seconds_per_operation(20, "ops/s"), seconds_per_operation(50, "ms/op")
    (0.05, 0.05)
    """
    numerator, _, denominator = unit.partition("/")
    if denominator == "op" and numerator in SECONDS_OF:
        return score * SECONDS_OF[numerator]
    if numerator == "ops" and denominator in SECONDS_OF:
        return SECONDS_OF[denominator] / score
    raise ValueError(f"JMH unit '{unit}' is neither time/op nor ops/time")


def read_jmh(results: list[dict], name: str, precision: str, batch: int) -> list[Sample]:
    """One sample for each benchmark method; an operation is a batch, and the median iteration counts."""
    samples = []
    for result in results:
        metric = result["primaryMetric"]
        values = [value for fork in metric["rawData"] for value in fork]
        seconds = seconds_per_operation(statistics.median(values), metric["scoreUnit"])
        method = result["benchmark"].rsplit(".", 1)[-1]
        versions = {"java": result.get("jdkVersion", "?"), "jmh": result.get("jmhVersion", "?")}
        samples.append(Sample(name if len(results) == 1 else f"{name} {method}", precision, batch / seconds, True,
                              versions=versions, raw={"unit": metric["scoreUnit"], "values": values}))
    return samples


@dataclass(frozen=True)
class Java:
    """How the JMH benchmarks are started."""

    program: str
    classes: pathlib.Path
    classpath: str
    threads: int
    seconds: float
    iterations: int

    def command(self, benchmark: str, parameters: Mapping[str, object], file: str) -> list[str]:
        """The command that writes its results to the file."""
        parts = [self.program, f"-XX:ActiveProcessorCount={self.threads}", "-cp", f"{self.classes}:{self.classpath}",
                 "org.openjdk.jmh.Main", rf"\.{benchmark}\.", "-f", "1", "-wi", "2", "-i", str(self.iterations),
                 "-r", f"{max(1, round(self.seconds / self.iterations))}s", "-foe", "true", "-rf", "json", "-rff", file]
        for key, value in parameters.items():
            parts += ["-p", f"{key}={value}"]
        return parts

    def run(self, name: str, precision: str, benchmark: str, parameters: Mapping[str, object],
            environment: Mapping[str, str], limit: float) -> list[Union[Sample, Skip]]:
        """The samples of one benchmark class, or the reason why there are none."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "jmh.json"
            done = run(self.command(benchmark, parameters, str(file)), environment, limit)
            if isinstance(done, str):
                return [Skip(name, done)]
            text = file.read_text() if file.is_file() else ""
        if not text.strip():
            return [Skip(name, f"{benchmark} gave no result: {reason(done.stdout + done.stderr)}")]
        samples = read_jmh(json.loads(text), name, precision, int(parameters["batch"]))
        return list(samples) or [Skip(name, f"{benchmark} gave no result")]


def library_versions(classpath: str) -> dict[str, str]:
    """The versions that matter, from the names of the jars."""
    wanted = {"djl": r"/ai/djl/api/([^/]+)/", "pytorch": r"/pytorch-native-[^/]+/([^/]+)/",
              "opencv": r"/org/bytedeco/opencv/([^/]+)/"}
    matches = {name: re.search(pattern, classpath) for name, pattern in wanted.items()}
    return {name: match.group(1) for name, match in matches.items() if match}


def as_peer(sample: Sample, versions: Mapping[str, str]) -> Sample:
    """A row of the other side that JMH measured."""
    return replace(sample, facemask=False, versions={**sample.versions, **versions})


def all_versions(samples: Iterable[Sample]) -> dict[str, str]:
    """The versions of the libraries; of one that ran in several, all.

    >>> all_versions([Sample("a", "", 1, False, None, {"torch": "2.7.1"}), Sample("b", "", 1, False, None, {"torch": "2.15.0"})])
    {'torch': '2.7.1 and 2.15.0'}
    """
    found: dict[str, list[str]] = {}
    for sample in samples:
        for name, version in sample.versions.items():
            if version not in found.setdefault(name, []):
                found[name].append(version)
    return {name: " and ".join(versions) for name, versions in found.items()}
