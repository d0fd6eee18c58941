#!/usr/bin/env python3
"""Each kit of ./quire lab-kit builds, boots, and fails its own tests; with the solutions put back the kernel is this
tree's, byte for byte, whose tests pass.

rows: E54

    test_lab_kit.py Short          all labs cut out of one kernel: a few of their own tests, and others beside them
    test_lab_kit.py Exact          a kernel for each, all tests that depend on it: exactly the lab's own fail

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

OWN_IN_SHORT = 2  # Of each lab.
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

    def make(self, names):
        """Let it be the kit of these labs and no other."""
        if self.tree.exists():
            self.put_back()
        else:
            lab_kit.make_kit(names[0], self.tree)
            (self.tree / "build").mkdir()
            (self.tree / "build/i386").symlink_to(ROOT / "build/i386")
        for name in names:
            lab_kit.cut(self.tree, name)

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


def chosen():
    return os.environ.get("LABS", "").split() or lab_kit.names()


class Cases:
    def check(self, kits, choose):
        """Each of the kits, which are lists of labs, fails of the tests that choose() takes the labs' own."""
        every = kernel_tests()
        with tempfile.TemporaryDirectory() as folder:
            kit = Kit(folder)
            for labs in kits:
                with self.subTest(labs):
                    own = {name: sorted(lab_kit.tests(name)) for name in labs}
                    tests = set().union(*own.values())
                    self.assertTrue(all(own.values()) and tests <= set(every), own)
                    kit.make(labs)
                    self.assertTrue(kit.boots())
                    tried = {test: every[test] for test in choose(every, own)}
                    self.assertEqual(kit.failures(tried, tests), tried.keys() & tests)
            kit.put_back()
            self.assertTrue(kit.boots())
            self.assertEqual(kit.kernel(), (test_build() / "quire.boot").read_bytes())


class Short(unittest.TestCase, Cases):
    def test_own_tests_fail(self):
        self.check([chosen()], lambda every, own: OTHERS.union(
            *(tests[:OWN_IN_SHORT] for tests in own.values())))

    def test_every_lab_has_a_handout(self):
        self.assertEqual(lab_kit.names(), sorted(path.stem for path in (ROOT / "docs/labs").glob("*.md")))
        for name in lab_kit.names():
            self.assertTrue(lab_kit.handout(name).startswith(f"# {name}: {lab_kit.title(name)}\n"))


class Exact(unittest.TestCase, Cases):
    def test_only_own_tests_fail(self):
        self.check([[name] for name in chosen()], lambda every, own: every)


if __name__ == "__main__":
    unittest.main()
