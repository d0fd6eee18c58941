#!/usr/bin/env python3
"""Disks on both channels, their partitions, and drives without a medium."""

import struct
import unittest

from guest import PAGE, SECTOR, Case

EXTENDED, LINUX = 0x05, 0x83


def table(*entries):
    """A sector with a partition table; entries are (type, start, sectors)."""
    rows = b"".join(struct.pack("<B3sB3sII", 0, b"", kind, b"", start, sectors)
                    for kind, start, sectors in entries)
    return bytes(446) + rows.ljust(64, b"\0") + b"\x55\xaa"


def partitioned():
    """A disk of 2 MiB: hda1, an extended hda2 that holds hda5 and hda6, and hda3."""
    disk = bytearray(4096 * SECTOR)
    tables = {0: table((LINUX, 64, 512), (EXTENDED, 1024, 2048), (LINUX, 3072, 1024)),
              1024: table((LINUX, 8, 504), (EXTENDED, 512, 1024)),
              1536: table((LINUX, 16, 1000))}
    for sector, data in tables.items():
        disk[sector * SECTOR:(sector + 1) * SECTOR] = data
    for number, start in enumerate((64, 3072, 1032, 1552)):
        disk[start * SECTOR:start * SECTOR + 4] = b"AAAA BBBB CCCC DDDD".split()[number]
    return bytes(disk)


class Disks(Case):
    def test_partitions_are_found(self):
        out, _ = self.shell("tail -n +3 /proc/partitions; head -c 4 /dev/hda1; head -c 4 /dev/hda3;"
                            "head -c 4 /dev/hda5; head -c 4 /dev/hda6",
                            disks=[self.image("disk.img", partitioned())])
        rows = [line.split() for line in out.splitlines()]
        self.assertEqual(rows[:6], [["3", "0", "2048", "hda"], ["3", "1", "256", "hda1"],
                                    ["3", "2", "1024", "hda2"], ["3", "3", "512", "hda3"],
                                    ["3", "5", "252", "hda5"], ["3", "6", "500", "hda6"]])
        self.assertEqual(rows[-1], ["AAAABBBBCCCCDDDD"])

    def test_writes_stay_inside_their_partition(self):
        before = partitioned()
        image = self.image("disk.img", before)
        self.shell("yes | dd of=/dev/hda5 bs=4k 2>/dev/null; true", disks=[image])
        after = image.read_bytes()
        start, end = 1032 * SECTOR, 1536 * SECTOR
        self.assertEqual(after[start:end], b"y\n" * ((end - start) // 2))
        self.assertEqual(after[:start] + after[end:], before[:start] + before[end:])

    def test_a_disk_in_use_is_not_had_by_its_parts(self):
        out, _ = self.shell("for d in hda hda1 hda3; do mkswap /dev/$d >/dev/null; done;"
                            "on() { swapon /dev/$1 2>/dev/null && echo $1; };"
                            "on hda1; on hda; on hda3; swapoff -a; on hda; on hda1; on hda3; true",
                            disks=[self.image("disk.img", partitioned())])
        self.assertEqual(out.split(), ["hda1", "hda3", "hda"])

    def test_three_disks_at_once(self):
        images = [self.image(f"{name}.img", bytes(1 << 20)) for name in "abd"]
        self.shell("for d in a b d; do for i in 0 1 2 3; do "
                   "yes $d$i | dd of=/dev/hd$d bs=64k seek=$((i * 4)) count=4 iflag=fullblock "
                   "conv=notrunc 2>/dev/null & done; done; wait", disks=images)
        for name, image in zip("abd", images):
            self.assertEqual(image.read_bytes(), b"".join(
                (b"%s%d\n" % (name.encode(), i) * 87382)[:256 << 10] for i in range(4)))

    def test_figures_count_the_transfers(self):
        out, _ = self.shell("dd if=/dev/hda1 of=/dev/null bs=4k count=8 2>/dev/null;"
                            "dd if=/dev/zero of=/dev/hda1 bs=4k count=8 conv=fsync 2>/dev/null;"
                            "grep hda1 /proc/diskstats",
                            disks=[self.image("disk.img", partitioned())])
        fields = [int(word) for word in out.split()[3:]]
        self.assertGreaterEqual(fields[2], 64)
        self.assertEqual((len(fields), fields[6], fields[8]), (17, 64, 0))
        self.assertGreater(fields[15], 0)  # Flushes.

    def test_no_disk(self):
        self.check_calls("stat /dev/hda ENOENT\nstat /dev/hdb ENOENT", disks=[])

    def test_empty_drive(self):
        drive = ["-drive", "if=ide,media=cdrom,index=3"]
        out, log = self.shell("/tests/calls open /dev/hdd; mount -t iso9660 /dev/hdd /mnt 2>&1; "
                              "grep -c hdd /proc/partitions; true", extra=drive)
        self.assertEqual(out.splitlines()[0], "open /dev/hdd ENOMEDIUM")
        self.assertIn("No medium", out.splitlines()[1])
        self.assertEqual(out.splitlines()[2], "0")
        self.assertIn("no medium", log)

    def test_pio_reads_and_writes(self):
        image = self.pages_image()
        out, log = self.shell("md5sum < /dev/hda; yes | dd of=/dev/hda bs=4k count=3 "
                              "iflag=fullblock 2>/dev/null", disks=[image], append=["ide=pio"])
        self.assertIn("PIO", log)
        self.assertEqual(image.read_bytes(), b"y\n" * (3 * PAGE // 2) +
                         b"".join(bytes([i]) * PAGE for i in range(3, 64)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
