#!/usr/bin/env python3
"""./quire tour: who has never seen Quire sees a fork share its tables, a write copy one page, and a page go to disk
and come back. What is shown is what the kernel has recorded, so it is looked at as such.

rows: A29 A41
"""

import re
import subprocess
import unittest

from common import ROOT
from terminal import PROMPT, Terminal

SECONDS = 60
WRITTEN = "50001000"  # The address of the page that the child writes to.
EVENT = re.compile(r"^  \| \[(\d+)\] (\w+) +(\S+) +([0-9a-f]{8}) -> ([0-9a-f]{8})(?:  (.*))?$", re.MULTILINE)
WRITABLE = 2  # Bits of an entry.
PRESENT = 1


class Told(unittest.TestCase):
    """What is said between one heading and the next."""

    @classmethod
    def setUpClass(cls):
        done = subprocess.run([ROOT / "quire", "tour"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stderr
        cls.parts = dict(re.findall(r"^---- (\w)\w*.*?\n(.*?)(?=^----|\Z)", done.stdout, re.MULTILINE | re.DOTALL))

    def events(self, part, kind):
        """(thread, where, before, after, how) of each event of a kind that a part shows."""
        return [(int(thread), where, int(before, 16), int(after, 16), how)
                for thread, what, where, before, after, how in EVENT.findall(self.parts[part]) if what == kind]

    def pages(self, part):
        """What parent and child see at the address in the last table of a part."""
        return re.findall(rf"^  0x{WRITTEN}  (.*?)  +(.*?) *$", self.parts[part], re.MULTILINE)[-1]

    def test_fork_shares_the_table(self):
        parent, child = self.events("1", "table")
        self.assertTrue(parent[2] & WRITABLE and not parent[3] & WRITABLE)
        self.assertEqual((child[2], child[3]), (0, parent[3]))
        self.assertIn(", and 0 pages were copied", self.parts["1"])
        self.assertEqual(*self.pages("1"))

    def test_write_copies_one_page(self):
        table, = self.events("2", "table")
        copy, = self.events("2", "copy")
        fault, = self.events("2", "fault")
        self.assertNotEqual(table[2] >> 12, table[3] >> 12)
        self.assertEqual((copy[2] >> 12, copy[3] >> 12), (fault[2] >> 12, fault[3] >> 12))
        self.assertEqual(fault[4], "user-write-denied fault_cow_copy table-copied")
        sentence = re.sub(r"\s+\| ", " ", self.parts["2"])
        self.assertRegex(sentence, rf"tour\[{fault[0]}\] wrote to 0x{WRITTEN} .* so it got a copy")
        self.assertEqual([f"frame {at >> 12:05x}, shown 1 time" for at in (copy[2], copy[3])], [*self.pages("2")])

    def test_page_goes_to_disk_and_comes_back(self):
        evict, = self.events("3", "evict")
        fault, = self.events("3", "fault")
        self.assertFalse(evict[3] & PRESENT)
        self.assertEqual((fault[2], fault[3] & PRESENT), (evict[3], PRESENT))
        self.assertIn("fault_swap", fault[4])
        self.assertIn("read", fault[4].split())
        self.assertIn("4096 bytes were written", self.parts["3"])
        self.assertRegex(self.parts["3"], r"It reads 'p', after [1-9]\d* bytes came from the disk")
        self.assertIn("the page was read back from swap", re.sub(r"\s+\| ", " ", self.parts["3"]))


class WithoutSwap(unittest.TestCase):
    def test_says_so(self):
        done = subprocess.run([ROOT / "quire", "tour", "--no-swap"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("no swap disk", done.stdout)
        self.assertNotIn("holds a slot", done.stdout)


class Person(unittest.TestCase):
    def setUp(self):
        self.terminal = Terminal(31, 97, "tour")
        self.addCleanup(self.terminal.close)

    def test_waits_between_the_steps_and_leaves_a_shell(self):
        for heading in ("1. A fork", "2. A write", "3. A page", "came from the disk"):
            self.assertNotIn(heading, self.terminal.expect("[Enter]"))
            self.terminal.type("\r")
            self.terminal.expect(heading)
        self.terminal.expect(PROMPT)
        self.assertIn("swap", self.terminal.command("cat /proc/cmdline"))

    def test_can_be_left(self):
        self.terminal.expect("[Enter]")
        self.terminal.type("\x03")
        self.terminal.expect(PROMPT)
        self.terminal.type("exit\r")
        self.assertEqual(self.terminal.status(), 0)

    def test_interrupted_leaves_no_events_on(self):
        self.terminal.expect("[Enter]")
        self.terminal.type("\x03")
        self.terminal.expect(PROMPT)
        self.assertEqual(self.terminal.command("cat /proc/sys/vm/vmtrace").split()[0], "0")


if __name__ == "__main__":
    unittest.main(verbosity=2)
