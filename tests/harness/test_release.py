#!/usr/bin/env python3
"""The kernel without assertions, lock ranks and poison, which measurements use, is the same kernel.

rows: E48
"""

import subprocess
import unittest

from common import ROOT

PROGRAMS = ROOT / "build" / "debug" / "tests"


def execute(*words):
    return subprocess.run([ROOT / "quire", "exec", "--preset", "release", *words], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Release(unittest.TestCase):
    def test_shell(self):
        done = execute("--", "/bin/busybox", "sh", "-c", "ls / | grep -c bin; exit 3")
        self.assertEqual((done.returncode, done.stdout), (3, b"2\n"), done.stderr.decode())

    def test_programs_keep_their_promises(self):
        for name in ("fork_keeps_memories_apart", "pss_sums_to_frames_in_use",
                     "random_calls_leave_the_kernel_whole", "bad_pointers_are_efault"):
            with self.subTest(name):
                done = execute("--put", PROGRAMS / f"test_{name}", "--", f"/put/test_{name}")
                self.assertEqual(done.returncode, 0, done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
