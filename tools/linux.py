"""Debian's own i386 Linux kernel, to be compared with: the package, and a RAM disk to boot it with.

    build/linux/vmlinuz    the kernel (linux-image-686: two-level page tables, as ours)
    build/linux/modules    the modules of the IDE disks, named in the order in which they load
"""

import shutil

import debian
import elf
from host import BUILD, locked, say

PACKAGE = "meta:linux-image-686"
LINUX = BUILD / "linux"
DISK_MODULES = ("ata_piix", "sd_mod")


def fetch():
    """Make build/linux. Cheap when it is there; the version's name is in build/linux/version."""
    with locked(BUILD / "linux.lock"):
        if (LINUX / "version").exists():
            return
        say("fetching Debian's i386 Linux kernel into build/linux…")
        work = BUILD / "linux.new"
        shutil.rmtree(work, ignore_errors=True)
        debian.unpack([PACKAGE], work)
        kernel, = (work / "root/boot").glob("vmlinuz-*")
        shutil.copy(kernel, work / "vmlinuz")
        _copy_modules(work / "root/lib/modules", work / "modules")
        (work / "version").write_text(kernel.name.partition("-")[2] + "\n", encoding="ascii")
        shutil.rmtree(work / "root")
        shutil.rmtree(LINUX, ignore_errors=True)
        work.rename(LINUX)


def version():
    """The version of the kernel, such as "6.1.0-50-686"."""
    return (LINUX / "version").read_text(encoding="ascii").strip()


def _module_name(path):
    return path.stem.replace("-", "_")


def _needs(path):
    """The names of the modules that this one says it needs."""
    image = elf.Elf(path)
    info, = (section for section in image.sections if section.name == ".modinfo")
    for entry in image.contents(info).split(b"\0"):
        key, _, value = entry.decode().partition("=")
        if key == "depends":
            return [name.replace("-", "_") for name in value.split(",") if name]
    return []


def _copy_modules(source, target):
    """Copy DISK_MODULES and what they need, each behind what it needs."""
    paths = {_module_name(path): path for path in source.rglob("*.ko")}
    order = []

    def add(name):
        if name not in order:
            for other in _needs(paths[name]):
                add(other)
            order.append(name)

    for name in DISK_MODULES:
        add(name)
    target.mkdir()
    for number, name in enumerate(order):
        shutil.copy(paths[name], target / f"{number:02}-{name}.ko")


def make_initramfs(out, init):
    """A RAM disk in file out whose /init is this program, and that holds the modules in /modules."""
    modules = sorted((LINUX / "modules").iterdir())
    entries = [("init", 0o100755, init.read_bytes()), ("modules", 0o040755, b"")]
    entries += [(f"modules/{path.name}", 0o100644, path.read_bytes()) for path in modules]
    entries += [("TRAILER!!!", 0, b"")]
    with open(out, "wb") as file:
        for number, entry in enumerate(entries, 1):
            file.write(_cpio_entry(number, *entry))
    return out


def _cpio_entry(number, name, mode, data):
    """A file in the "newc" form of cpio, as Documentation/driver-api/early-userspace describes it:
    thirteen numbers, the name and the contents, each padded to four bytes."""
    encoded = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields) + encoded
    return header + bytes(-len(header) % 4) + data + bytes(-len(data) % 4)
