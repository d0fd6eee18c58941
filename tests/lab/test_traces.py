#!/usr/bin/env python3
"""Traces without a machine: what the kernel's records mean, and that the replayer can count."""

import random
import unittest

from common import Case

import lab
import lab_trace
import models
import plot
from host import QuireError
from lab_trace import (END, EVICTED, FREE, IN, MAGIC, PAGE, READ, RECORD, REFERENCE, REMOVED,
                       REPLAY_EVICTED, START, WRITE)


def records(*rows):
    """Rows of (kind, frame, access, a, b) as the kernel tells them."""
    return b"".join(RECORD.pack(kind | access << 4 | frame << 12, a, b)
                    for kind, frame, access, a, b in rows)


def pages(trace):
    """[(kind, page)] of a trace."""
    assert trace.startswith(MAGIC)
    return [(what & 0xF, page) for what, page in PAGE.iter_unpack(trace[len(MAGIC):])]


class Traces(Case):
    def test_a_page_is_followed_through_frames(self):
        done = lab_trace.decode(records(
            (START, 0, 0, 2, 16),
            (IN, 7, 0, 0, 0), (REFERENCE, 7, 1, 0x1000, 1),      # Page 1, new.
            (IN, 8, 0, 99, 5), (REFERENCE, 8, 0, 0x2000, 1),     # Page 2, of a file.
            (EVICTED, 7, 0, 50, 3),                              # Page 1 goes to swap ...
            (IN, 9, 0, 50, 3), (REFERENCE, 9, 0, 0x1000, 1),     # ... and comes back elsewhere.
            (REMOVED, 8, 0, 99, 5),
            (IN, 8, 0, 0, 0), (REFERENCE, 8, 1, 0x3000, 2),      # Page 3 in page 2's frame.
            (END, 0, 0, 4, 0)))
        self.assertEqual(pages(done.trace), [(WRITE, 1), (READ, 2), (REPLAY_EVICTED, 1), (READ, 1),
                                             (FREE, 2), (WRITE, 3)])
        self.assertEqual((done.references, done.pages, done.peak, done.faults, done.evicted),
                         (4, 3, 2, 4, [1]))

    def test_a_load_and_a_store_of_one_instruction_are_one_reference(self):
        done = lab_trace.decode(records((IN, 7, 0, 0, 0), (REFERENCE, 7, 0, 0, 1),
                                        (REFERENCE, 7, 1, 0, 1), (REFERENCE, 7, 1, 0, 2),
                                        (END, 0, 0, 1, 0)))
        self.assertEqual(pages(done.trace), [(WRITE, 1), (WRITE, 1)])

    def test_a_trace_that_is_cut_short_is_refused(self):
        for raw in (b"", records((IN, 7, 0, 0, 0)), records((END, 0, 0, 0, 3))):
            with self.assertRaises(QuireError):
                lab_trace.decode(raw)

    def test_the_replayer_counts_as_the_textbooks_do(self):
        chance = random.Random(4)
        strings = [[1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5],
                   [chance.randrange(1, 30) for _ in range(600)],
                   [int(chance.paretovariate(0.7)) % 40 + 1 for _ in range(600)]]
        for number, string in enumerate(strings):
            trace = self.out / f"{number}.trace"
            trace.write_bytes(MAGIC + b"".join(PAGE.pack(READ, page) for page in string))
            sizes = [1, 2, 3, 4, 7, 20]
            got = self.lab.replay(trace, ["fifo", "lru", "opt"], sizes)
            for model in (models.fifo, models.lru, models.opt):
                for n in sizes:
                    self.assertEqual(got[model.__name__, n], model(string, n), (number, model, n))


class Writing(Case):
    def test_ranges_of_frames(self):
        self.assertEqual(lab.frame_range("32,16"), [16, 32])
        self.assertEqual((lab.frame_range("16..200")[0], lab.frame_range("16..200")[-1]), (16, 200))
        self.assertEqual(lab.measured_sizes("0"), [])
        for text in ("", "0", "9..3", "0..5", "a", "1,", "3..", "0,5"):
            with self.assertRaises(ValueError):
                lab.frame_range(text)

    def test_a_plot_is_well_formed(self):
        import xml.etree.ElementTree as tree
        lines = [plot.Line("a < b", [(1, 10), (2, 5)], [(1, 9)]), plot.Line("opt", [(1, 4), (2, 3)], [], True)]
        root = tree.fromstring(plot.draw("T & S", "s", "x", "y", lines))
        self.assertEqual(len(root.findall(".//{*}polyline")), 2)

    def test_only_the_marked_part_of_a_document_changes(self):
        path = self.out / "doc.md"
        path.write_text("a\n<!-- results -->\nold\n<!-- end of results -->\nb\n", encoding="utf-8")
        lab.write_section(path, "new")
        self.assertEqual(path.read_text(encoding="utf-8"),
                         "a\n<!-- results -->\n\nnew\n<!-- end of results -->\nb\n")
        path.write_text("none", encoding="utf-8")
        with self.assertRaises(QuireError):
            lab.write_section(path, "new")


if __name__ == "__main__":
    unittest.main(verbosity=2)
