"""Tests of the table of ratios, with numbers that are easy to check by hand."""
from __future__ import annotations

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import table
from sides import Sample

OURS, EAGER, COMPILE = ("facemask", "float32"), ("pytorch eager", "float32"), ("pytorch compile", "float32")


def sample(row: table.Key, rate: float, flops: int | None = None) -> Sample:
    return Sample(row[0], row[1], rate, row[0].startswith("facemask"), flops)


def one_round(ours: float, eager: float, compiled: float | None = None) -> dict[table.Key, Sample]:
    samples = {OURS: sample(OURS, ours), EAGER: sample(EAGER, eager, 2_000_000_000)}
    if compiled is not None:
        samples[COMPILE] = sample(COMPILE, compiled)
    return samples


class RatiosTest(unittest.TestCase):
    def test_a_ratio_is_taken_within_its_round(self) -> None:
        # the second round is twice as slow for both sides: the ratio does not move
        spread = table.ratios([one_round(30, 10), one_round(15, 5)], OURS, EAGER)
        self.assertEqual(table.Spread(3, 3, 3), spread)

    def test_spread_is_median_least_and_most(self) -> None:
        spread = table.ratios([one_round(10, 10), one_round(40, 10), one_round(20, 10)], OURS, EAGER)
        self.assertEqual(table.Spread(2, 1, 4), spread)

    def test_rounds_without_one_side_do_not_count(self) -> None:
        rounds = [one_round(30, 10), {OURS: sample(OURS, 100)}]
        self.assertEqual(table.Spread(3, 3, 3), table.ratios(rounds, OURS, EAGER))
        self.assertIsNone(table.ratios(rounds, OURS, COMPILE))


class ShareTest(unittest.TestCase):
    def test_products_of_the_same_precision_are_the_limit(self) -> None:
        limits = {"gemm_float32_gflops": 100.0, "gemm_bfloat16_gflops": 400.0, "gemm_int8_gflops": 800.0}
        for precision, share in (("float32", 0.4), ("bfloat16", 0.1), ("int8", 0.05), ("uint8", None)):
            measured = sample(("facemask", precision), 20, 2_000_000_000)
            self.assertEqual(share, table.gemm_share(measured, limits))

    def test_no_share_without_a_limit_or_a_count(self) -> None:
        self.assertIsNone(table.gemm_share(sample(OURS, 20), {"gemm_float32_gflops": 100.0}))
        self.assertIsNone(table.gemm_share(sample(OURS, 20, 1), {}))
        self.assertIsNone(table.decode_share(sample(OURS, 20), {}))

    def test_a_copy_reads_and_writes_each_value_in_its_own_size(self) -> None:
        limits = {"memory_gb_per_second": 8e-3}
        share = table.copy_share(1000)
        self.assertAlmostEqual(0.1, share(sample(("torchvision", "float32"), 100), limits))
        self.assertAlmostEqual(0.025, share(sample(("facemask", "uint8"), 100), limits))


class TableTest(unittest.TestCase):
    def test_rows_and_columns(self) -> None:
        rounds = [one_round(30, 10, 20), one_round(20, 10, 25)]
        lines = table.table(rounds, {"gemm_float32_gflops": 100.0}, table.gemm_share).splitlines()
        self.assertEqual("| who | precision | images/s | of the limit | facemask float32 is |", lines[0])
        self.assertEqual("|---|---|---|---|---|", lines[1])
        # facemask gets the count of operations that a peer made: 25 images/s * 2 GFLOP of 100 GFLOP/s
        self.assertEqual("| facemask | float32 | 25.0 (20.0 to 30.0) | 50 % | - |", lines[2])
        self.assertEqual("| pytorch compile | float32 | 22.5 (20.0 to 25.0) | 45 % | 1.15x (0.80 to 1.50) |", lines[3])
        self.assertEqual("| pytorch eager | float32 | 10.0 (10.0 to 10.0) | 20 % | 2.50x (2.00 to 3.00) |", lines[4])

    def test_two_forms_give_two_columns(self) -> None:
        half = ("facemask", "bfloat16")
        rounds = [{**one_round(30, 10), half: sample(half, 50)}]
        lines = table.table(rounds, {}, table.gemm_share).splitlines()
        self.assertTrue(lines[0].endswith("| facemask bfloat16 is | facemask float32 is |"), lines[0])
        self.assertTrue(lines[2].startswith("| facemask | bfloat16 | 50.0"), lines[2])
        self.assertTrue(lines[4].endswith("| - | 5.00x (5.00 to 5.00) | 3.00x (3.00 to 3.00) |"), lines[4])

    def test_peers_alone_make_a_table_without_ratios(self) -> None:
        lines = table.table([{EAGER: sample(EAGER, 10)}], {}, table.gemm_share).splitlines()
        self.assertEqual(["| who | precision | images/s | of the limit |", "|---|---|---|---|",
                          "| pytorch eager | float32 | 10.0 (10.0 to 10.0) | - |"], lines)

    def test_the_limits_of_all_precisions_are_told(self) -> None:
        line = table.limits_line({"gemm_float32_gflops": 100.0, "gemm_int8_gflops": 800.0})
        self.assertEqual("100 GFLOP/s float32 products; 800 GOP/s int8 products", line)

    def test_numbers_have_three_digits(self) -> None:
        self.assertEqual(["0.05", "1.47", "33.4", "108", "1,101"], [table.three(v) for v in (0.05, 1.474, 33.41, 107.7, 1101)])


if __name__ == "__main__":
    unittest.main()
