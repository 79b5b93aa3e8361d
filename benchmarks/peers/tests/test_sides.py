"""Tests of reading what JMH and the peers' scripts print."""
from __future__ import annotations

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import sides


def script(text: str) -> sides.Sample | sides.Skip:
    """What comes of a peer's script with this text."""
    return sides.run_peer("train_step.py eager", [sys.executable, "-c", text], os.environ, 30)


class JmhTest(unittest.TestCase):
    def result(self, method: str, values: list[float], unit: str) -> dict:
        metric = {"score": 0, "scoreUnit": unit, "rawData": [values]}
        return {"benchmark": f"io.github.facemask.benchmark.B.{method}", "jdkVersion": "17.0.1", "jmhVersion": "1.37",
                "primaryMetric": metric, "jvm": "/somewhere/bin/java"}

    def test_an_operation_is_a_batch_and_the_median_iteration_counts(self) -> None:
        samples = sides.read_jmh([self.result("step", [4.0, 2.0, 1.0], "s/op")], "facemask", "float32", 32)
        self.assertEqual(1, len(samples))
        self.assertEqual(("facemask", "float32", 16.0, True),
                         (samples[0].name, samples[0].precision, samples[0].images_per_second, samples[0].facemask))
        self.assertNotIn("somewhere", str(samples[0]))

    def test_several_methods_are_named(self) -> None:
        results = [self.result("one", [1], "s/op"), self.result("two", [1], "s/op")]
        self.assertEqual(["facemask one", "facemask two"], [s.name for s in sides.read_jmh(results, "facemask", "x", 1)])

    def test_all_units(self) -> None:
        for score, unit, seconds in ((2, "s/op", 2), (5, "us/op", 5e-6), (4, "ops/s", 0.25), (4, "ops/ms", 0.25e-3)):
            self.assertAlmostEqual(seconds, sides.seconds_per_operation(score, unit), places=12)
        with self.assertRaisesRegex(ValueError, "MB/sec"):
            sides.seconds_per_operation(1, "MB/sec")

    def test_a_java_that_cannot_start_is_a_skip(self) -> None:
        java = sides.Java("no-such-java", pathlib.Path("classes"), "a.jar", 2, 1, 1)
        self.assertEqual([sides.Skip("facemask", "cannot start no-such-java: No such file or directory")],
                         java.run("facemask", "float32", "B", {"batch": 1}, os.environ, 5))

    def test_the_command_asks_for_one_class_with_its_parameters(self) -> None:
        command = sides.Java("java", pathlib.Path("classes"), "a.jar", 2, 10, 5).command("CutMixBenchmark", {"batch": 64}, "f")
        self.assertIn(r"\.CutMixBenchmark\.", command)
        self.assertEqual(["-p", "batch=64"], command[-2:])
        self.assertEqual("2s", command[command.index("-r") + 1])

    def test_versions_come_from_the_names_of_jars(self) -> None:
        classpath = "/m2/ai/djl/api/0.35.1/api-0.35.1.jar:/m2/ai/djl/pytorch/pytorch-native-cpu/2.7.1/p.jar"
        self.assertEqual({"djl": "0.35.1", "pytorch": "2.7.1"}, sides.library_versions(classpath))


    def test_a_crash_in_java_is_told_by_its_first_error(self) -> None:
        text = "Iteration 1: <failure>\n\na.b.EngineException: no bfloat16 here\n\tat a.B.run(B.java:1)\n"
        self.assertEqual("a.b.EngineException: no bfloat16 here", sides.reason(text))
        self.assertEqual("no such class", sides.reason("Error:\nno such class\n"))

    def test_a_row_of_djl_alone_is_a_peer(self) -> None:
        ours = sides.read_jmh([self.result("classify", [2.0], "s/op")], "djl 0.35.1 traced", "float32", 4)[0]
        theirs = sides.as_peer(ours, {"djl": "0.35.1"})
        self.assertEqual((False, 2.0, "0.35.1"), (theirs.facemask, theirs.images_per_second, theirs.versions["djl"]))

    def test_two_versions_of_a_library_are_both_named(self) -> None:
        samples = [sides.Sample(name, "float32", 1, False, None, {"torch": version, "timm": "1.0"})
                   for name, version in (("a", "2.7.1"), ("b", "2.15.0"), ("c", "2.7.1"))]
        self.assertEqual({"torch": "2.7.1 and 2.15.0", "timm": "1.0"}, sides.all_versions(samples))


class PeerTest(unittest.TestCase):
    def test_the_median_block_counts(self) -> None:
        sample = script("""for rate in (10, 30, 20):
            print('{"peer": "pytorch eager", "precision": "float32", "images_per_second": %d, "seconds": [1]}' % rate)""")
        self.assertIsInstance(sample, sides.Sample)
        self.assertEqual(20, sample.images_per_second)

    def test_what_a_peer_chose_is_kept(self) -> None:
        sample = script("""print('{"peer": "openvino", "precision": "int8", "images_per_second": 1, "seconds": [1],'
            '"settings": {"streams": 2}}')""")
        self.assertEqual({"streams": 2}, sample.settings)

    def test_a_missing_library_is_a_named_skip(self) -> None:
        skip = script("""print('{"skipped": "not installed: timm"}'); raise SystemExit(3)""")
        self.assertEqual(sides.Skip("train_step.py eager", "not installed: timm"), skip)

    def test_a_crash_is_a_skip_with_its_last_words_and_no_folders(self) -> None:
        skip = script("raise SystemExit('cannot open /home/somebody/model.onnx')")
        self.assertEqual(sides.Skip("train_step.py eager", "exit code 1: cannot open model.onnx"), skip)

    def test_a_missing_python_is_a_skip(self) -> None:
        skip = sides.run_peer("loader.py", ["/nowhere/python"], os.environ, 5)
        self.assertEqual(sides.Skip("loader.py", "cannot start python: No such file or directory"), skip)

    def test_a_slow_peer_is_given_up(self) -> None:
        skip = sides.run_peer("slow", [sys.executable, "-c", "import time; time.sleep(9)"], os.environ, 0.2)
        self.assertEqual(sides.Skip("slow", "no result within 0 s"), skip)


if __name__ == "__main__":
    unittest.main()
