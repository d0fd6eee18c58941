#!/usr/bin/env python3
"""When dirty pages reach the disk: by age, by number, when asked, and at the end."""

import subprocess
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


class Ext2(Case):
    """Files of an ext2 disk."""

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk.img"
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext2", self.disk, "16M"],
                       stdout=subprocess.DEVNULL, check=True)

    def work(self, script, **options):
        out, _ = self.shell("cd /mnt\n" + FUNCTIONS.replace("exec 3<>/dev/hda", "") + script,
                            disks=[self.disk], **options)
        self.check_disk()
        return out.split()

    def check_disk(self):
        done = subprocess.run(["e2fsck", "-fn", self.disk], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("not cleanly", done.stdout)

    def contents(self, name):
        return subprocess.run(["debugfs", "-R", f"cat {name}", self.disk], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def test_by_age(self):
        self.work("""
            sync
            echo 20 >/proc/sys/vm/dirty_expire_centisecs
            echo 10 >/proc/sys/vm/dirty_writeback_centisecs
            exec 3>file; printf hello >&3; while [ $(dirty) != 0 ]; do :; done""")
        self.assertEqual(self.contents("file"), b"hello")

    def test_power_off_with_open_files(self):
        """One that is to stay, and one that is deleted but still in use."""
        self.shell("cd /mnt; exec 3>stays 4>goes; yes | head -c 1000000 >&3;"
                   "yes | head -c 1000000 >&4; rm goes; poweroff -f", disks=[self.disk], ends=True)
        self.assertEqual(self.contents("stays"), b"y\n" * 500000)
        subprocess.run(["e2fsck", "-fp", self.disk], stdout=subprocess.DEVNULL, check=False)
        self.assertEqual(self.contents("stays"), b"y\n" * 500000)

    def test_end_while_processes_write(self):
        """init ends them first."""
        self.work("""
            for i in 1 2 3; do
                (while :; do yes | head -c 300000 >f$i; mv f$i g$i; mkdir -p d$i; rmdir d$i; done) &
            done
            sleep 2""")

    def test_limits_hold(self):
        self.assertEqual(self.work("""
            i=0; while [ $i -lt 80 ]; do
                dd if=/dev/zero of=f$((i % 20)) bs=128k count=2 2>/dev/null
                [ $(dirty) -lt 4800 ] || { dirty; break; }
                i=$((i + 1)); done; echo $i
            while [ $(dirty) -gt 2400 ]; do :; done
            """, mem="24M"), ["80"])

    def test_limits_hold_for_mappings(self):
        out = self.work("dd if=/dev/zero of=f bs=64k count=128 2>/dev/null; sync;"
                        "/tests/calls open f mapwrite $(seq -s ' mapwrite ' 0 4096 8388607) |"
                        "grep -c OK; dirty", mem="24M")
        self.assertEqual(out[0], "2049")
        self.assertLess(int(out[1]), 4800)

    def test_deleted_is_not_written(self):
        self.assertLess(int(self.work("sync; a=$(written); dd if=/dev/zero of=f bs=64k count=40 "
                                      "2>/dev/null; rm f; sync; echo $(($(written) - a))")[0]), 200)

    def test_synchronous_writes(self):
        """One at a time, and the drive's cache after each."""
        out = self.work("sync; >f; b=$(flushes 0); a=$(written); /tests/calls opensync f write 0 "
                        "write 4096 write 0 >/dev/null; flushes $b; echo $(($(written) - a))")
        self.assertGreaterEqual(int(out[0]), 3)
        self.assertGreaterEqual(int(out[1]), 24)


if __name__ == "__main__":
    unittest.main(verbosity=2)
