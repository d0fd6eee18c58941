#!/usr/bin/env python3
"""Fetch the i386 packages of tools/packages.i386 into build/i386.

    build/i386/root   the packages, unpacked
    build/i386/musl   a flat sysroot in which clang's driver finds musl and the kernel's headers
    build/i386/lz4    the source of LZ4's block format

The folder is built aside and renamed into place, so an interrupted fetch leaves nothing.
"""

import shutil
import sys

import debian
from host import BUILD, I386, ROOT, QuireError, locked, say, word_list

LIST = ROOT / "tools" / "packages.i386"


def fetch():
    """Make build/i386 what packages.i386 asks for. Cheap when it already is."""
    wanted = "\n".join(word_list(LIST)) + "\n"
    with locked(BUILD / "i386.lock"):
        stamp = I386 / "stamp"
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        say(f"fetching {len(wanted.split())} i386 packages into build/i386…")
        work = BUILD / "i386.new"
        shutil.rmtree(work, ignore_errors=True)
        debian.unpack(wanted.split(), work)
        _make_sysroot(work / "root", work / "musl")
        source, = (work / "root/usr/src/lz4").glob("lz4-*/lib")
        shutil.copytree(source, work / "lz4")
        (work / "stamp").write_text(wanted, encoding="ascii")
        shutil.rmtree(I386, ignore_errors=True)
        work.rename(I386)


def _make_sysroot(root, sysroot):
    """Lay musl out as clang expects a system. glibc's folders must not be in sight of it: its
    driver would prefer Debian's multiarch paths and link glibc without a word."""
    (sysroot / "usr").mkdir(parents=True)
    shutil.copytree(root / "usr/include/i386-linux-musl", sysroot / "usr/include")
    shutil.copytree(root / "usr/lib/i386-linux-musl", sysroot / "usr/lib", symlinks=True)
    for part in ("linux", "asm-generic"):
        shutil.copytree(root / "usr/include" / part, sysroot / "usr/include" / part)
    shutil.copytree(root / "usr/include/i386-linux-gnu/asm", sysroot / "usr/include/asm")


if __name__ == "__main__":
    try:
        fetch()
    except QuireError as error:
        sys.exit(f"quire: {error}")
