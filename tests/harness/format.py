#!/usr/bin/env python3
"""Fail when a C file is not as .clang-format wants it, naming each such file."""

import subprocess
import sys

from common import ROOT

FOLDERS = ("arch", "drivers", "fs", "kernel", "mm", "tests", "user")


def main():
    files = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.[ch]"))
    bad = []
    for path in files:
        formatted = subprocess.run(["clang-format", path], cwd=ROOT, stdout=subprocess.PIPE,
                                   check=True).stdout
        if formatted != path.read_bytes():
            bad.append(str(path.relative_to(ROOT)))
    for name in bad:
        print(f"{name} is not formatted; run: clang-format -i {name}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
