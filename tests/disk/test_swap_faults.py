#!/usr/bin/env python3
"""Swap on a drive that fails at the n-th read or write: at most who owns the page dies of it.

The short form takes n = 1, 2, 4, ... up to the end of the run, the long one (--all) every n.
"""

import itertools
import re
import subprocess
import sys
import unittest

from guest import PAGE, SECTOR, Case, faulty, faulty_after, test_build

OWNERS = "/tests/owners"
SLOTS = 1280  # A quarter more than are ever used.
DRIVER_TRIES = 3  # drivers/ide.c
PERIOD = 25  # Of errors that come again and again.
NOWHERE = 1 << 40  # A sector.


def fails_at(image, event, number):
    """The event of this number fails as often as the driver tries it, and so does what it tries next: the
    first page of a cluster alone.

rows: E14 E25
"""
    return failing(image, event, number, number + 2 * DRIVER_TRIES)


def failing(image, event, first, end, again=False):
    """The events of the numbers [first, end) fail, and again if we begin to count anew behind them. What blkdebug injects it goes on injecting until there is
    something else to inject, such as an error nobody meets. So long a list is given in a file."""
    rules = [("set-state", {"event": event, "state": state, "new_state": state + 1})
             for state in range(1, end)]
    rules.append(("set-state", {"event": event, "state": end, "new_state": 1 if again else end + 1}))
    error = {"event": event, "iotype": event.split("_")[0], "errno": 5}
    rules += [("inject-error", {**error, "state": state}) for state in range(first, end)]
    rules.append(("inject-error", {**error, "state": end, "sector": NOWHERE}))
    config = image.with_suffix(".blkdebug")
    with open(config, "w", encoding="ascii") as file:
        for kind, words in rules:
            file.write(f"[{kind}]\n")
            file.writelines(f'{key} = "{value}"\n' for key, value in words.items())
    return faulty(image, **{"file.config": config})


class SwapFaults(Case):
    def run_owners(self, disk, setup="true", append=(), mem="64M"):
        """How many of the processes died, how many slots are bad, and what else was said; the machine is
        well afterwards, and nothing is lost."""
        program = test_build() / "tests" / "disk" / "disk_swap_owners"
        out, log = self.shell(f"{setup} && {OWNERS} && cat /proc/swaps /proc/vmstat && "
                              "{ ! grep -q hda /proc/swaps || swapoff /dev/hda; } && "
                              "echo 1 >/proc/sys/vm/check", disks=[disk],
                              put=[f"{program}:{OWNERS}"],
                              append=["swap=/dev/hda", "vmcheck=exit", *append], mem=mem)
        area = re.search(r"^/dev/hda\s+\S+\s+(\d+)\s+(\d+)", out, re.MULTILINE)
        good, used = (int(kib) * 1024 // PAGE for kib in area.groups()) if area else (SLOTS - 1, 0)
        self.assertEqual(used, 0)
        return int(out.split()[0]), SLOTS - 1 - good, log + out

    def area(self, slots=SLOTS):
        path = self.image("swap.img", bytes(slots * PAGE))
        subprocess.run(["/sbin/mkswap", path], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        return path

    def check_each(self, event, check):
        """Let each of the events fail, until none does: then the run has no more."""
        for i in itertools.count():
            number = i + 1 if LONG else 1 << i
            log = ""
            with self.subTest(number=number):
                deaths, bad, log = self.run_owners(fails_at(self.area(), event, number))
                check(deaths, bad)
                self.assertEqual(bad, len(set(re.findall(r"slot (\d+) cannot be", log))))
            if "block: hda: " not in log:
                break
        self.assertGreater(number, 100)

    def test_no_error(self):
        self.assertEqual(self.run_owners(self.area())[:2], (0, 0))

    def test_nth_write(self):
        """A page that could not be written is still in memory."""
        def check(deaths, bad):
            self.assertEqual(deaths, 0)
            self.assertLessEqual(bad, 2)
        self.check_each("write_aio", check)

    def test_nth_read(self):
        """The tries that fail may be those of two pages."""
        def check(deaths, bad):
            self.assertLessEqual(deaths, bad)
            self.assertLessEqual(bad, 2)
        self.check_each("read_aio", check)

    def test_bad_places(self):
        """One owner only, once, loses what cannot be read."""
        bad = {"sector": 200 * PAGE // SECTOR + 3}
        for iotype, deaths in ("read", 1), ("write", 0):
            disk = faulty(self.area(), {"iotype": iotype, **bad})
            self.assertEqual(self.run_owners(disk)[:2], (deaths, 1))

    def check_again_and_again(self, **options):
        """Whoever lives has the right memory. What was said when all had to live."""
        said = ""
        for event in "read_aio", "write_aio":
            disk = failing(self.area(), event, PERIOD - DRIVER_TRIES, PERIOD, again=True)
            deaths, bad, said = self.run_owners(disk, **options)
            self.assertLessEqual(deaths, bad if event == "read_aio" else 0)
        return said

    def test_again_and_again(self):
        self.check_again_and_again()

    def test_again_and_again_behind_the_pool(self):
        """Which is so small that it is writing to the disk all the time."""
        said = self.check_again_and_again(setup="echo 1 >/proc/sys/vm/zpool_max_percent",
                                      append=["zpool=1"], mem="16M")
        self.assertTrue(re.search(r"^zswpwb [1-9]", said, re.MULTILINE))

    def test_nothing_can_be_written(self):
        """Then there is no swap, and nobody loses anything."""
        disk = faulty(self.area(100), {"event": "write_aio", "iotype": "write"})
        self.assertEqual(self.run_owners(disk)[0], 0)

    def test_nothing_can_be_read_later(self):
        disk = faulty_after(self.area(), "read_aio", 12)
        disk.errors[0]["iotype"] = "read"
        deaths, bad, log = self.run_owners(disk)
        self.assertEqual(deaths, 4)
        self.assertGreaterEqual(bad, 4)
        self.assertIn("block: hda: read of", log)


LONG = "--all" in sys.argv
if LONG:
    sys.argv.remove("--all")

if __name__ == "__main__":
    unittest.main(verbosity=2)
