"""./quire features: the ledger of what Quire does, with the tests that prove it.

tests/features.txt has the rows; the first comments of tests say which rows they prove, which cmake/Tests.cmake makes
labels of ctest's. From these, and from how the last tests ended, come docs/features.md and the README's table of what
works. The test harness.features fails when either is not what would be written, whatever the verdicts.
"""

import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from host import ROOT, QuireError, say

LEDGER = ROOT / "tests" / "features.txt"
PAGE = ROOT / "docs" / "features.md"
README = ROOT / "README.md"
MARKED = re.compile(r"(?<=<!-- features -->\n).*(?=<!-- end of features -->)", re.DOTALL)
RESULTS = "results.xml"  # Of the last ./quire test, in the build folder.
ENDS = "ends.json"       # {test: did it pass when it was last run}, there too.
NATIVE = ".linux"        # At the end of a test's name: the same, on the host's Linux.

PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"

ROW = re.compile(r"[A-E]\d+")
AREA = re.compile(r"== (?P<chapter>[\w-]+) \| (?P<title>[^|]+) \| (?P<summary>[^|]+)")
LINE = re.compile(r"(?P<id>[A-E]\d+) \| (?P<behaviour>[^|]+?)(?: \| (?P<instead>[^|]+))?")

HEAD = """# The ledger

What five teaching systems have of memory management, one behaviour a row, and the tests that prove it on Quire. The
letter of a row says whose it is: A a report that adds Windows 10's features to xv6, B IIT Jodhpur's xv6 lab, C
University of Washington's xk (lab 3), D a lecture on Weenix, Linux and Windows, E Pintos (project 3).

This page is written by `./quire features`, from `tests/features.txt`, the tags in the tests and the end of their
last runs. *passed*: all tests of the row did, but for those with the label `stress` that were not run. *Linux*: at least one of the tests is
run on the host's Linux as well; where there is none, Linux has no such thing or does not show it. `./quire test -L '^A29$'` runs
the tests of a row.
"""


@dataclass
class Row:
    id: str
    behaviour: str
    instead: str  # Why it cannot be so here, and what is tested instead; or None.


@dataclass
class Area:
    chapter: str
    title: str
    summary: str
    rows: list


def read_ledger():
    areas = []
    for line in LEDGER.read_text(encoding="utf-8").splitlines():
        if area := AREA.fullmatch(line):
            areas.append(Area(**area.groupdict(), rows=[]))
        elif (row := LINE.fullmatch(line)) and areas:
            areas[-1].rows.append(Row(**row.groupdict()))
        elif line and not line.startswith("#"):
            raise QuireError(f"{LEDGER.relative_to(ROOT)}: cannot read {line!r}")
    return areas


def list_tests(build):
    """{name: labels} of all tests."""
    said = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return {test["name"]: {label for item in test["properties"] if item["name"] == "LABELS"
                           for label in item["value"]}
            for test in json.loads(said)["tests"]}


def read_results(build):
    """{name: did it pass} of the last run."""
    path = build / RESULTS
    if not path.is_file():
        return {}
    return {case.get("name"): case.get("status") == "run"
            for case in ElementTree.parse(path).getroot().iter("testcase")}


def read_ends(build):
    path = build / ENDS
    return json.loads(path.read_text(encoding="ascii")) if path.is_file() else {}


def prove(tests):
    """{row: names of its tests} by what the tests say."""
    proofs = {}
    for name, labels in sorted(tests.items()):
        for label in filter(ROW.fullmatch, labels):
            proofs.setdefault(label, []).append(name)
    return proofs


def shown(names):
    """Names as they are written down: the host's runs with the others."""
    return sorted({name.removesuffix(NATIVE) for name in names})


def source(name):
    """The file of a test, or None."""
    folder, _, stem = name.rpartition(".")
    places = [(folder or stem, stem)]
    if name.endswith(".ext2"):
        places.append(tuple(folder.split(".")))
    for folder, stem in places:
        for pattern in (f"{stem}.*", f"test_{stem}.*"):
            for path in sorted((ROOT / "tests" / folder).glob(pattern)):
                return path
    return None


def verdict_of(row, names, tests, results, before):
    """before: what the page says already, {row: (names as shown, verdict)}."""
    ends = [results[name] for name in names if name in results]
    missing = {name for name in names if name not in results and "stress" not in tests[name]}
    if not all(ends):
        return FAILED
    if ends and not missing:
        return PASSED
    known, verdict = before.get(row, ((), NOT_RUN))
    return verdict if set(shown(missing)) <= set(known) else NOT_RUN


def read_page():
    """{row: (names of tests, verdict)} as written in the page."""
    if not PAGE.is_file():
        return {}
    cells = (line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines())
    return {row[0][2:]: (re.findall(r"`([^`]+)`", row[2]), row[4].removesuffix(" |"))
            for row in cells if len(row) == 5 and ROW.fullmatch(row[0][2:])}


def page_row(row, names, verdict):
    links = []
    for name in shown(names):
        path = source(name)
        links.append(f"[`{name}`](../{path.relative_to(ROOT)})" if path else f"`{name}`")
    native = any(name.endswith(NATIVE) or name.startswith("programs.") for name in names)
    behaviour = row.behaviour + (f". *{row.instead}.*" if row.instead else "")
    return f"| {row.id} | {behaviour} | {', '.join(links)} | {'yes' if native else ''} | {verdict} |"


def page_text(areas, proofs, verdicts):
    lines = [HEAD]
    for area in areas:
        lines += [f"## {area.title}", "", f"[The chapter]({area.chapter}.md)", "",
                  "| row | behaviour | tests | Linux | verdict |", "|---|---|---|---|---|"]
        lines += [page_row(row, proofs.get(row.id, ()), verdicts[row.id]) for row in area.rows]
        lines.append("")
    return "\n".join(lines)


def readme_text(areas, verdicts):
    """The README with its table as it should be."""
    lines = ["", "| | | rows of the ledger that are proved |", "|---|---|---|"]
    for area in areas:
        proved = sum(verdicts[row.id] == PASSED for row in area.rows)
        anchor = re.sub(r"[^\w -]", "", area.title.lower()).replace(" ", "-")
        lines.append(f"| [{area.title}](docs/{area.chapter}.md) | {area.summary} "
                     f"| [{proved} of {len(area.rows)}](docs/features.md#{anchor}) |")
    return MARKED.sub("\n".join([*lines, "", ""]), README.read_text(encoding="utf-8"))


def gather(build, results):
    """The areas, {row: tests}, {row: verdict}."""
    areas, tests = read_ledger(), list_tests(build)
    proofs, before = prove(tests), read_page()
    rows = [row.id for area in areas for row in area.rows]
    unproved = [row for row in rows if row not in proofs]
    if unproved:
        raise QuireError(f"no test names {', '.join(unproved)} of {LEDGER.relative_to(ROOT)}")
    return areas, proofs, {row: verdict_of(row, proofs[row], tests, results, before) for row in rows}


def conclude(build):
    """After a run of the tests: note how they ended, and if nothing but stress was left out, say how the ledger
    stands. The exit status."""
    results = read_results(build)
    (build / ENDS).write_text(json.dumps({**read_ends(build), **results}), encoding="ascii")
    if any(name not in results for name, labels in list_tests(build).items() if "stress" not in labels):
        return 0
    _, _, verdicts = gather(build, results)
    unproved = [row for row, verdict in verdicts.items() if verdict != PASSED]
    say(f"ledger: {len(verdicts) - len(unproved)} of {len(verdicts)} rows proved by tests that passed"
        + (f"; not {', '.join(unproved)}" if unproved else ""))
    return 1 if unproved else 0


def command(build):
    areas, proofs, verdicts = gather(build, read_ends(build))
    PAGE.write_text(page_text(areas, proofs, verdicts), encoding="utf-8")
    README.write_text(readme_text(areas, verdicts), encoding="utf-8")
    for wanted in (FAILED, NOT_RUN):
        rows = [row for row, verdict in verdicts.items() if verdict == wanted]
        if rows:
            say(f"{wanted}: {', '.join(rows)}")
    if set(verdicts.values()) == {PASSED}:
        return 0
    say("./quire test -L '^[A-E][0-9]' -LE stress runs all tests of the ledger")
    return 1
