"""What the tests of the laboratory share: the tools, and one of it with a folder of its own."""

import argparse
import os
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))

import lab

BUILD = Path(os.environ.get("QUIRE_TEST_BUILD", ROOT / "build" / "debug"))


class Case(unittest.TestCase):
    """A test with a laboratory."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)
        self.options = argparse.Namespace(policies=None, frames=None, measure=[], timeout=120, jobs=2)
        self.lab = lab.Laboratory(BUILD, self.out, self.out, self.options)
