#!/usr/bin/env python3
"""Disks with Debian's i386 programs: an ext2 file system that can be the root of Quire's programs.

    disk.py FOLDER LIST    FOLDER/root and FOLDER/disk.img from the package names in the file LIST

FOLDER/root is the same tree unpacked, where the host's Linux can run the same programs.
"""

import shutil
import sys
from pathlib import Path

import debian
from host import QuireError, run_dir, size_bytes, word_list

DEFAULT_SIZE = "512M"

# What every program may expect: folders, names of users, /bin/sh.
BASE = ("base-files", "base-passwd", "dash")

# What scripts of packages would do: copy these files (base-files, base-passwd), make these links (gawk).
COPIES = {"etc/profile": "usr/share/base-files/profile",
          "etc/passwd": "usr/share/base-passwd/passwd.master",
          "etc/group": "usr/share/base-passwd/group.master"}
LINKS = {"usr/bin/awk": "gawk"}


def make_root(packages, work):
    """The packages with all they depend on, unpacked in work/root and ready to run."""
    debian.unpack([*BASE, *packages], work, whole=True)
    root = work / "root"
    for path, source in COPIES.items():
        if (root / source).exists():
            shutil.copy(root / source, root / path)
    for path, target in LINKS.items():
        if (root / path).with_name(target).exists():
            (root / path).symlink_to(target)
    return root


def make_image(file, root, size=DEFAULT_SIZE):
    """An ext2 file system of this size that holds the files of root."""
    file.unlink(missing_ok=True)
    debian.run(["/sbin/mke2fs", "-q", "-t", "ext2", "-m", "0", "-E", "root_owner=0:0", "-d", root,
                file, f"{size_bytes(size) >> 10}K"])


def make_disk(file, packages, size):
    """A disk for the user: the packages in the image file."""
    work = run_dir("disk")
    try:
        make_image(file, make_root(packages, work), size)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, packages = Path(sys.argv[1]), word_list(Path(sys.argv[2]))
    new = folder.with_suffix(".new")
    for stale in (new, folder):
        if stale.exists():
            shutil.rmtree(stale)
    try:
        make_image(new / "disk.img", make_root(packages, new))
    except QuireError as error:
        sys.exit(f"quire: {error}")
    new.rename(folder)


if __name__ == "__main__":
    main()
