#!/usr/bin/env python3
"""Programs watched on Quire: the same each time, and what the policies make of them."""

import csv
import unittest

from common import Case

import lab


class Recordings(Case):
    def record(self, name, run):
        return self.lab.record(f"{name}.{run}", lab.WORKLOADS[name], lab.UNLIMITED, "fifo")

    def test_two_recordings_of_a_run_are_identical(self):
        for name in ("phases", "compete"):
            first, second = self.record(name, 1), self.record(name, 2)
            self.assertEqual(first.trace, second.trace)
            self.assertGreater(first.references, 5000)
            self.assertEqual((first.faults, first.evicted), (first.pages, []))

    def test_no_policy_beats_the_optimum_and_lru_is_a_stack(self):
        self.options.frames = lab.frame_range("16..250")
        result = lab.examine(self.lab, "zipf", lab.WORKLOADS["zipf"])
        for (policy, n), faults in result.replayed.items():
            self.assertGreaterEqual(faults, result.replayed["opt", n], (policy, n))
            self.assertLessEqual(result.pages, faults)
        for policy in ("lru", "opt"):
            curve = [result.replayed[policy, n] for n in result.frames]
            self.assertEqual(curve, sorted(curve, reverse=True))
        lab.write_csv(self.out / "zipf.csv", result)
        with open(self.out / "zipf.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({(r["policy"], int(r["frames"])): int(r["replayed"]) for r in rows},
                         result.replayed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
