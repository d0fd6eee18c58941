"""One run of Quire in QEMU: the command line, the serial lines, and how it ended.

Headless runs give each serial port a socket of its own:

    COM1  the terminal, or the program's standard output, byte for byte
    COM2  the kernel log; /init adds the program's exit status to it
    COM3  the program's standard error

A socket is lossless: QEMU holds the guest's transmitter while we do not read.
"""

import ctypes
import enum
import os
import re
import selectors
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from host import QuireError

QEMU = "qemu-system-i386"
DEFAULT_MEMORY = "256M"
# The kernel does not turn AVX on. Programs see so from CPUID, but cksum does not look twice.
DEFAULT_CPU = "max,avx=off"

# A tick of the guest's clock is an instruction, but while it waits for a disk time passes as it does: or
# a read that takes the host some milliseconds would be minutes to the guest, which gives up on the disk.
INSTRUCTION_CLOCK = ["-icount", "shift=0,sleep=on"]

# drivers/debugexit.h: the kernel writes CODE to isa-debug-exit, QEMU ends with CODE << 1 | 1.
EXIT_POWEROFF = 0x10
EXIT_SELFTEST_FAILED = 0x11
EXIT_PANIC = 0x12
EXIT_UNSUPPORTED = 0x13

CDROM_SLOT = 2

STATUS_RECORD = re.compile(rb"quire: exit status (\d+)\r?\n")
PANIC_LINE = re.compile(rb"^(\[[^]\n]*\] )?PANIC", re.MULTILINE)
LOG_TAIL = 30  # Lines of the log shown when the machine ended in a way that explains nothing.
PR_SET_PDEATHSIG = 1  # prctl(2)
LONGEST_WAIT = 3600  # Seconds that a selector surely takes.


class End(enum.Enum):
    """How a machine ended."""
    POWEROFF = "powered off"
    SELFTEST_FAILED = "reported failed selftests"
    PANIC = "panicked"
    UNSUPPORTED = "does not support this machine"
    REBOOT = "rebooted (a triple fault, or somebody asked for it)"
    TIMEOUT = "was still running when its time was up"
    QEMU_FAILED = "could not be run: QEMU failed"


_ENDS = {EXIT_POWEROFF << 1 | 1: End.POWEROFF,
         EXIT_SELFTEST_FAILED << 1 | 1: End.SELFTEST_FAILED,
         EXIT_PANIC << 1 | 1: End.PANIC,
         EXIT_UNSUPPORTED << 1 | 1: End.UNSUPPORTED,
         0: End.REBOOT}  # -no-reboot turns a reboot into QEMU's ordinary end.


def end_of(qemu_status):
    return _ENDS.get(qemu_status, End.QEMU_FAILED)


@dataclass
class FaultyDisk:
    """A disk image of which the drive reports errors, as QEMU's blkdebug injects them.

    Each of errors holds options of blkdebug's inject-error: {"iotype": "read", "sector": 3}; each of
    steps those of a set-state. Further options of the drive, such as throttling.bps-total, are in
    options.
    """
    image: str
    errors: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    options: dict = field(default_factory=dict)

    def drive_options(self):
        """The part of a -drive argument that names the image."""
        words = {"driver": "raw", "file.driver": "blkdebug", "file.image.driver": "file",
                 "file.image.filename": str(self.image), "rerror": "report", "werror": "report"}
        for number, error in enumerate(self.errors):
            for key, value in {"event": "none", "errno": 5, **error}.items():
                words[f"file.inject-error.{number}.{key}"] = value
        for number, step in enumerate(self.steps):
            for key, value in step.items():
                words[f"file.set-state.{number}.{key}"] = value
        return ",".join(f"{key}={quote(value)}"
                        for key, value in {**words, **self.options}.items())


@dataclass
class CachedDisk:
    """A qcow2 image: when QEMU is killed, what the guest wrote to new places and did not have the drive
    flush is lost, as in a drive with a cache that loses power."""
    image: str

    def drive_options(self):
        """As FaultyDisk's."""
        return f"file={quote(self.image)},format=qcow2"


class Recording:
    """All that happens to a machine, written down by QEMU so that it can happen again, instruction for
    instruction. What the guest writes goes to layers above the disks; a snapshot of the start, in these
    or else in a file of its own, is where a replay and each way back begin."""

    def __init__(self, folder):
        self.folder = folder
        self.replay = False
        self._create("snapshots.qcow2", "-o", "size=1M")

    def arguments(self):
        # To go back is to load the snapshot. With the APIC's option ROM that may deadlock in QEMU 7.2;
        # and with sleep=off recorded drives never answer.
        return ["-icount", f"shift=0,rr={'replay' if self.replay else 'record'},"
                f"rrfile={quote(self.folder / 'recording')},rrsnapshot=start",
                "-rtc", "base=2026-01-01,clock=vm", "-global", "apic.vapic=off",
                "-drive", f"file={quote(self.folder / 'snapshots.qcow2')},if=none,id=snapshots"]

    def drive(self, kind, image, slot):
        """The arguments for an IDE drive, "hd" or "cd", with an image as it is."""
        if kind == "cd":
            source = _drive(image)
        else:
            layer = self._create(f"layer{slot}.qcow2", "-b", Path(image).resolve(), "-F", "raw")
            source = f"file={quote(layer)},format=qcow2"
        readonly = "readonly=on" if kind == "cd" else "readonly=off"
        return ["-drive", f"{source},if=none,id=image{slot},{readonly}",
                "-drive", f"driver=blkreplay,image=image{slot},if=none,id=drive{slot},{readonly}",
                "-device", f"ide-{kind},drive=drive{slot},bus=ide.{slot // 2},unit={slot % 2}"]

    def _create(self, name, *options):
        path = self.folder / name
        if not path.exists():
            subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", *options, path], check=True)
        return path


@dataclass
class Machine:
    """What QEMU is to be: memory, CPU, disks, and what it boots."""
    memory: str = DEFAULT_MEMORY
    cpu: str = DEFAULT_CPU
    icount: bool = False
    cdrom: str = None  # The CD, always hdc, so that disks are hda, hdb, hdd in this order.
    disks: list = field(default_factory=list)  # Files, FaultyDisk or CachedDisk.
    kernel: str = None  # Boot this directly; without it the CD boots.
    append: str = ""
    cache: str = "writeback"  # unsafe: what the guest flushes may stay in the host's memory.
    extra: list = field(default_factory=list)
    recording: Recording = None  # Of a run; disks are files then.

    def command(self):
        # The accelerator is explicit: where KVM exists, it need not be able to run us.
        command = [QEMU, "-accel", "tcg", "-cpu", self.cpu, "-m", self.memory, "-no-reboot",
                   "-nodefaults", "-no-user-config", "-vga", "std",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        if self.recording:
            command += self.recording.arguments()
        elif self.icount:
            command += [*INSTRUCTION_CLOCK, "-rtc", "base=utc,clock=vm"]
        else:
            command += ["-rtc", "base=utc"]
        if self.cdrom:
            command += self._cdrom()
        for slot, disk in zip(self._disk_slots(), self.disks):
            command += self._disk(disk, slot)
        if self.kernel:
            command += ["-kernel", str(self.kernel), "-append", self.append]
        else:
            command += ["-boot", "d"]
        return command + self.extra

    def disk_names(self):
        """The device name of each disk in the guest."""
        return ["hd" + "abcd"[slot] for slot, _ in zip(self._disk_slots(), self.disks)]

    def _disk(self, disk, slot):
        """The arguments for one of disks."""
        if self.recording:
            return self.recording.drive("hd", disk, slot)
        if isinstance(disk, (FaultyDisk, CachedDisk)):
            return ["-drive", f"{disk.drive_options()},if=ide,index={slot}"]
        return ["-drive", f"{_drive(disk)},if=ide,index={slot},cache={self.cache}"]

    def _cdrom(self):
        if self.recording:
            return self.recording.drive("cd", self.cdrom, CDROM_SLOT)
        return ["-drive", f"{_drive(self.cdrom)},if=ide,index={CDROM_SLOT},media=cdrom,readonly=on"]

    def _disk_slots(self):
        if len(self.disks) > 3:
            raise QuireError("there is room for three IDE disks beside the CD, the one for swap included "
                             "(--no-swap leaves it out); not for more")
        return (0, 1, 3)


def quote(value):
    """QEMU wants a comma in an option's value doubled."""
    return str(value).replace(",", ",,")


def _drive(path):
    """The part of a -drive argument that names an image as it is."""
    return f"file={quote(path)},format=raw"


@dataclass
class Outcome:
    """How a headless run ended, and what came out of it."""
    end: End
    log: bytes
    qemu_errors: str

    def exit_status(self):
        """The program's status as /init recorded it, or None."""
        found = STATUS_RECORD.findall(self.log)
        return int(found[-1]) if found and self.end is End.POWEROFF else None

    def describe(self):
        """Sentences for the user about an end that was not a program's."""
        if self.end is End.QEMU_FAILED:
            return f"the kernel {self.end.value}: {self.qemu_errors.strip()}"
        panic = PANIC_LINE.search(self.log)
        if self.end is End.PANIC and panic:
            detail = self.log[panic.start():].decode(errors="replace").rstrip()
        else:
            detail = self.log_tail()
        return f"the kernel {self.end.value}\n{detail}"

    def log_tail(self):
        """The last lines of the kernel log."""
        return b"\n".join(self.log.splitlines()[-LOG_TAIL:]).decode(errors="replace")


def die_with_parent():
    """Run in the child before exec: no QEMU may outlive us, however we are killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Port:
    """Our end of one serial line; sink is called with each piece of its output."""

    def __init__(self, name, sink):
        self.name = name
        self.sink = sink
        self.ours, self.theirs = socket.socketpair()
        # QEMU sends byte by byte, each of which takes half a page of the host's memory, and the
        # guest's log does not wait for ever: leave room for when this process is kept from running.
        self.theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)

    def arguments(self):
        return ["-chardev", f"socket,id={self.name},fd={self.theirs.fileno()}",
                "-serial", f"chardev:{self.name}"]

    def pump(self):
        """Move what has arrived to the sink; False at the end."""
        try:
            data = self.ours.recv(65536)
        except ConnectionResetError:
            data = b""
        if data:
            self.sink(data)
        return bool(data)


def run_headless(machine, timeout, out, err, log):
    """Run the machine to its end and return the Outcome.

    out, err and log are called with bytes as they arrive from COM1, COM3 and COM2. After timeout
    seconds (None: never) the machine is killed.
    """
    record = bytearray()

    def keep(data):
        record.extend(data)
        log(data)

    outcome = run_ports(machine, timeout, [Port("com1", out), Port("com2", keep), Port("com3", err)])
    outcome.log = bytes(record)
    return outcome


def run_ports(machine, timeout, ports):
    """Run the machine without a screen, its serial lines being these ports; an Outcome with no log."""
    command = machine.command() + ["-display", "none"]
    for port in ports:
        command += port.arguments()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, preexec_fn=die_with_parent,
                          pass_fds=[port.theirs.fileno() for port in ports]) as qemu:
        try:
            for port in ports:
                port.theirs.close()
            in_time = _pump_all(ports, timeout)
            if not in_time:
                qemu.kill()
            errors = qemu.stderr.read().decode(errors="replace")
            status = qemu.wait()
        finally:
            qemu.kill()
            for port in ports:
                port.ours.close()
    return Outcome(end_of(status) if in_time else End.TIMEOUT, b"", errors)


def _pump_all(ports, timeout):
    """Serve the ports until QEMU closes them all: True. False when the time is up first."""
    deadline = None if timeout is None else time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        for port in ports:
            selector.register(port.ours, selectors.EVENT_READ, port)
        while selector.get_map():
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            for key, _ in selector.select(None if left is None else min(left, LONGEST_WAIT)):
                if not key.data.pump():
                    selector.unregister(key.fileobj)
    return True


def write_all(descriptor):
    """A sink that writes to a file descriptor; a reader that went away ends us as SIGPIPE would."""
    def write(data):
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view):]
    return write
