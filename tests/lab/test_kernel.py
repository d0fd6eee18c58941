#!/usr/bin/env python3
"""The policies in the kernel: the faults of a limited run are those of its replay, victim by victim.

rows: A50 D20
"""

import csv
import unittest

from common import Case

import lab


class Kernel(Case):
    def check(self, name, sizes):
        self.options.frames, self.options.measure = sizes, sizes
        result = lab.examine(self.lab, name, lab.WORKLOADS[name])
        self.assertEqual({(m.policy, m.frames) for m in result.measured},
                         {(policy, n) for policy in self.lab.policies for n in sizes})
        for m in result.measured:
            self.assertEqual(m.faults, m.replayed, m)
            self.assertTrue(m.same, m)
            self.assertGreater(m.faults, result.pages, m)
            self.assertGreaterEqual(m.faults * 1.25, result.replayed["opt", m.frames], m)
        return result

    def test_one_process(self):
        result = self.check("quicksort", [40, 80])
        lab.write_csv(self.out / "q.csv", result)
        with open(self.out / "q.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual({r["measured"] == r["measured_replayed"] for r in rows}, {True})
        self.assertIn("| opt |", lab.table(result))

    def test_two_processes(self):
        self.check("compete", [100])


if __name__ == "__main__":
    unittest.main(verbosity=2)
