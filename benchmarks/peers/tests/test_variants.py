"""Tests of reading the names of variants."""
from __future__ import annotations

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import variants


class VariantsTest(unittest.TestCase):
    def test_a_prefix_chooses_the_newest_pytorch(self) -> None:
        self.assertEqual(variants.OfPython("compile_bf16", True), variants.read("newest:compile_bf16"))
        self.assertEqual(variants.OfPython("compile_bf16", False), variants.read("compile_bf16"))

    def test_djl_runs_in_java(self) -> None:
        self.assertEqual(variants.OfDjl("channels_last", "bfloat16"), variants.read("djl_traced_channels_last_bf16"))
        self.assertEqual("translator", variants.read("djl_translator").normalise)

    def test_an_unknown_way_of_djl_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "'djl_tracd', expected one of djl_traced"):
            variants.read("djl_tracd")


if __name__ == "__main__":
    unittest.main()
