#!/usr/bin/env python3
"""The ledger is whole: each row has its tests, docs/features.md and the README are what ./quire features writes, and
what the pages of docs/ point at is there."""

import re
import unittest

from common import ROOT, test_build

import features

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
MOST_INSTEAD = 5
TEST_NAME = re.compile(r"`((?:bench|diff|disk|harness|host|iso|kernel|lab|programs|stress|user)\.[a-z]\w+)`")
# But for those that a reader is to make up.
FILE_NAME = re.compile(r"`(?![^`]*(?:NAME|mine))((?:arch|cmake|docs|drivers|fs|iso|kernel|mm|tests|tools|user)/[\w/.-]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(path):
    """What can stand behind # in a link to a page."""
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


class Ledger(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.areas = features.read_ledger()
        cls.rows = [row for area in cls.areas for row in area.rows]
        cls.tests = features.list_tests(test_build())
        cls.proofs = features.prove(cls.tests)

    def test_rows(self):
        numbers = [row.id for row in self.rows]
        self.assertEqual(len(numbers), 207)
        self.assertEqual(len(set(numbers)), len(numbers))
        self.assertLessEqual(sum(row.instead is not None for row in self.rows), MOST_INSTEAD)

    def test_each_row_has_a_test_of_every_day(self):
        for row in self.rows:
            self.assertTrue(any("stress" not in self.tests[name] for name in self.proofs.get(row.id, ())),
                            f"no test names {row.id}: {row.behaviour}")

    def test_tests_name_rows_that_are_there(self):
        self.assertLessEqual(set(self.proofs), {row.id for row in self.rows})

    def test_pages_are_of_today(self):
        verdicts = {row: verdict for row, (_, verdict) in features.read_page().items()}
        again = "; run ./quire features"
        self.assertEqual(set(verdicts), {row.id for row in self.rows}, "docs/features.md has other rows" + again)
        self.assertEqual(set(verdicts.values()), {features.PASSED}, "docs/features.md has open rows" + again)
        for path, text in ((features.PAGE, features.page_text(self.areas, self.proofs, verdicts)),
                           (features.README, features.readme_text(self.areas, verdicts))):
            self.assertTrue(path.read_text(encoding="utf-8") == text, f"{path} is stale{again}")


class Verdicts(unittest.TestCase):
    """What is written down of a row, by how its tests ended."""
    TESTS = {"a": {"user"}, "a.linux": {"user"}, "b": {"user"}, "s": {"stress"}}

    def verdict(self, names, results, before=None):
        return features.verdict_of("A1", names, self.TESTS, results, {"A1": before} if before else {})

    def test_all_passed(self):
        self.assertEqual(self.verdict(["a", "b"], {"a": True, "b": True}), features.PASSED)
        self.assertEqual(self.verdict(["a", "s"], {"a": True}), features.PASSED)

    def test_one_failed(self):
        self.assertEqual(self.verdict(["a", "b"], {"a": True, "b": False}, (["a", "b"], features.PASSED)),
                         features.FAILED)
        self.assertEqual(self.verdict(["a", "s"], {"a": True, "s": False}), features.FAILED)

    def test_what_was_not_run_keeps_its_verdict(self):
        self.assertEqual(self.verdict(["a", "a.linux", "b"], {"b": True}, (["a"], features.PASSED)), features.PASSED)
        self.assertEqual(self.verdict(["a"], {}, (["a"], features.FAILED)), features.FAILED)

    def test_what_is_new_must_be_run(self):
        self.assertEqual(self.verdict(["a", "b"], {"b": True}), features.NOT_RUN)
        self.assertEqual(self.verdict(["a", "b"], {"a": True}, (["a"], features.PASSED)), features.NOT_RUN)
        self.assertEqual(self.verdict(["s"], {}), features.NOT_RUN)


class Pages(unittest.TestCase):
    def each(self, pattern):
        for page in PAGES:
            for match in pattern.finditer(page.read_text(encoding="utf-8")):
                yield page, match, f"{page.name}: {match[0]}"

    def test_links_lead_somewhere(self):
        for page, match, where in self.each(LINK):
            target = (page.parent / match[1]) if match[1] else page
            self.assertTrue(target.exists(), where)
            if match[2]:
                self.assertIn(match[2], anchors(target), where)

    def test_tests_that_are_named_are_there(self):
        tests = features.list_tests(test_build())
        for _, match, where in self.each(TEST_NAME):
            self.assertIn(match[1], tests, where)

    def test_files_that_are_named_are_there(self):
        for _, match, where in self.each(FILE_NAME):
            self.assertTrue(list(ROOT.glob(match[1])) or list(ROOT.glob(f"{match[1]}.*")), where)


if __name__ == "__main__":
    unittest.main(verbosity=2)
