#!/usr/bin/env python3
"""The sources alone make the system: a fresh clone, in a folder of any name and an environment that has nothing of
ours, fetches what it needs, builds, runs a program and passes a test.

rows: E54
"""

import subprocess
import tempfile
import unittest
from pathlib import Path

from common import ENVIRONMENT, ROOT


class Fresh(unittest.TestCase):
    def run_in(self, folder, *words):
        return subprocess.run(words, cwd=folder, env={**ENVIRONMENT, "HOME": str(folder)}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def test_clone_builds_and_passes(self):
        with tempfile.TemporaryDirectory() as temp:
            clone = Path(temp, "my clone, one of two")
            subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, clone], check=True)
            done = self.run_in(clone, "./quire", "exec", "--", "/bin/busybox", "echo", "fresh")
            self.assertEqual((done.returncode, done.stdout), (0, "fresh\n"), done.stderr)
            done = self.run_in(clone, "ctest", "--test-dir", "build/debug", "-R", "^kernel.vmm$",
                               "--no-tests=error")
            self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
