#!/usr/bin/env python3
"""The experiments of docs/ print what the pages say.

    test_book.py           those that print the same each time
    test_book.py --all     and the samples, of which only the number of lines is compared, and that to a tenth: a map
                           leaves out rows that are as the one above
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from common import ROOT

import book

ALL = "--all" in sys.argv


class Experiments(unittest.TestCase):
    def check(self, path):
        # Pictures that are drawn go to a folder of their own.
        with tempfile.TemporaryDirectory() as place:
            for name in ("quire", "build", "user", "tests"):
                Path(place, name).symlink_to(ROOT / name)
            Path(place, "docs", "pictures").mkdir(parents=True)
            for script in (ROOT / "docs").glob("*.gdb"):
                Path(place, "docs", script.name).symlink_to(script)
            for sample, text in book.experiments(path):
                if sample and not ALL:
                    continue
                said = book.run_block(text, place)
                if sample:
                    lines = len(text.splitlines())
                    self.assertAlmostEqual(len(said.splitlines()), lines, msg=said, delta=lines // 10)
                else:
                    self.assertEqual(said, text, f"if this is right: ./quire docs {path.relative_to(ROOT)}")

    def test_pages(self):
        subprocess.run([ROOT / "quire", "exec", "--", "/bin/true"], check=True)  # Brings the build up to date.
        for path in book.pages():
            if book.experiments(path):
                with self.subTest(path.name):
                    self.check(path)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
