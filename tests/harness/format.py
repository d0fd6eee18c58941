#!/usr/bin/env python3
"""Fail when a C file is not as .clang-format wants it, naming each such file."""

import re
import subprocess
import sys

from common import ROOT

FOLDERS = ("arch", "drivers", "fs", "kernel", "mm", "tests", "tools", "user")
COMPLAINT = re.compile(r"^(.+?):\d+:\d+: error: code should be clang-formatted", re.MULTILINE)


def main():
    files = sorted(str(path.relative_to(ROOT)) for folder in FOLDERS
                   for path in (ROOT / folder).rglob("*.[ch]"))
    said = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], cwd=ROOT, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    for name in sorted(set(COMPLAINT.findall(said.stderr))):
        print(f"{name} is not formatted; run: clang-format -i {name}")
    return said.returncode


if __name__ == "__main__":
    sys.exit(main())
