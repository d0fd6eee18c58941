#!/usr/bin/env python3
"""Each kit of ./quire lab-kit builds, boots, and fails its own tests; with the solutions put back the kernel is this
tree's, byte for byte, whose tests pass.

rows: E54

    test_lab_kit.py Short          a few of each lab's own tests, and others beside them
    test_lab_kit.py Exact          all tests that depend on the kernel alone: exactly the lab's own fail

LABS="cow stack" in the environment checks only these.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from common import ROOT, test_build

import lab_kit

OWN_IN_SHORT = 3
OTHERS = {"host.vma", "kernel.vmm", "user.fork_keeps_memories_apart", "user.mmap_of_one_argument_answers"}
AT_ONCE = min(2, os.cpu_count() or 1)


def kernel_tests():
    """The tests of this build that one kernel passes or fails: name -> command. Pure code, the kernel's own suites,
    programs on it."""
    shown = subprocess.run(["ctest", "--test-dir", test_build(), "--show-only=json-v1"], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    commands = {}
    for test in json.loads(shown)["tests"]:
        kind, _, name = test["name"].partition(".")
        command = test["command"]
        if kind == "host" and not name.startswith("fuzz_"):
            commands[test["name"]] = command
        elif kind in ("kernel", "user") and command[2:3] == [kind]:
            commands[test["name"]] = command
    return commands


class Kit:
    """A copy of the tree that is built in place; the packages are this tree's, and so are programs for tests."""

    def __init__(self, folder):
        self.tree = Path(folder, "kit")
        self.build = self.tree / "build/debug"

    def make(self, name):
        """Let it be the kit of this lab and no other."""
        if self.tree.exists():
            self.put_back()
            lab_kit.cut(self.tree, name)
            return
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
        return subprocess.run([self.tree / "quire", "exec", "--", "/bin/true"], check=False).returncode == 0

    def kernel(self):
        return (self.build / "quire.boot").read_bytes()

    def _passes(self, name, command):
        if name.startswith("host."):
            program = Path(command[0])
            subprocess.run(["ninja", "-C", self.build, "--quiet", program.name], check=True)
            command = [self.build / program.relative_to(test_build()), *command[1:]]
        else:
            command = [self.build if word == str(test_build()) else word for word in command]
        return subprocess.run(command, check=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

    def failures(self, commands, expected):
        """Those that fail. One that is not expected to must do so twice, the second time alone: a machine that
        does much at once makes some come too late."""
        hosts = {name: command for name, command in commands.items() if name.startswith("host.")}
        failed = {name for name, command in hosts.items() if not self._passes(name, command)}
        machines = {name: commands[name] for name in commands.keys() - hosts.keys()}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            passed = pool.map(lambda test: self._passes(*test), machines.items())
            failed |= {name for name, fine in zip(machines, passed) if not fine}
        return {name for name in failed if name in expected or not self._passes(name, commands[name])}


class Cases:
    def check(self, choose):
        every = kernel_tests()
        with tempfile.TemporaryDirectory() as folder:
            kit = Kit(folder)
            for name in os.environ.get("LABS", "").split() or lab_kit.names():
                with self.subTest(name):
                    own = sorted(lab_kit.tests(name))
                    self.assertTrue(own and set(own) <= set(every), own)
                    kit.make(name)
                    self.assertTrue(kit.boots())
                    tried = {test: every[test] for test in choose(every, own)}
                    self.assertEqual(kit.failures(tried, own), tried.keys() & set(own))
            kit.put_back()
            self.assertTrue(kit.boots())
            self.assertEqual(kit.kernel(), (test_build() / "quire.boot").read_bytes())


class Short(unittest.TestCase, Cases):
    def test_own_tests_fail(self):
        self.check(lambda every, own: OTHERS.difference(own).union(own[:OWN_IN_SHORT]))

    def test_every_lab_has_a_handout(self):
        self.assertEqual(lab_kit.names(), sorted(path.stem for path in (ROOT / "docs/labs").glob("*.md")))
        for name in lab_kit.names():
            self.assertTrue(lab_kit.handout(name).startswith(f"# {name}: {lab_kit.title(name)}\n"))


class Exact(unittest.TestCase, Cases):
    def test_only_own_tests_fail(self):
        self.check(lambda every, own: every)


if __name__ == "__main__":
    unittest.main()
