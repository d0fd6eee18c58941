#!/usr/bin/env python3
"""The events of /proc/vmtrace are complete: the page tables follow from them. ./quire trace writes a trace.

rows: D8 D10
"""

import collections
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))

import session
import trace
import vmtrace

BUILD = Path(os.environ.get("QUIRE_TEST_BUILD", ROOT / "build" / "debug"))
SUBJECT = BUILD / "tests" / "trace" / "trace_subject"
MEMORY, SWAP, PRESSURE, EVENTS = "48M", "64M", 40 << 20, 1 << 18
MARK = 0x7A000000  # In subject.c.

# Words of /proc/PID/pagemap, Linux's Documentation/admin-guide/mm/pagemap.rst.
PM_PRESENT, PM_SWAP, PM_FRAME = 1 << 63, 1 << 62, (1 << 55) - 1


def run_subject(events):
    """What the subject said, and its events."""
    said = bytearray()
    options = session.Options(mem=MEMORY, swap=SWAP, put=[f"{SUBJECT}:/put/subject"], timeout=200)
    status, found = trace.record(BUILD, options, ["/put/subject", str(PRESSURE)], events, said.extend)
    if status != 0:
        raise RuntimeError(f"the subject failed with status {status}")
    return said.decode(), found


def pagemap_word(entry):
    """The part of a word of pagemap that follows from an entry."""
    if vmtrace.has_frame(entry):
        return PM_PRESENT | entry >> 12
    return PM_SWAP | entry >> 8 << 5 | entry >> 3 & 31


class Lost(unittest.TestCase):
    def test_events_that_are_lost_contradict_nothing(self):
        none = vmtrace.Event._make([0] * len(vmtrace.Event._fields))
        memory = vmtrace.PageTables()
        for event in (none._replace(kind=vmtrace.MAP, where=5 << 10, after=0x1067),
                      none._replace(kind=vmtrace.START, arg=10),  # The unmap was among these.
                      none._replace(kind=vmtrace.MAP, where=5 << 10, after=0x2067)):
            memory.apply(event)
        self.assertEqual(memory.tables[5], {0: 0x2067})


class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.said, cls.events = run_subject(EVENTS)

    def replay(self, until=None):
        """The page tables after the event for which until holds, or the last; and who has which space."""
        memory, spaces = vmtrace.PageTables(), {}
        for event in self.events:
            memory.apply(event)
            if event.kind == vmtrace.FORK:
                spaces[event.where] = event.arg
            elif event.kind == vmtrace.EXEC:
                spaces[event.tid] = event.space
            if until and until(event):
                break
        return memory, spaces

    def test_the_subject_does_all_there_is(self):
        self.assertEqual(vmtrace.lost(self.events), 0)
        self.assertEqual({vmtrace.KINDS[event.kind] for event in self.events},
                         {vmtrace.KINDS[kind] for kind in range(vmtrace.START, vmtrace.SWAPOUT + 1)})

    def test_events_give_the_page_tables_that_the_kernel_has(self):
        """Of each page the kernel says what the events say, before or after it was asked."""
        told = {}
        for line in self.said.splitlines():
            pid, va, word = line.split()
            told.setdefault(int(pid), {})[int(va, 16)] = int(word, 16) & (PM_PRESENT | PM_SWAP | PM_FRAME)
        self.assertEqual(len(told), 3)
        at = [self.replay(lambda event, kind=kind: event.kind == kind and event.where == MARK)
              for kind in (vmtrace.MMAP, vmtrace.MUNMAP)]
        for pid, words in told.items():
            before, after = ({va: pagemap_word(entry) for va, entry in memory.pages(spaces[pid]).items()}
                             for memory, spaces in at)
            self.assertGreater(len(words), 40)
            for va in words.keys() | before.keys() | after.keys():
                self.assertIn(words.get(va), (before.get(va), after.get(va)), f"{pid}: {va:#x}")

    def test_nothing_is_left_when_all_have_ended(self):
        memory, spaces = self.replay()
        ended = [event.tid for event in self.events if event.kind == vmtrace.EXIT]
        self.assertGreaterEqual(len(ended), 3)
        for pid in ended:
            self.assertEqual((memory.pages(spaces[pid]), memory.resident(spaces[pid])), ({}, 0))

    def test_a_page_is_read_before_an_entry_shows_it(self):
        shown, read = collections.Counter(), 0
        for event in self.events:
            if vmtrace.MAP <= event.kind <= vmtrace.EVICT:
                for entry, by in ((event.before, -1), (event.after, 1)):
                    shown[entry >> 12] += by * vmtrace.has_frame(entry)
            elif event.kind == vmtrace.SWAPIN:
                self.assertLessEqual(shown[event.after >> 12], 0, event)
                read += 1
        self.assertGreater(read, 10)

    def test_a_page_leaves_all_tables_before_it_is_written(self):
        evicted, written = set(), set()
        for event in self.events:
            if event.kind == vmtrace.EVICT and event.after:
                self.assertTrue(event.after in evicted or event.after not in written, event)
                evicted.add(event.after)
            elif event.kind == vmtrace.SWAPOUT:
                written.add(event.where)
        self.assertGreater(len(evicted & written), 100)

    def test_an_event_that_is_missing_is_noticed(self):
        """Whichever it is: the next one of the same entry says what was there before it."""
        of_slot = {}
        for i, event in enumerate(self.events):
            if vmtrace.MAP <= event.kind <= vmtrace.EVICT:
                of_slot.setdefault(event.where, []).append(i)
        inner = [i for places in of_slot.values() for i in places[1:-1]]
        for kind in (vmtrace.MAP, vmtrace.UNMAP, vmtrace.RIGHTS, vmtrace.EVICT):
            dropped = next(i for i in inner if self.events[i].kind == kind)
            memory = vmtrace.PageTables()
            with self.assertRaises(vmtrace.Contradiction, msg=vmtrace.KINDS[kind]):
                for event in self.events[:dropped] + self.events[dropped + 1:]:
                    memory.apply(event)


class Chrome(unittest.TestCase):
    """The trace is as Google's document "Trace Event Format" wants it."""

    @classmethod
    def setUpClass(cls):
        cls.events = run_subject(EVENTS)[1]
        cls.trace = json.loads(json.dumps(trace.Converter(cls.events).convert(cls.events)))
        cls.entries = cls.trace["traceEvents"]

    def test_each_entry_has_what_its_phase_needs(self):
        self.assertIn(self.trace["displayTimeUnit"], ("ms", "ns"))
        for entry in self.entries:
            self.assertIn(entry["ph"], "XiCM")
            self.assertTrue(entry["name"] and isinstance(entry["args"], dict), entry)
            self.assertTrue(all(type(entry[key]) is int and entry[key] >= 0 for key in ("pid", "tid")), entry)
            if entry["ph"] == "M":
                self.assertEqual((entry["name"], type(entry["args"]["name"])), ("process_name", str))
                continue
            self.assertGreater(entry["ts"], 0)
            if entry["ph"] == "X":
                self.assertGreater(entry["dur"], 0)
            elif entry["ph"] == "i":
                self.assertEqual(entry["s"], "t")
            else:
                self.assertTrue(all(type(value) is int for value in entry["args"].values()), entry)

    def test_slices_of_a_track_do_not_overlap(self):
        tracks = {}
        for entry in self.entries:
            if entry["ph"] == "X":
                tracks.setdefault((entry["pid"], entry["tid"]), []).append((entry["ts"], entry["dur"]))
        self.assertEqual(len(tracks), 3)
        for slices in tracks.values():
            slices.sort()
            for (start, took), (following, _) in zip(slices, slices[1:]):
                self.assertLessEqual(start + took, following + 1)  # Microseconds: both are rounded.

    def test_each_process_has_a_name_and_a_count_and_each_fault_is_there(self):
        names = {entry["pid"]: entry["args"]["name"] for entry in self.entries if entry["ph"] == "M"}
        self.assertEqual(list(names.values()), ["kernel"] + 3 * ["subject"])
        counted = {(entry["pid"], entry["name"]) for entry in self.entries if entry["ph"] == "C"}
        self.assertEqual(counted, {(0, "free frames")} | {(pid, "resident") for pid in names if pid})
        faults = sum(event.kind == vmtrace.FAULT and event.tid in names for event in self.events)
        self.assertEqual(sum(entry["ph"] == "X" for entry in self.entries), faults)
        evicted = [entry for entry in self.entries if entry["name"] == "evict"]
        self.assertEqual({entry["pid"] for entry in evicted}, names.keys() - {0})

    def test_what_is_lost_is_counted(self):
        events = run_subject(1000)[1]
        self.assertIn(len(events), range(1001, 1500))  # Some came while they were read.
        self.assertGreater(vmtrace.lost(events), 10000)
        self.assertGreater(len(trace.Converter(events).convert(events)["traceEvents"]), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
