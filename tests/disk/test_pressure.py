#!/usr/bin/env python3
"""Programs that need more memory than there is, under every replacement policy, with and without the compressed
pool: their results are right, the kernel's recount is clean, and all slots and frames are back afterwards.

The short form goes through all of them in one machine; the long one (--long) boots one for each policy, with
64 MiB of RAM and 512 MiB of swap, and writes what was counted to logs/pressure.csv.
"""

import csv
import hashlib
import itertools
import re
import subprocess
import sys
import unittest
from pathlib import Path

from guest import Case, test_build

NEED_A_TRACE = ("lru",)  # Policies that want to be told of every reference.
EVENTS = ("pgmajfault", "pswpin", "pswpout", "zswpin", "zswpout", "zswpwb")
# Frames more than in the beginning: what the shell came to touch, a slab of objects or two. However many runs.
SLACK = 12


def policies():
    done = subprocess.run([test_build() / "tools" / "replay" / "replay", "--list"],
                          stdout=subprocess.PIPE, text=True, check=True)
    return [name for name in done.stdout.split() if name not in NEED_A_TRACE]


def sorted_lines(mib):
    lines = sorted(str(100000 + i)[::-1] for i in range(1, mib * 131 + 1))
    text = "".join(f"{line} {0:07990}\n" for line in lines)
    return f"{hashlib.md5(text.encode()).hexdigest()}  -"


def database_rows(mib):
    keys = {x * 7919 % 1000003: x for x in range(1, mib * 1024 + 1)}
    first = keys[min(key for key in keys if key >= 5000)]
    return f"off\n{mib << 21}\nok\n{len(keys)}|{sum(keys)}|{len(keys)}\n{first}"


# What each tells.
PROGRAMS = {"words": lambda mib: "right", "processes": lambda mib: "right",
            "sort_file": sorted_lines, "database": database_rows,
            "dictionary": lambda mib: f"{(mib << 20) // 424} 0"}
SHORT = {"words": 40, "processes": 14, "sort_file": 24, "database": 24, "dictionary": 26}
LONG = {"words": 300, "processes": 32, "sort_file": 256, "database": 96, "dictionary": 200}


def numbers(section):
    """All lines NAME NUMBER and NAME: NUMBER kB.

rows: A33 A47 D20
"""
    return {name: int(value) for name, value in re.findall(r"^(\w+):?\s+(\d+)", section, re.MULTILINE)}


def held(counters):
    """Frames that neither are free nor hold what anybody may have."""
    return counters["MemTotal"] // 4 - sum(
        counters[name] for name in ("nr_free_pages", "nr_file_pages", "nr_anon_pages"))


class Pressure(Case):
    def run_programs(self, runs, mem, swap, timeout):
        """Of the runs (policy, pool, program, MiB) each tells what it must and leaves nothing. What they took:
        (run, seconds, events)."""
        disk = self.folder / "disk.img"
        subprocess.run(["cp", "--sparse=always", test_build() / "debian" / "disk.img", disk], check=True)
        put = {"words": "memory_larger_than_ram_keeps_every_word",
               "processes": "processes_larger_than_ram_run_to_the_end"}
        out, _ = self.run_guest(
            ["/bin/sh", "/tests/pressure.sh", *map(str, itertools.chain(*runs))],
            disks=[disk], root=True, mem=mem, swap=swap, timeout=timeout, append=["norandmaps"],
            put=[f"{Path(__file__).with_name('pressure.sh')}:/tests/pressure.sh",
                 *(f"{test_build()}/tests/test_{name}:/tests/{at}" for at, name in put.items())])
        start, *texts = [part.partition("\n")[2] for part in out.split("@")[1:]]
        taken = []
        for run, *texts in zip(runs, *(texts[i::4] for i in range(4)), strict=True):
            with self.subTest(run=run):
                taken.append(self.check_run(run, texts, numbers(start)))
        return taken

    def check_run(self, run, texts, start):
        _, _, program, mib = run
        before, told, after, rest = texts
        self.assertEqual(told.strip(), PROGRAMS[program](mib))
        seconds = float(after.split()[0]) - float(before.split()[0])
        before, after, rest = numbers(before), numbers(after), numbers(rest)
        for name in "SwapTotal", "Zswapped", "Zswap":
            self.assertEqual(rest[name], 0)
        self.assertLessEqual(rest["nr_anon_pages"], start["nr_anon_pages"] + SLACK)
        self.assertLessEqual(held(rest), held(start) + SLACK)
        events = {name: after[name] - before[name] for name in EVENTS}
        self.assertGreater(events["pswpout"] + events["zswpout"], 0)
        return run, seconds, events


class Short(Pressure):
    def test_every_policy(self):
        """A program under each, and with the pool under every other one."""
        pairs = zip(itertools.cycle(SHORT), policies())
        runs = [(policy, i % 2, program, SHORT[program]) for i, (program, policy) in enumerate(pairs)]
        for taken in self.run_programs(runs, "24M", "128M", 400):
            print(*taken)


class Long(Pressure):
    def test_every_policy(self):
        with open(test_build() / "logs" / "pressure.csv", "w", newline="", encoding="ascii") as file:
            rows = csv.writer(file)
            rows.writerow(["policy", "pool", "program", "MiB", "seconds", *EVENTS])
            for policy, pool in itertools.product(policies(), (0, 1)):
                runs = [(policy, pool, program, mib) for program, mib in LONG.items()]
                for run, seconds, events in self.run_programs(runs, "64M", "512M", 2400):
                    rows.writerow([*run, round(seconds, 1), *events.values()])
                file.flush()


if __name__ == "__main__":
    FORM = "Short"
    if "--long" in sys.argv:
        sys.argv.remove("--long")
        FORM = "Long"
    unittest.main(verbosity=2, defaultTest=FORM)
