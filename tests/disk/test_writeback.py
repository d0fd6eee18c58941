#!/usr/bin/env python3
"""When dirty pages reach the disk: by age, by number, when asked, and at the end."""

import unittest

from guest import Case

MEGABYTE = 1 << 20

# Kilobytes of dirty pages; sectors that were written to hda.
FUNCTIONS = """
dirty() { sed -n 's/^Dirty: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo; }
written() { awk '$3 == "hda" { print $10 }' /proc/diskstats; }
flushes() { awk -v before=$1 '$3 == "hda" { print $19 - before }' /proc/diskstats; }
before=$(flushes 0)
exec 3<>/dev/hda
"""


class Device(Case):
    """The disk itself as a file, which is held open: closing it would write."""

    def setUp(self):
        super().setUp()
        self.disk = self.image("disk.img", bytes(8 * MEGABYTE))

    def work(self, script, **options):
        out, _ = self.shell(FUNCTIONS + script, disks=[self.disk], **options)
        return out.split()

    def test_by_age(self):
        self.assertEqual(self.work("""
            echo 20 >/proc/sys/vm/dirty_expire_centisecs
            echo 10 >/proc/sys/vm/dirty_writeback_centisecs
            printf hello >&3; while [ $(written) = 0 ]; do :; done; dirty; written
            """), ["0", "8"])

    def test_not_before_its_time(self):
        self.assertEqual(self.work("printf hello >&3; sleep 6; dirty; written"), ["4", "0"])

    def test_sync(self):
        self.assertEqual(self.work("printf hello >&3; sync; dirty; written; flushes $before"),
                         ["0", "8", "1"])

    def test_fsync_has_the_drive_write_its_cache(self):
        self.assertEqual(self.work("printf hello >&3; /tests/calls open /dev/hda fsync >/dev/null;"
                                   "written; flushes $before"), ["8", "1"])

    def test_limits_hold(self):
        """Of 24 MiB of memory, not more than a fifth is dirty at any time."""
        self.assertEqual(self.work("""
            i=0; while [ $i -lt 64 ]; do
                dd if=/dev/zero bs=128k count=1 >&3 2>/dev/null
                [ $(dirty) -lt 4800 ] || { dirty; break; }
                i=$((i + 1)); done; echo $i
            while [ $(dirty) -gt 2400 ]; do :; done
            """, mem="24M"), ["64"])

    def test_pages_of_other_files_make_room(self):
        """Caches full of what was read, and dirty pages that nobody writes any more, are no reason
        to refuse memory."""
        other = self.image("other.img", bytes(40 * MEGABYTE))
        self.shell("dd if=/dev/hda of=/dev/null bs=64k && dd if=/dev/zero of=/dev/hdb bs=64k "
                   "count=128 && cat /bin/busybox >/dev/null && sh -c 'true | true'",
                   disks=[other, self.disk], mem="24M")

    def test_power_off(self):
        self.shell("exec 3<>/dev/hda; printf hello >&3; poweroff -f", disks=[self.disk],
                   ends=True)
        self.assertEqual(self.disk.read_bytes()[:5], b"hello")


if __name__ == "__main__":
    unittest.main(verbosity=2)
