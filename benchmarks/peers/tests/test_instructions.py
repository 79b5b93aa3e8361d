"""Tests of playing a smaller kind of processor."""
from __future__ import annotations

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import instructions

GENOA = set("avx2 avx512f avx512bw avx512vl avx512dq avx512_vnni avx512_bf16".split())


class InstructionsTest(unittest.TestCase):
    def test_a_limit_replaces_one_that_was_set_outside(self) -> None:
        outside = {"PATH": "/bin", "DNNL_MAX_CPU_ISA": "SSE41", "ONEDNN_MAX_CPU_ISA": "SSE41"}
        found = instructions.environment("avx2", outside)
        self.assertEqual(("/bin", "AVX2", "avx2"), (found["PATH"], found["ONEDNN_MAX_CPU_ISA"], found["ATEN_CPU_CAPABILITY"]))
        self.assertNotIn("DNNL_MAX_CPU_ISA", found)

    def test_native_unsets_all_limits(self) -> None:
        outside = {name: "avx2" for name in instructions.VARIABLES}
        self.assertEqual({}, instructions.environment("native", outside))

    def test_each_limit_sets_variables_that_native_unsets(self) -> None:
        for name, limit in instructions.LIMITS.items():
            self.assertLessEqual(set(limit.variables), set(instructions.VARIABLES), name)

    def test_a_processor_plays_what_it_has(self) -> None:
        self.assertEqual([], instructions.missing("avx512_bf16", GENOA))
        self.assertEqual(["amx_tile", "amx_int8", "amx_bf16"], instructions.missing("amx", GENOA))
        self.assertEqual([], instructions.missing("native", set()))

    def test_a_limit_tells_whether_bfloat16_is_left(self) -> None:
        for name, left in (("avx2", False), ("avx512_vnni", False), ("avx512_bf16", True), ("amx", True), ("native", True)):
            self.assertEqual(left, instructions.allows_bfloat16(instructions.environment(name, {})), name)

    def test_rows_that_obey_no_limit_say_so(self) -> None:
        self.assertEqual("obeys no limit", instructions.disobeys("onnxruntime 1.32.0", "avx2"))
        self.assertIsNone(instructions.disobeys("onnxruntime 1.32.0", "native"))
        self.assertIsNone(instructions.disobeys("pytorch 2.7.1 compile", "avx2"))

    def test_the_page_tells_how_it_was_limited(self) -> None:
        self.assertIn("ONEDNN_MAX_CPU_ISA=AVX512_CORE_AMX", instructions.described("amx"))
        self.assertEqual("all of the processor's (`--isa native`)", instructions.described("native"))


if __name__ == "__main__":
    unittest.main()
