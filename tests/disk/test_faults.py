#!/usr/bin/env python3
"""Sectors that cannot be read or written: an error for who asked, and for nobody else."""

import re
import struct
import subprocess
import unittest

from guest import CALLS, PAGE, SECTOR, Case, faulty, faulty_after, faulty_until, test_build

BAD_PAGE = 10
BAD_SECTOR = BAD_PAGE * PAGE // SECTOR + 3
DRIVER_TRIES = 3  # drivers/ide.c
BAD_MARK = b"BAD-ELF"


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

    def test_unreadable_sector_of_a_cd(self):
        disk = faulty(self.pages_image(), reads(BAD_SECTOR))
        drive = ["-drive", f"{disk.drive_options()},if=ide,index=3,media=cdrom,readonly=on"]
        log = self.check_calls(f"""open /dev/hdd OK
                                   read {(BAD_PAGE - 1) * PAGE} OK
                                   read {BAD_PAGE * PAGE} EIO
                                   read {(BAD_PAGE + 1) * PAGE} OK""", disks=[], extra=drive)
        self.assertRegex(log, "block: hdd: read of .* failed")

    def test_write_error_that_passes(self):
        """It lasts for as many tries as the driver makes: the page is kept, and written by the next
        fsync."""
        image = self.pages_image()
        self.check_calls("open /dev/hda OK\nwrite 0 OK\nfsync EIO\nread 0 OK\nfsync OK",
                         disks=[faulty_until(image, "write_aio", DRIVER_TRIES)])
        self.assertEqual(image.read_bytes()[:PAGE], b"w" * PAGE)

    def test_error_of_the_flusher_is_told_once(self):
        out, _ = self.shell("echo 1 >/proc/sys/vm/dirty_expire_centisecs;"
                            "echo 1 >/proc/sys/vm/dirty_writeback_centisecs; exec 3<>/dev/hda;"
                            "printf hello >&3; until dmesg | grep -q 'write of'; do :; done;"
                            f"{CALLS} open /dev/hda fsync fsync",
                            disks=[faulty_until(self.pages_image(), "write_aio", DRIVER_TRIES)])
        self.assertEqual(out.split()[-4:], ["fsync", "EIO", "fsync", "OK"])

    def test_failed_flush(self):
        log = self.check_calls("open /dev/hda OK\nwrite 0 OK\nfsync EIO\nread 0 OK",
                               disks=[faulty(self.pages_image(), {"iotype": "flush"})])
        self.assertIn("block: hda: flush", log)


class Reading:
    """Files, folders and programs of a file system on a disk with an unreadable sector."""

    def make_image(self, folder, path):
        raise NotImplementedError

    def setUp(self):
        super().setUp()
        root = self.folder / "root"
        (root / "many").mkdir(parents=True)
        (root / "few").mkdir()
        for i in range(500):
            (root / f"many/file-{i:03}-with-a-name-of-some-length").write_text("x")
        (root / "few/one").write_text("1")
        (root / "pages").write_bytes(b"".join(b"%4d" % i * (PAGE // 4) for i in range(64)))
        self.program = (test_build() / "tests" / "disk" / "disk_file_calls").read_bytes()
        for name, mark in ("good", b"GOOD"), ("bad", BAD_MARK):
            # Nobody reads the last bytes of e_ident, which tell the copies apart.
            (root / name).write_bytes(self.program[:16 - len(mark)] + mark + self.program[16:])
            (root / name).chmod(0o755)
        self.file = self.folder / "fs.img"
        self.make_image(root, self.file)
        self.bytes = self.file.read_bytes()

    def disk(self, offset):
        """The disk with an unreadable sector at this offset."""
        return faulty(self.file, reads(offset // SECTOR))

    def program_offset(self):
        """Where the program "bad" begins on the disk."""
        return self.bytes.index(BAD_MARK) // SECTOR * SECTOR

    def test_file(self):
        bad = self.bytes.index(b"%4d" % BAD_PAGE * 256)
        self.check_calls(f"""open /mnt/pages OK
                             read {(BAD_PAGE - 1) * PAGE} OK
                             read {BAD_PAGE * PAGE} EIO
                             read {(BAD_PAGE + 1) * PAGE} OK
                             map {BAD_PAGE * PAGE} SIGBUS
                             map {(BAD_PAGE + 1) * PAGE} OK
                             list /mnt/many OK""", disks=[self.disk(bad)])

    def test_folder(self):
        self.check_calls("""list /mnt/few OK
                            list /mnt/many EIO
                            stat /mnt/many/no-such-file EIO
                            stat /mnt/few/one OK
                            stat /mnt/few/two ENOENT
                            run /mnt/good OK""", disks=[self.disk(self.bytes.index(b"file-250"))])

    def test_head_of_a_program(self):
        self.check_calls("run /mnt/bad EIO\nrun /mnt/good OK",
                         disks=[self.disk(self.program_offset())])

    def test_text_of_a_program(self):
        """The page where it starts: the program has begun by then, and dies."""
        entry, = struct.unpack_from("<I", self.program, 24)
        for at in range(*struct.unpack_from("<I", self.program, 28), 4096, 32):
            kind, start, va, _, size = struct.unpack_from("<5I", self.program, at)
            if kind == 1 and va <= entry < va + size:
                break
        block = (start + entry - va) // 1024 * 1024
        bad = self.bytes.index(self.program[block:block + 1024], self.program_offset())
        self.check_calls("run /mnt/bad SIGBUS\nrun /mnt/good OK", disks=[self.disk(bad)])


class Iso9660(Reading, Case):
    def make_image(self, folder, path):
        subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-r", "-o", path, folder],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


class Ext2(Reading, Case):
    BLOCK = 4096

    def make_image(self, folder, path):
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext2", "-b", str(self.BLOCK), "-d", folder,
                        path, "8M"], check=True)

    def debugfs(self, command, pattern):
        """The number that the pattern finds in what debugfs says, as a block's first sector."""
        out = subprocess.run(["debugfs", "-R", command, self.file], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, check=True).stdout
        return int(re.search(pattern, out)[1]) * self.BLOCK // SECTOR

    def check_disk(self):
        """Whatever failed, the disk is whole after power-off."""
        done = subprocess.run(["e2fsck", "-fn", self.file], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def inode_sector(self, path):
        return self.debugfs(f"imap {path}", r"located at block (\d+)")

    def test_inode(self):
        """One in a page of the inode table without those that are needed to get there."""
        def page(path):
            return self.inode_sector(path) * SECTOR // PAGE
        needed = {page(path) for path in ("/", "/many", "/few", "/few/one")}
        names = (f"file-{i:03}-with-a-name-of-some-length" for i in range(500))
        name = next(name for name in names if page(f"/many/{name}") not in needed)
        self.check_calls(f"stat /mnt/many/{name} EIO\nstat /mnt/few/one OK\nlist /mnt/many OK",
                         disks=[faulty(self.file, reads(self.inode_sector(f"/many/{name}")))])

    def test_indirect_block(self):
        bad = self.debugfs("stat /pages", r"\(IND\):(\d+)")
        last = 48 * 1024 if self.BLOCK == 4096 else 12 * 1024
        self.check_calls(f"""open /mnt/pages OK
                             read {last - PAGE} OK
                             read {last} EIO
                             map {last} SIGBUS
                             run /mnt/good OK""", disks=[faulty(self.file, reads(bad))])

    def test_unwritable_block_of_a_file(self):
        bad = self.bytes.index(b"%4d" % BAD_PAGE * 256) // SECTOR
        log = self.check_calls(f"""open /mnt/pages OK
                                   write {BAD_PAGE * PAGE} OK
                                   write {(BAD_PAGE + 1) * PAGE} OK
                                   fsync EIO
                                   read {BAD_PAGE * PAGE} OK
                                   open /mnt/few/one OK
                                   write 0 OK
                                   fsync OK""", disks=[faulty(self.file, writes(bad))])
        self.assertRegex(log, "block: hda: write of .* failed")
        self.check_disk()
        self.assertIn(b"w" * PAGE, self.file.read_bytes())

    def test_error_of_the_flusher_waits_for_fsync(self):
        bad = self.bytes.index(b"%4d" % BAD_PAGE * 256) // SECTOR
        out, _ = self.shell("echo 1 >/proc/sys/vm/dirty_expire_centisecs;"
                            "echo 1 >/proc/sys/vm/dirty_writeback_centisecs;"
                            f"{CALLS} open /mnt/pages write {BAD_PAGE * PAGE};"
                            "until dmesg | grep -q 'write of'; do :; done;"
                            f"{CALLS} open /mnt/pages fsync",
                            disks=[faulty(self.file, writes(bad))])
        self.assertEqual(out.split()[-2:], ["fsync", "EIO"])

    def test_unwritable_metadata(self):
        bad = self.inode_sector("/few/one")
        self.check_calls("""open /mnt/few/one OK
                            write 0 OK
                            fsync EIO
                            read 0 OK
                            list /mnt/many OK""", disks=[faulty(self.file, writes(bad))])


class Ext2SmallBlocks(Ext2):
    BLOCK = 1024


if __name__ == "__main__":
    unittest.main(verbosity=2)
