#!/usr/bin/env python3
"""The ISO boots through GRUB to a shell, as a user would see it.

rows: C9 C10
"""

import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from common import ROOT, test_build

SECONDS = 50
BOOT_SECONDS = 20  # Five on an idle machine; tests share it.


def run(commands, *options):
    return subprocess.run([ROOT / "quire", "run", *options], input=commands.encode(), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS)


class Run(unittest.TestCase):
    def test_commands_through_a_pipe(self):
        done = run("echo $((6 * 7)) is the answer\nls /\n")
        self.assertIn(b"42 is the answer", done.stdout, done.stderr)
        self.assertIn(b"busybox", done.stdout)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_prompt_comes_soon(self):
        started = time.monotonic()
        done = run("exit\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"# ", done.stdout)
        self.assertLess(time.monotonic() - started, BOOT_SECONDS)

    def test_power_off(self):
        self.assertEqual(run("poweroff\nsleep 30\n").returncode, 0)

    def test_reboot_is_not_power_off(self):
        done = run("reboot\nsleep 30\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"rebooted", done.stderr)

    def test_shell_on_a_disk(self):
        with tempfile.TemporaryDirectory() as folder:
            disk = Path(folder, "disk.img")
            subprocess.run(["cp", "--sparse=always", test_build() / "debian" / "disk.img", disk],
                           check=True)
            done = run("echo $BASH on $(tty) says $((6 * 7))\n", "--disk", disk, "--root")
        self.assertIn(b"root@quire:~# ", done.stdout, done.stderr)
        self.assertIn(b"/bin/bash on /dev/console says 42", done.stdout)

    def test_oldest_cpu(self):
        done = run("echo $((6 * 7)) is the answer\n", "--cpu", "pentium2")
        self.assertIn(b"42 is the answer", done.stdout, done.stderr)

    def test_cpu_too_old_is_told(self):
        done = run("", "--cpu", "486")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"does not support", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
