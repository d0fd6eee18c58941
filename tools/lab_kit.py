"""./quire lab-kit: a copy of the tree without the solution of one lab.

In the kernel's sources a lab's solution stands between two comments:

	/* lab NAME: what is to be done here, which the kit keeps. */
	return the_solution();
	/* lab end: return -ENOSYS; */

The kit has the text after "end:" instead of the lines between, so that it builds and boots. A test whose first
comment has a line "lab: NAME" fails there, and only such tests do.
"""

import re
import shutil

from host import ROOT, QuireError

SOURCES = ("arch", "drivers", "fs", "kernel", "mm")
LEFT_OUT = shutil.ignore_patterns("build", ".git", "__pycache__")
LAB = re.compile(r"^(?P<indent>[ \t]*)/\* lab (?P<name>\w+): (?P<task>.*?) \*/\n"
                 r"(?P<solution>.*?)"
                 r"^[ \t]*/\* lab end(?:: (?P<instead>.*?))? \*/\n", re.MULTILINE | re.DOTALL)
TAG = re.compile(r"^ \* lab: (.*)$", re.MULTILINE)


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


def tests(name, tree=ROOT):
    """What ctest calls the tests of a lab."""
    for kind in ("kernel", "user"):
        for path in sorted((tree / "tests" / kind).glob("*.c")):
            tag = TAG.search(path.read_text(encoding="utf-8"))
            if tag and name in tag[1].split():
                yield f"{kind}.{path.stem.removeprefix('test_') if kind == 'kernel' else path.stem}"


def cut(tree, name):
    """Take the solution of a lab out of a tree. What is to be done: (path, task)."""
    tasks = []

    def replace(path):
        def instead(match):
            if match["name"] != name:
                return match[0]
            tasks.append((path.relative_to(tree), re.sub(r"\s*\n\s*\*\s*", " ", match["task"])))
            indent = match["indent"]
            code = (match["instead"] or "").replace("; ", f";\n{indent}")
            return f"{indent}/* Your part: {match['task']} */\n" + (f"{indent}{code}\n" if code else "")
        return instead

    for path in sources(tree):
        before = path.read_text(encoding="utf-8")
        after = LAB.sub(replace(path), before)
        if after != before:
            path.write_text(after, encoding="utf-8")
    return tasks


def describe(name, tasks, wanted):
    lines = [f"# Lab: {name}", "", "What is to be done, where a comment says \"Your part\":", ""]
    lines += [f"- `{path}`: {task}" for path, task in tasks]
    lines += ["", "You have done it when these tests pass, and all others still do:", ""]
    lines += [f"    ./quire test -R '^({'|'.join(re.escape(test) for test in wanted)})$'", ""]
    return "\n".join(lines)


def make_kit(name, folder):
    """Copy the tree into a new folder and take the solution of a lab out of it."""
    if name not in names():
        raise QuireError(f"no lab is called {name}; there are: {', '.join(names())}")
    if folder.exists():
        raise QuireError(f"{folder} exists; remove it first")
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, symlinks=True)
    tasks = cut(folder, name)
    (folder / "LAB.md").write_text(describe(name, tasks, list(tests(name))), encoding="utf-8")
