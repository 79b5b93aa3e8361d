"""Tests of what `compare` and `cold_start` start."""
from __future__ import annotations

import argparse
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import programs
import sides

compare, cold_start = programs.load("compare"), programs.load("cold_start")
AVX2_ONLY = mock.patch.object(compare.here, "flags", lambda: {"avx2"})


def refused(*arguments: str) -> str:
    """What `compare` says to these options."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.suppress(SystemExit):
        compare.options_of(list(arguments))
    return told.getvalue().splitlines()[-1] if told.getvalue() else ""


class CompareTest(unittest.TestCase):
    @AVX2_ONLY
    def test_the_instructions_are_part_of_the_file_name(self) -> None:
        options = compare.options_of(["inference", "--isa", "avx2", "--machine", "box-2"])
        self.assertRegex(compare.file_name(options, "Box, 2 processors"), r"^inference-resnet18-box-2-avx2-\d{4}-\d\d-\d\d$")

    @AVX2_ONLY
    def test_both_sides_get_the_limit(self) -> None:
        options = compare.options_of(["inference", "--isa", "avx2"])
        self.assertEqual("AVX2", compare.environment(options)["ONEDNN_MAX_CPU_ISA"])

    @AVX2_ONLY
    def test_a_kind_that_this_processor_cannot_play_is_refused(self) -> None:
        self.assertIn("this processor lacks avx512f", refused("inference", "--isa", "avx512"))

    def test_djl_answers_inference_alone(self) -> None:
        self.assertIn("'djl_traced' has no answer to train, expected one of eager", refused("train", "--variants", "djl_traced"))
        self.assertEqual("", refused("latency", "--variants", "djl_traced,newest:compile,openvino_int8"))

    def test_the_newest_pytorch_runs_in_its_own_python(self) -> None:
        options = compare.options_of(["inference", "--variants", "newest:compile,compile", "--peer-python", "old",
                                      "--newest-python", "new"])
        commands = []
        with mock.patch.object(sides, "run_peer", lambda name, command, *_: commands.append(command) or sides.Skip(name, "")):
            for name, work in compare.works(options, None, "."):
                if name.startswith("inference.py"):
                    work()
        self.assertEqual(["new", "old"], [command[0] for command in commands])
        self.assertEqual(["compile", "compile"], [command[command.index("--variant") + 1] for command in commands])

    def test_djl_without_a_traced_network_is_a_named_skip(self) -> None:
        options = compare.options_of(["inference", "--peer-python", "/nowhere/python"])
        java = sides.Java("java", pathlib.Path("classes"), "a.jar", 2, 1, 1)
        with tempfile.TemporaryDirectory() as folder:
            found = compare.djl(options, java, "djl_traced", compare.variants.read("djl_traced"), folder)
        self.assertEqual([sides.Skip("djl_traced", "djl_traced.py: cannot start python: No such file or directory")], found)


class ColdStartTest(unittest.TestCase):
    def test_both_sides_read_the_photo_at_the_size_of_the_model(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder)
            (model / "weights.safetensors").touch()
            options = argparse.Namespace(model=model, photo=pathlib.Path("a.jpg"), peer_python="python", threads=2)
            card = {"architecture": "resnet18", "preprocessing": {"height": 96, "width": 96, "cropRatio": 0.9}}
            ours, theirs = cold_start.commands(options, card, "a.jar").values()
        self.assertEqual(["96", "0.9"], [theirs[theirs.index(name) + 1] for name in ("--size", "--crop")])
        self.assertLessEqual(set(cold_start.JAVA_FLAGS), set(ours))


if __name__ == "__main__":
    unittest.main()
