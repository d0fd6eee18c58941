#!/usr/bin/env python3
"""How little the kernel that users get needs: its image, the memory it takes, the machine it runs on."""

import subprocess
import unittest

from common import ROOT

from build import build

KIB = 1024


def shell(memory, commands):
    """What a shell prints for commands on a machine with that much memory."""
    done = subprocess.run([ROOT / "quire", "exec", "--preset", "release", "--mem", memory, "--",
                           "/bin/busybox", "sh", "-c", commands], check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


class Size(unittest.TestCase):
    def test_image_is_at_most_600_kib(self):
        image = build("release", "kernel") / "quire.boot"
        self.assertLessEqual(image.stat().st_size, 600 * KIB)

    def test_at_most_6_mib_are_taken_when_a_shell_starts(self):
        # The image, the tables of all memory, threads, init, the cache, and the shell itself.
        meminfo = dict(line.split(":") for line in shell("64M", "cat /proc/meminfo").splitlines())
        free = int(meminfo["MemFree"].split()[0])
        self.assertLessEqual(64 * KIB - free, 6 * KIB)

    def test_8_mib_are_enough_for_a_shell(self):
        self.assertIn("bin", shell("8M", "ls /").split())


if __name__ == "__main__":
    unittest.main()
