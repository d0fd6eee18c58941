#!/usr/bin/env python3
"""Sectors that cannot be read or written: an error for who asked, and for nobody else."""

import unittest

from guest import PAGE, SECTOR, Case, faulty, faulty_after

BAD_PAGE = 10
BAD_SECTOR = BAD_PAGE * PAGE // SECTOR + 3


def reads(sector, **more):
    return {"iotype": "read", "sector": sector, **more}


def writes(sector, **more):
    return {"iotype": "write", "sector": sector, **more}


class Device(Case):
    """The disk itself as a file."""

    def test_unreadable_sector(self, append=()):
        log = self.check_calls(f"""open /dev/hda OK
                                   read {(BAD_PAGE - 1) * PAGE} OK
                                   read {BAD_PAGE * PAGE} EIO
                                   read {(BAD_PAGE + 1) * PAGE} OK
                                   map {BAD_PAGE * PAGE} SIGBUS
                                   map {(BAD_PAGE + 1) * PAGE} OK""",
                               disks=[faulty(self.pages_image(), reads(BAD_SECTOR))],
                               append=append)
        self.assertRegex(log, "block: hda: read of .* failed")

    def test_unreadable_sector_by_pio(self):
        self.test_unreadable_sector(["ide=pio"])

    def test_error_that_passes(self):
        """A read that fails once is repeated, and nobody hears of it."""
        self.check_calls(f"open /dev/hda OK\nread {BAD_PAGE * PAGE} OK", disks=[faulty(
            self.pages_image(), {"event": "read_aio", "sector": BAD_SECTOR, "once": "on"})])

    def test_everything_fails_from_the_nth_read_on(self):
        disk = faulty_after(self.image("disk.img", bytes(4 << 20)), "read_aio", 20)
        out, _ = self.shell("i=0; while dd if=/dev/hda bs=64k skip=$i count=1 2>/dev/null | "
                            "cmp -s - /tests/zero; do i=$((i + 1)); done; echo $i; "
                            "cat /bin/busybox | wc -c", disks=[disk],
                            put=[f"{self.image('zero', bytes(64 << 10))}:/tests/zero"])
        self.assertGreater(int(out.splitlines()[0]), 0)
        self.assertLess(int(out.splitlines()[0]), 20)

    def test_unwritable_sector(self, append=()):
        image = self.pages_image()
        log = self.check_calls(f"""open /dev/hda OK
                                   write {BAD_PAGE * PAGE} OK
                                   write {(BAD_PAGE + 1) * PAGE} OK
                                   fsync EIO
                                   read {BAD_PAGE * PAGE} OK""",
                               disks=[faulty(image, writes(BAD_SECTOR))], append=append)
        self.assertRegex(log, "block: hda: write of .* failed")
        page = image.read_bytes()[(BAD_PAGE + 1) * PAGE:(BAD_PAGE + 2) * PAGE]
        self.assertEqual(page, b"w" * PAGE)

    def test_unwritable_sector_by_pio(self):
        self.test_unwritable_sector(["ide=pio"])

    def test_failed_flush(self):
        log = self.check_calls("open /dev/hda OK\nwrite 0 OK\nfsync EIO\nread 0 OK",
                               disks=[faulty(self.pages_image(), {"iotype": "flush"})])
        self.assertIn("block: hda: flush", log)


if __name__ == "__main__":
    unittest.main(verbosity=2)
