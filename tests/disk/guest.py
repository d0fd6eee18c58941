"""What the tests of this folder share: images, and machines that do file calls on them."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "harness"))

from common import log_write, test_build  # noqa: E402 (the path is set above)

import machine
import session

PAGE = 4096
SECTOR = 512
CALLS = "/tests/calls"


class Case(unittest.TestCase):
    """A test with a folder of its own for images."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def image(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def pages_image(self, pages=64):
        """An image each page of which is filled with its number."""
        return self.image("pages.img", b"".join(bytes([i]) * PAGE for i in range(pages)))

    def run_guest(self, program, disks=(), append=(), put=(), extra=(), timeout=100, mem="256M",
                  swap=None, root=False, ends=False):
        """Run the program to its end, which must be good, or to that of the machine, if the program
        ends it. (standard output, kernel log)"""
        calls = test_build() / "tests" / "disk" / "disk_file_calls"
        options = session.Options(disk=list(disks), put=[f"{calls}:{CALLS}", *put],
                                  append=list(append), extra=list(extra), mem=mem,
                                  swap=swap, root=root, timeout=timeout)
        out, err = bytearray(), bytearray()
        outcome = session.run_program(test_build(), options, program, out.extend, err.extend,
                                      lambda data: None)
        log_write(test_build(), self.id(), log=outcome.log, stdout=out, stderr=err)
        if ends:
            self.assertIs(outcome.end, machine.End.POWEROFF, outcome.describe())
            return out.decode(), outcome.log.decode(errors="replace")
        status, trouble = session.verdict(outcome)
        self.assertIsNone(trouble, trouble)
        self.assertEqual(status, 0, err.decode(errors="replace"))
        return out.decode(), outcome.log.decode(errors="replace")

    def shell(self, script, **options):
        return self.run_guest(["/bin/busybox", "sh", "-c", script], **options)

    def check_calls(self, calls, disks, **options):
        """Do file calls, given as lines "call argument result", and compare; the kernel log."""
        expected = [line.strip() for line in calls.strip().splitlines()]
        words = [word for line in expected for word in line.split()[:-1]]
        out, log = self.run_guest([CALLS, *words], disks=disks, **options)
        self.assertEqual([" ".join(line.split()) for line in out.splitlines()], expected)
        return log


def faulty(image, *errors, **options):
    return machine.FaultyDisk(image, list(errors), options=options)


def faulty_until(image, event, count):
    """All fails up to the event of this number."""
    numbers = range(1, count + 1)
    return machine.FaultyDisk(image, [{"event": event, "state": i, "once": "on"} for i in numbers],
                              [{"event": event, "state": i, "new_state": i + 1} for i in numbers])


def faulty_after(image, event, count):
    """All fails from the event of this number on."""
    steps = [{"event": event, "state": i, "new_state": i + 1} for i in range(1, count)]
    return machine.FaultyDisk(image, [{"event": event, "state": count}], steps)
