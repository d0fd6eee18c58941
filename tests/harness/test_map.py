#!/usr/bin/env python3
"""./quire map draws what a fork shares, what a write copies, what goes to swap and comes back, and each kind of page.

rows: C28
"""

import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from common import ROOT, test_build

SVG = "{http://www.w3.org/2000/svg}"


def with_class(element, *names):
    return [part for part in element.iter() if set(names) <= set(part.get("class", "").split())]


def draw(*words):
    """{kind: moment} of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "map.svg"
        subprocess.run([ROOT / "quire", "map", "--svg", out, *words], check=True, stdin=subprocess.DEVNULL)
        root = ElementTree.parse(out).getroot()
    return {moment.get("data-kind"): moment for moment in with_class(root, "moment")}


class Kinds(unittest.TestCase):
    def test_each_kind_is_told(self):
        program = test_build() / "user" / "lab_kinds"
        moments = draw("--at", "end", "--put", program, "--", "/put/lab_kinds")
        self.assertEqual(list(moments), ["end"])
        kinds = {title.text[:8]: title.text.split(": ")[1].split(",")[0] for title in moments["end"].iter(f"{SVG}title")}
        row = sorted(address for address in kinds if address.startswith("b7"))[:-1]  # The last is the vDSO.
        self.assertEqual([int(address[-4], 16) for address in row], [6, 7, 9, 10, 11, 12, 13])
        self.assertEqual([kinds[address] for address in row],
                         ["private", "zero page", "of a file", "private", "of a file", "private", "in swap"])
        self.assertEqual(kinds["00400000"], "of a file")


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moments = draw()

    def pages(self, kind, *names):
        """The addresses of the pages in the picture of a moment that have these classes."""
        found = []
        for page in self.moments[kind].iter(f"{SVG}g"):
            if page.find(f"{SVG}title") is not None:
                classes = {name for rect in page.iter(f"{SVG}rect") for name in rect.get("class").split()}
                if set(names) <= classes:
                    found.append(page.findtext(f"{SVG}title")[:8])
        return found

    def count(self, kind, *names):
        return len(with_class(self.moments[kind], *names))

    def test_moments_in_order(self):
        self.assertEqual(list(self.moments), ["fork", "write", "evict", "return"])
        for kind in self.moments:
            self.assertEqual(self.count(kind, "space"), 2)
            self.assertEqual(self.count(kind, "arrow"), 6)

    def test_fork_shares_every_table_and_copies_nothing(self):
        self.assertEqual(self.count("fork", "table"), 3)
        self.assertEqual(self.count("fork", "table", "shared"), 3)
        self.assertEqual(self.count("fork", "may-write"), 0)
        self.assertEqual(self.pages("fork", "changed"), [])

    def test_write_copies_one_page_of_the_eight(self):
        eight = sorted(address for address in self.pages("fork", "cow") if address.startswith("b7"))
        self.assertEqual(len(eight), 8)
        copied = [address for address in self.pages("write", "changed", "anon") if address in eight]
        self.assertEqual(copied, [eight[2]])
        self.assertEqual(len([address for address in self.pages("write", "cow") if address in eight]), 2 * 7)

    def test_page_goes_to_swap_and_comes_back(self):
        gone = self.pages("evict", "swapped", "changed")
        self.assertEqual(len(gone), 1)
        self.assertEqual(self.pages("evict", "swapped"), gone)
        self.assertEqual(self.pages("return", "swapped"), [])
        self.assertEqual(self.pages("return", "anon", "changed"), gone)


if __name__ == "__main__":
    unittest.main(verbosity=2)
