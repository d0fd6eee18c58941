#!/usr/bin/env python3
"""Make the file tree of the CD, and CD images of it.

    image.py tree OUT INIT BUSYBOX VMTOP TOUR EXAMPLE...
                                       the tree in folder OUT
    image.py iso OUT TREE KERNEL       a CD that GRUB boots, with the default command line
    image.py plain OUT TREE            a CD that is only a file system, for qemu -kernel

A run that has files of its own calls make_plain() or make_bootable() with grafts: (path in the
guest, file or folder on the host).
"""

import shutil
import subprocess
import sys
from pathlib import Path

from host import ROOT, QuireError

ISO_SOURCE = ROOT / "iso"
DEFAULT_CMDLINE = "console=ttyS0 log=ttyS0"

# The root is a read-only CD; /init mounts something on most of these.
FOLDERS = ("bin", "course", "dev", "dev/shm", "etc", "mnt", "proc", "put", "root", "run", "sbin", "tests",
           "tmp", "usr/bin", "usr/sbin")

# What of GRUB is needed to find a kernel on a CD and start it, from the screen or a serial line.
GRUB_MODULES = "multiboot normal serial terminal configfile biosdisk iso9660 part_msdos boot"
GRUB_PLATFORM = "/usr/lib/grub/i386-pc"


def _run(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise QuireError(f"{command[0]} failed:\n{done.stdout.rstrip()}")
    return done.stdout


def _applet_paths(busybox):
    """Where busybox's applets belong ("bin/ls"), as it says itself: an i386 program that the host
    can run."""
    try:
        return _run([busybox, "--list-full"]).split()
    except OSError as error:
        raise QuireError(f"this host cannot run i386 programs ({busybox}: {error.strerror}); "
                         "an x86 Linux with CONFIG_IA32_EMULATION is needed") from error


def make_tree(out, init, busybox, vmtop, tour, *examples):
    """The files of the CD, from the recipe in iso/root, our init, vmtop and tour, Debian's busybox, and in
    /course the courses' example programs."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(ISO_SOURCE / "root", out)
    for folder in FOLDERS:
        (out / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(init, out / "init")
    shutil.copy(busybox, out / "bin/busybox")
    shutil.copy(vmtop, out / "bin")
    shutil.copy(tour, out / "bin")
    for example in examples:
        shutil.copy(example, out / "course")
    (out / "init").chmod(0o755)
    (out / "bin/busybox").chmod(0o755)
    for applet in _applet_paths(busybox):
        if applet == "linuxrc":
            continue  # For initial RAM disks; we have none.
        link = out / applet
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            link.symlink_to("/bin/busybox")


def _graft_arguments(grafts):
    """xorriso's "guest=host" words; "=" and backslash in a name are escaped."""
    def escape(path):
        return str(path).replace("\\", "\\\\").replace("=", "\\=")
    return [f"{escape(guest)}={escape(host)}" for guest, host in grafts]


def make_plain(out, tree, grafts=()):
    """A CD without a boot loader. -r: everything belongs to root; symlinks stay what they are."""
    _run(["xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", "QUIRE", "-o", out, "-graft-points",
          *_graft_arguments([("/", tree), *grafts])])


def _grub_quote(cmdline):
    """The command line as GRUB's language needs it."""
    if "'" in cmdline:
        raise QuireError("GRUB's configuration cannot hold a ' in a kernel option")
    return " ".join(f"'{word}'" for word in cmdline.split())


def make_bootable(out, tree, kernel, cmdline=DEFAULT_CMDLINE, grafts=()):
    """A CD that GRUB boots without asking anything."""
    if not Path(GRUB_PLATFORM).is_dir():
        raise QuireError("GRUB for PC BIOS is missing: install the package grub-pc-bin, "
                         "or run ./quire deps")
    config = out.with_suffix(".grub.cfg")
    template = (ISO_SOURCE / "grub.cfg").read_text(encoding="ascii")
    config.write_text(template.replace("@CMDLINE@", _grub_quote(cmdline)), encoding="ascii")
    _run(["grub-mkrescue", "-d", GRUB_PLATFORM, f"--install-modules={GRUB_MODULES}", "--fonts=",
          "--locales=", "--themes=", "-o", out, "-quiet", "-r", "-V", "QUIRE",
          "-graft-points",
          *_graft_arguments([("/", tree), ("/boot/grub/grub.cfg", config),
                             ("/boot/quire.elf", kernel), *grafts])])


def main():
    recipes = {"tree": make_tree, "iso": make_bootable, "plain": make_plain}
    if len(sys.argv) < 4 or sys.argv[1] not in recipes:
        sys.exit(__doc__)
    try:
        recipes[sys.argv[1]](*map(Path, sys.argv[2:]))
    except QuireError as error:
        sys.exit(f"quire: {error}")


if __name__ == "__main__":
    main()
