"""./quire lab-kit: a copy of the tree without the solution of one lab.

In the kernel's sources a lab's solution stands between two comments:

	/* lab NAME: what is to be done here, which the kit keeps. */
	return the_solution();
	/* lab end: return -ENOSYS; */

The kit has the text after "end:" instead of the lines between, so that it builds and boots. That text may be several
lines, each behind " * ". A test whose first comment has a line "lab: NAME" fails in the kit, and only such tests do.
docs/labs/NAME.md is what students read first; its title is the sentence that the lab is listed with.
"""

import re
import shutil

from host import ROOT, QuireError

SOURCES = ("arch", "drivers", "fs", "kernel", "mm")
LEFT_OUT = shutil.ignore_patterns("build", ".git", "__pycache__")
LAB = re.compile(r"^(?P<indent>[ \t]*)/\* lab (?P<name>\w+): (?P<task>.*?) \*/\n"
                 r"(?P<solution>.*?)"
                 r"^[ \t]*/\* lab end(?::(?P<instead>.*?))? \*/\n", re.MULTILINE | re.DOTALL)
TAG = re.compile(r"^ \* lab: (.*)$", re.MULTILINE)
TWICE = re.compile(r"^ \* disk-too: ", re.MULTILINE)  # cmake/Tests.cmake makes a second test of it.


def sources(tree):
    for folder in SOURCES:
        yield from sorted((tree / folder).rglob("*.[ch]"))


def marks(tree):
    """(file, match) of each solution in the tree."""
    for path in sources(tree):
        for match in LAB.finditer(path.read_text(encoding="utf-8")):
            yield path, match


def names(tree=ROOT):
    return sorted({match["name"] for _, match in marks(tree)})


def handout(name, tree=ROOT):
    return (tree / "docs" / "labs" / f"{name}.md").read_text(encoding="utf-8")


def title(name, tree=ROOT):
    """A sentence that says what the lab is about: the hand-out's first line, after the name."""
    return handout(name, tree).partition("\n")[0].partition(": ")[2]


def tests(name, tree=ROOT):
    """What ctest calls the tests of a lab."""
    for kind in ("host", "kernel", "user"):
        for path in sorted((tree / "tests" / kind).glob("*.c")):
            text = path.read_text(encoding="utf-8")
            tag = TAG.search(text)
            if tag and name in tag[1].split():
                test = f"{kind}.{path.stem if kind == 'user' else path.stem.removeprefix('test_')}"
                yield test
                if TWICE.search(text):
                    yield f"{test}.ext2"


def _lines_instead(text, indent):
    """What the kit has in the place of a solution, from the text after "end:"."""
    if "\n" in text:
        lines = re.sub(r"^[ \t]*\* ?", "", text.strip("\n"), flags=re.MULTILINE).split("\n")
    else:
        lines = [line for line in text.strip().replace("; ", ";\n").split("\n") if line]
    return "".join(f"{indent}{line}\n" if line else "\n" for line in lines)


def cut(tree, name):
    """Take the solution of a lab out of a tree. What is to be done: (path, task)."""
    tasks = []

    def replace(path):
        def instead(match):
            if match["name"] != name:
                return match[0]
            tasks.append((path.relative_to(tree), re.sub(r"\s*\n\s*\*\s*", " ", match["task"])))
            return (f"{match['indent']}/* Your part: {match['task']} */\n"
                    + _lines_instead(match["instead"] or "", match["indent"]))
        return instead

    for path in sources(tree):
        before = path.read_text(encoding="utf-8")
        after = LAB.sub(replace(path), before)
        if after != before:
            path.write_text(after, encoding="utf-8")
    return tasks


def describe(text, tasks, wanted):
    """LAB.md: the hand-out, and what this tree knows."""
    lines = [text.rstrip(), "", "## Your part", "", "Where a comment says \"Your part\":", ""]
    lines += [f"- `{path}`: {task}" for path, task in tasks]
    lines += ["", "## Done?", "", "You have done it when these tests pass, and all others still do:", ""]
    lines += [f"    ./quire test -R '^({'|'.join(re.escape(test) for test in wanted)})$'", ""]
    return "\n".join(lines)


def list_kits():
    """All labs, a line for each."""
    return "".join(f"  {name:<10} {title(name)}\n" for name in names())


def make_kit(name, folder):
    """Copy the tree into a new folder and take the solution of a lab out of it."""
    if name not in names():
        raise QuireError(f"no lab is called {name}; ./quire lab-kit lists them")
    if folder.exists():
        raise QuireError(f"{folder} exists; remove it first")
    if folder.resolve().is_relative_to(ROOT):
        raise QuireError(f"{folder} is inside of this tree, of which it would be a copy; choose another place")
    try:
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT, symlinks=True)
        tasks = cut(folder, name)
        (folder / "LAB.md").write_text(describe(handout(name), tasks, list(tests(name))), encoding="utf-8")
    except BaseException:  # Who finds a part of it would find the solution in it.
        shutil.rmtree(folder, ignore_errors=True)
        raise
