"""Run a program on Quire: put its files on a CD, boot, and hand over what comes out."""

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import image
import machine
from host import QuireError, run_dir, size_bytes

# /init mounts something over these (over / with --root), so files for them lie aside and are copied
# there.
MOUNTED_OVER = ("/dev/shm", "/tmp", "/run", "/root")

STATUS_TIMEOUT = 124
STATUS_MACHINE_FAILED = 125


@dataclass
class Options:
    """What may be asked of a machine; the names are those of the command line."""
    mem: str = machine.DEFAULT_MEMORY
    swap: str = None
    disk: list = field(default_factory=list)
    root: bool = False
    place: str = "mnt"  # Or "tmp": where the first disk is mounted, unless it is the root.
    cpu: str = machine.DEFAULT_CPU
    icount: bool = False
    append: list = field(default_factory=list)
    put: list = field(default_factory=list)
    stdin: str = None
    extra: list = field(default_factory=list)  # Arguments for QEMU.
    timeout: float = None


def guest_path(put):
    """Split HOST[:GUEST] of --put into the host's path and the absolute path in the guest."""
    host, colon, guest = put.rpartition(":")
    if not colon or Path(put).exists():
        host, guest = put, ""
    source = Path(host)
    if not host or not source.exists():
        raise QuireError(f"there is no {host or 'file in ' + repr(put)} to put into the guest")
    path = PurePosixPath("/put", guest or source.resolve().name)
    if ".." in path.parts:
        raise QuireError(f"the guest path {guest} must not hold ..")
    return source, path


def put_grafts(options):
    """Where on the CD the files of --put go."""
    grafts = {}
    for put in options.put:
        source, path = guest_path(put)
        if options.root or any(path.is_relative_to(target) for target in MOUNTED_OVER):
            path = PurePosixPath("/.overlay", path.relative_to("/"))
        if path in grafts:
            raise QuireError(f"{grafts[path]} and {source} are put at one place; HOST:GUEST names another")
        grafts[path] = source
    return list(grafts.items())


def make_swap(path, size):
    """A file that holds a Linux swap area of this size."""
    with open(path, "wb") as file:
        file.truncate(size_bytes(size))
    done = subprocess.run(["/sbin/mkswap", str(path)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise QuireError(f"mkswap failed: {done.stderr.strip()}")


def make_machine(options, folder, cmdline):
    """The machine these options describe, and its whole kernel command line."""
    disks = list(options.disk)
    for disk in disks:
        if not Path(getattr(disk, "image", disk)).is_file():
            raise QuireError(f"there is no disk image {disk}")
    if options.swap:
        make_swap(folder / "swap.img", options.swap)
        disks.append(folder / "swap.img")
    result = machine.Machine(memory=options.mem, cpu=options.cpu, icount=options.icount,
                             disks=disks, extra=options.extra)
    words = [cmdline]
    if options.root and not options.disk:
        raise QuireError("--root needs a --disk whose root directory is to be the program's")
    if options.disk:
        words.append(f"{'root' if options.root else options.place}=/dev/{result.disk_names()[0]}")
    if options.swap:
        words.append(f"swap=/dev/{result.disk_names()[-1]}")
    if options.icount:
        words.append("icount")
    result.append = " ".join(words + options.append)
    return result


def make_program_machine(build, options, program, folder):
    """A machine that runs the program (a list of words) on the kernel in the build folder; what it
    needs is in folder."""
    words = folder / "exec"
    words.write_bytes(b"".join(word.encode(errors="surrogateescape") + b"\0" for word in program))
    grafts = [("/etc/exec", words)] + put_grafts(options)
    if options.stdin:
        grafts.append(("/put/.stdin", options.stdin))
    vm = make_machine(options, folder, "console=ttyS0 log=ttyS1")
    vm.kernel = build / "quire.boot"
    vm.cdrom = folder / "run.iso"
    vm.cache = "unsafe"  # Milliseconds for each fsync buy nothing: the host does not crash.
    image.make_plain(vm.cdrom, build / "root", grafts)
    return vm


def run_program(build, options, program, out, err, log):
    """Run the program as of make_program_machine; the Outcome.

    out, err and log are called with what comes from its output, its standard error and the kernel.
    """
    folder = run_dir("exec")
    try:
        vm = make_program_machine(build, options, program, folder)
        return machine.run_headless(vm, options.timeout, out, err, log)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def verdict(outcome):
    """The exit status that stands for the outcome, and a text for stderr or None."""
    status = outcome.exit_status()
    if status is not None:
        return status, None
    if outcome.end is machine.End.TIMEOUT:
        return STATUS_TIMEOUT, outcome.describe()
    if outcome.end is machine.End.POWEROFF:
        return STATUS_MACHINE_FAILED, (
            "the machine was turned off before /init had told the program's status; the kernel "
            "log ends with\n" + outcome.log_tail())
    return STATUS_MACHINE_FAILED, outcome.describe()
