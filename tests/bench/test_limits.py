#!/usr/bin/env python3
"""No event takes more instructions than tests/bench.limits allows.

The release kernel is measured: the one that users get. Counts do not depend on the machine that runs
the test, so a failure is never noise.
"""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import bench  # pylint: disable=wrong-import-position
from build import build  # pylint: disable=wrong-import-position


class Limits(unittest.TestCase):
    def test_no_event_is_over_its_limit(self):
        rows = [row for row in bench.read_rows() if row.limit]
        reader = bench.measure("Quire", build("release", "bench", "profile", "kernel", "root"), rows, True)
        self.assertEqual(reader.failed, [])
        self.assertEqual(bench.over_limit(rows, reader.figures), [])

    def test_excess_is_found(self):
        rows = [bench.Row("a", 1, 100, ""), bench.Row("b", 1, 100, ""), bench.Row("c", 1, 100, "")]
        over = bench.over_limit(rows, {"a": 105, "b": 106})
        self.assertEqual([text[0] for text in over], ["b", "c"])


if __name__ == "__main__":
    unittest.main()
