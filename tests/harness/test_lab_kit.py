#!/usr/bin/env python3
"""Each kit of ./quire lab-kit builds, boots, and fails its own tests; with the solution put back they pass, and the
kernel is the same as this tree's, byte for byte.

rows: E54

    test_lab_kit.py Short       a lab's own tests, and others beside them
    test_lab_kit.py Exact       all tests that run the kernel: exactly the lab's own fail
"""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from common import ROOT, test_build

import lab_kit

LABELS = {"kernel", "user"}
OTHERS = {"kernel.cow", "kernel.vmm", "user.fork_keeps_memories_apart", "user.mmap_of_one_argument_answers"}


def machine_tests():
    """The tests of this build that boot the kernel by the harness: name -> command."""
    shown = subprocess.run(["ctest", "--test-dir", test_build(), "--show-only=json-v1"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    commands = {}
    for test in json.loads(shown)["tests"]:
        labels = next((p["value"] for p in test["properties"] if p["name"] == "LABELS"), [])
        if LABELS & set(labels) and {"kernel", "user"} & set(test["command"][2:3]):
            commands[test["name"]] = test["command"]
    return commands


class Kit:
    """A copy of the tree that is built in place; the packages are this tree's."""

    def __init__(self, folder):
        self.tree = Path(folder, "kit")

    def make(self, name):
        lab_kit.make_kit(name, self.tree)
        (self.tree / "build").mkdir()
        (self.tree / "build/i386").symlink_to(ROOT / "build/i386")

    def put_back(self):
        for path in lab_kit.sources(ROOT):
            copy = self.tree / path.relative_to(ROOT)
            if copy.read_bytes() != path.read_bytes():
                shutil.copyfile(path, copy)

    def boots(self):
        """Build it, and let it run a program."""
        return subprocess.run([self.tree / "quire", "exec", "--", "/bin/true"], check=False,
                              stderr=subprocess.PIPE).returncode == 0

    def kernel(self):
        return (self.tree / "build/debug/quire.boot").read_bytes()

    def failures(self, commands):
        """Those that fail, with this tree's programs on that tree's kernel."""
        build = self.tree / "build/debug"
        return {name for name, command in commands.items()
                if subprocess.run([str(build) if word == str(test_build()) else word
                                   for word in command],
                                  check=False, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode != 0}


class Cases:
    def check(self, choose):
        every = machine_tests()
        with tempfile.TemporaryDirectory() as folder:
            kit = Kit(folder)
            for name in lab_kit.names():
                with self.subTest(name):
                    own = set(lab_kit.tests(name))
                    self.assertTrue(own and own <= set(every), own)
                    if kit.tree.exists():
                        lab_kit.cut(kit.tree, name)
                    else:
                        kit.make(name)
                    self.assertTrue(kit.boots())
                    tried = {test: every[test] for test in every if choose(test, own)}
                    self.assertEqual(kit.failures(tried), own)
                    kit.put_back()
                    self.assertTrue(kit.boots())
                    self.assertEqual(kit.kernel(), (test_build() / "quire.boot").read_bytes())
                    self.assertEqual(kit.failures({test: every[test] for test in own}), set())


class Short(unittest.TestCase, Cases):
    def test_own_tests_fail(self):
        self.check(lambda test, own: test in own | OTHERS)


class Exact(unittest.TestCase, Cases):
    def test_only_own_tests_fail(self):
        self.check(lambda test, own: True)


if __name__ == "__main__":
    unittest.main()
