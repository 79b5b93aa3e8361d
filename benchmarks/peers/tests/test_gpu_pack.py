"""Tests of the GPU pack's page and of the reader of its programs, without PyTorch."""
from __future__ import annotations

import collections
import pathlib
import pickle
import sys
import tempfile
import unittest
import zipfile
from typing import Optional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "gpu"))
import archive
import report


def text(value: str) -> bytes:
    return b"X" + len(value).to_bytes(4, "little") + value.encode()


def tensor(key: str, kind: str, numbers: int, size: tuple[int, ...], stride: tuple[int, ...]) -> bytes:
    """The operations that push a tensor, as facemask's writer gives them."""
    ints = lambda values: b"(" + b"".join(b"K" + bytes([v]) for v in values) + b"t"
    storage = b"(" + text("storage") + b"ctorch\n" + kind.encode() + b"\n" + text(key) + text("cpu") + b"K" + bytes([numbers])
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"tQ" + b"K\x00" + ints(size) + ints(stride) + b"\x89"
            + b"ccollections\nOrderedDict\n)R" + b"tR")


def node(name: str, fields: bytes) -> bytes:
    return b"c__torch__\n" + name.encode() + b"\n)\x81}(" + fields + b"ub"


def program(folder: pathlib.Path, entries: dict[str, bytes]) -> pathlib.Path:
    """A program with a layer of 2 x 3 numbers in the order of columns, and a constant at its root."""
    layer = node("M0", text("training") + b"\x88" + text("weight") + tensor("0", "FloatStorage", 6, (2, 3), (1, 2)))
    root = node("Program", text("index") + tensor("1", "LongStorage", 1, (1,), (1,))
                + text("steps") + b"ctorch.jit._pickle\nbuild_tensorlist\n(]tR" + text("0") + layer)
    file = folder / "program.pt"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("program/data.pkl", b"\x80\x02" + root + b".")
        for name, content in entries.items():
            out.writestr(f"program/{name}", content)
    return file


class ArchiveTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_tensors_have_the_names_of_their_layers(self) -> None:
        with zipfile.ZipFile(program(self.folder, {})) as file:
            self.assertEqual({"0.weight": archive.Slot("0", "FloatStorage", 6, (2, 3), (1, 2)),
                              "index": archive.Slot("1", "LongStorage", 1, (1,), (1,))}, archive.slots(file))

    def test_a_filled_archive_has_given_bytes_those_of_the_pack_and_zeros(self) -> None:
        file = program(self.folder, {"version": b"3\n", "data/1": b"\x05" + bytes(7)})
        asked: dict[str, Optional[bytes]] = {}

        def weights(name: str, _: archive.Slot, own: Optional[bytes]) -> Optional[bytes]:
            asked[name] = own
            return b"abcd" * 6 if name == "0.weight" else None

        with zipfile.ZipFile(archive.filled(file, weights)) as whole:
            self.assertEqual(b"abcd" * 6, whole.read("program/data/0"))
            self.assertEqual(b"\x05" + bytes(7), whole.read("program/data/1"))
            self.assertEqual(b"3\n", whole.read("program/version"))
            self.assertEqual({zipfile.ZIP_STORED}, {entry.compress_type for entry in whole.infolist()})
        self.assertEqual({"0.weight": None, "index": b"\x05" + bytes(7)}, asked)
        with zipfile.ZipFile(archive.filled(file, lambda *_: None)) as whole:
            self.assertEqual(bytes(24), whole.read("program/data/0"))

    def test_bytes_of_another_number_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "0.weight gets 3 bytes, expected 24"):
            archive.filled(program(self.folder, {}), lambda name, *_: b"abc" if name == "0.weight" else None)

    def test_a_pickle_of_other_things_is_refused(self) -> None:
        file = self.folder / "other.pt"
        with zipfile.ZipFile(file, "w") as out:
            out.writestr("program/data.pkl", pickle.dumps(collections.Counter()))
        with self.assertRaisesRegex(pickle.UnpicklingError, "collections.Counter"):
            archive.filled(file, lambda *_: None)


class ReportTest(unittest.TestCase):
    def test_the_ratio_is_against_the_fastest_peer(self) -> None:
        timing = report.Timing("net", "step", 8, {"facemask": 10.0, "eager": 30.0, "channels_last": 20.0, "compile": "no time"})
        self.assertEqual(2, timing.ratio())
        self.assertIn("| net | step | 8 | 10.0 | 30.0 | 20.0 | no time | 2.00x | - |", report.timings([timing], 100))

    def test_the_share_of_the_limit_is_of_its_own_operations(self) -> None:
        # 50 GFLOP in 10 ms are 5 TFLOP/s
        timing = report.Timing("net", "forward", 8, {"facemask": 10.0}, gflop=50)
        self.assertEqual(0.5, timing.share(10))
        self.assertIn("| - | 50 % |", report.timings([timing], 10))

    def test_without_our_own_time_there_is_no_ratio(self) -> None:
        self.assertIsNone(report.Timing("net", "step", 8, {"facemask": "no memory", "eager": 1.0}).ratio())

    def test_an_error_that_is_no_number_fails(self) -> None:
        check = report.Check("net", "float32", "logits", float("nan"), 1e-4)
        self.assertFalse(check.passed())
        self.assertIn("| NaN | - | 1.0e-04 | FAILED |", report.checks([check]))
        self.assertTrue(report.Check("net", "float32", "logits", 1e-4, 1e-4).passed())


if __name__ == "__main__":
    unittest.main()
