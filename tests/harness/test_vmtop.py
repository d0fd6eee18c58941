#!/usr/bin/env python3
"""vmtop's numbers are those of /proc, here and on Quire; its pages answer to keys over the serial line."""

import os
import re
import subprocess
import unittest

from common import ROOT, test_build
from terminal import PROMPT, Terminal

# A process that sleeps has the same memory before and after it was looked at.
SCRIPT = """
sleep 100 & p=$!
until grep -q ') S ' /proc/$p/stat; do :; done
"$0" -b -n 1; echo ==; "$0" -b -n 1 -p $p; echo ==
cat /proc/$p/smaps_rollup; cat /proc/$p/stat; echo ==
cat /proc/meminfo /proc/swaps; wc -c </proc/kpageflags
kill $p
"""
KB_PER_PAGE = 4
VDSO_PAGES = 4  # The kernel's own, which are there, but which Linux does not count.
QUIET_FRAMES = 200  # That may come and go while one looks.


def kilobytes(text, label):
    """The sum of the numbers behind a label.

rows: C28
"""
    return sum(map(int, re.findall(rf"^{label}: +(\d+) kB", text, re.MULTILINE)))


def legend(text):
    """The numbers in the lines of letters, names and numbers."""
    return {name: int(count) for name, count in
            re.findall(r"(?:^| )\S ([a-zA-Z-]+(?: page| swap)?) (\d+)(?= |$)", text, re.MULTILINE)}


class Numbers(unittest.TestCase):
    def check(self, output):
        table, space, process, machine = output.split("==\n")
        pid, name = re.match(r"(\d+) \((.*)\)", process.splitlines()[-1]).groups()
        row = re.search(rf"^ *{pid} +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) .* {name}$", table, re.MULTILINE)
        resident, shared, pss, swapped, faults = map(int, row.groups())
        fields = process.splitlines()[-1].rpartition(")")[2].split()
        self.assertEqual((resident, swapped, faults), (
            kilobytes(process, "Rss") // KB_PER_PAGE, kilobytes(process, "Swap") // KB_PER_PAGE,
            int(fields[7]) + int(fields[9])))
        # With whom it shares depends on who looks.
        self.assertTrue(0 < shared < resident and resident - shared <= pss <= resident, row[0])
        frames = legend(table)
        self.assertEqual(sum(frames.values()), int(machine.split()[-1]) // 8)
        shown = legend(space)
        present = sum(shown.values()) - sum(shown[name] for name in ("zero page", "in swap", "empty"))
        self.assertAlmostEqual(present, resident, delta=VDSO_PAGES)
        self.assertEqual(shown["in swap"], swapped)
        self.check_cells(space, shown)
        return frames, machine

    def check_cells(self, space, shown):
        """The cells that are drawn are as many as the legend says."""
        rows = re.findall(r"^ *[0-9a-f]+ ([a-zA-Z!.-]+)$", space, re.MULTILINE)
        hidden = sum(map(int, re.findall(r"^ +(\d+) empty$", space, re.MULTILINE)))
        letters = "".join(rows)
        self.assertEqual(letters.count("-") + hidden, shown["empty"])
        self.assertEqual(letters.count("f"), shown["file"])
        self.assertEqual(letters.count("a"), shown["anonymous"])

    def test_on_quire(self):
        done = subprocess.run([ROOT / "quire", "exec", "--mem", "32M", "--", "/bin/sh", "-c", SCRIPT,
                               "/bin/vmtop"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True, check=True)
        frames, machine = self.check(done.stdout)
        for state, label in (("free", "MemFree"), ("table", "PageTables")):
            self.assertAlmostEqual(frames[state], kilobytes(machine, label) // KB_PER_PAGE,
                                   delta=QUIET_FRAMES)

    @unittest.skipIf(os.geteuid(), "only root may read /proc/kpageflags on Linux")
    def test_on_linux(self):
        done = subprocess.run(["sh", "-c", SCRIPT, test_build() / "user/vmtop"],
                              stdout=subprocess.PIPE, text=True, check=True)
        self.check(done.stdout)


class Keys(unittest.TestCase):
    def setUp(self):
        self.terminal = Terminal(rows=25, columns=80)
        self.addCleanup(self.terminal.close)
        self.terminal.expect(PROMPT)
        self.terminal.type("vmtop -d 60\r")
        self.terminal.expect("RESIDENT")

    def press(self, key, text):
        """Press a key; what is then on the screen up to a text, without colours. A line is over where the
        next screen begins."""
        self.terminal.type(key)
        seen = self.terminal.expect(text).replace("\x1b[H", "\n")
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", seen)

    def test_pages_and_leaving(self):
        self.press("\x1b[A" * 9, "init")
        self.press("a", "process 1, init: its areas")
        self.press("f", "a cell for 64 from there on")
        self.press("+", "a cell for 32 from there on")
        self.assertIn("000000", self.press("p", "RESIDENT"))
        self.press("\x1b[B", "vmtop")
        self.press("q", PROMPT)
        self.assertIn("status 0", self.terminal.command("echo status $?"))

    def test_interrupt_leaves_the_terminal_as_it_was(self):
        self.press("\x03", PROMPT)
        self.assertIn("icanon", self.terminal.command("stty -a"))

    def test_screen_is_kept_to(self):
        """A screen has no more lines than the terminal, and none is wider."""
        self.press("r", "RESIDENT")
        lines = self.press("r", "RESIDENT").split("\n")
        self.assertEqual(len(lines), 25 + 1)  # The title, in which it began and ended.
        self.assertLessEqual(max(map(len, lines)), 80)


if __name__ == "__main__":
    unittest.main(verbosity=2)
