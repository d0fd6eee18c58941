#!/usr/bin/env python3
"""ext2 images as mke2fs makes them, and as nobody should: what the guest finds on them and leaves."""

import os
import random
import subprocess
import unittest
from pathlib import Path

from guest import Case

CORRUPT_IMAGES = int(os.environ.get("QUIRE_CORRUPT_IMAGES", "9"))
META_END = 120 << 10  # Of an image for corruption: behind it are only contents of files.

# Everything that can be done to a tree whose file system cannot be trusted. Sizes may be gigabytes.
TORTURE = """
mkdir /tmp/m
for d in a b d; do
	mount -t ext2 /dev/hd$d /tmp/m || continue
	cd /tmp/m
	ls -laR . | tail -n 1
	find . -type f -size -2000k -exec cat {} + | md5sum
	mkdir copy; find . -type f -size -2000k -exec cp {} copy \;
	for i in 1 2 3 4 5; do mkdir new$i; echo $i > new$i/file; ln new$i/file tree/name$i; done
	mv tree/folder* new1; mv new1 tree; mv -f new2/file tree/long
	for f in $(find . -type f | head -n 40); do echo more >> $f; truncate -s 100000 $f; done
	rm -rf tree copy new3
	dd if=/dev/zero of=full bs=4k; rm full
	cd /; sync; umount /tmp/m
done >/dev/null 2>&1
echo alive
"""


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


class Ext2(Case):
    def make(self, size, *options, name="disk.img"):
        image = self.folder / name
        with open(image, "wb") as file:
            file.truncate(size)
        status, text = run("mke2fs", "-q", "-F", "-t", "ext2", *options, image)
        self.assertEqual(status, 0, text)
        return image

    def make_tree(self):
        """Files of all sizes and kinds."""
        tree = self.folder / "host" / "tree"
        tree.mkdir(parents=True)
        for size in (0, 1, 1023, 1024, 12288, 12289, 300000):
            (tree / f"size{size}").write_bytes(random.Random(size).randbytes(size))
        for i in range(60):
            folder = tree / f"folder{i % 7}" / f"below{i % 3}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"name-{'x' * i}").write_text(f"{i}\n")
        (tree / "short").symlink_to("size1")
        (tree / "long").symlink_to("a/" * 50)
        (tree / "size1").chmod(0o640)
        with open(tree / "sparse", "wb") as file:
            file.seek(400000)
            file.write(b"end")
        return tree

    def check_clean(self, image):
        status, text = run("e2fsck", "-fn", image)
        self.assertEqual(status, 0, text)

    def check_same(self, image, path, tree):
        """The folder of the image is the host's tree."""
        out = self.folder / "dump"
        out.mkdir()
        run("debugfs", "-R", f"rdump {path} {out}", image)
        status, text = run("diff", "-r", "--no-dereference", out / Path(path).name, tree)
        self.assertEqual(status, 0, text)

    def check_copy(self, *options):
        tree = self.make_tree()
        image = self.make(8 << 20, "-d", tree.parent, *options)
        self.shell("cd /mnt && cp -a tree copy && diff -r tree copy && rm -r tree && "
                   "mv copy back && ls -l back/size1 | grep -q rw-r-----", disks=[image])
        self.check_clean(image)
        self.check_same(image, "/back", tree)
        self.assertIn("Filesystem state:         clean\n", run("dumpe2fs", "-h", image)[1])

    def test_small_blocks(self):
        self.check_copy("-b", 1024)

    def test_middle_blocks_and_small_inodes(self):
        self.check_copy("-b", 2048, "-I", 128)

    def test_large_blocks(self):
        self.check_copy("-b", 4096)

    def test_revision_0(self):
        self.check_copy("-r", 0, "-b", 1024)

    def test_without_types_in_entries(self):
        self.check_copy("-O", "^filetype,^sparse_super,^dir_index,^resize_inode,^large_file")

    def test_hash_trees_are_read_and_given_up(self):
        folder = self.folder / "host" / "many"
        folder.mkdir(parents=True)
        for i in range(1000):
            (folder / f"a-name-of-some-length-{i}").touch()
        image = self.make(8 << 20, "-b", 1024, "-d", folder.parent)
        run("e2fsck", "-fyD", image)
        self.assertIn("0x1000", run("debugfs", "-R", "stat /many", image)[1])
        out, _ = self.shell("cd /mnt/many && ls | wc -l && rm *7 && touch $(seq 1 200) && "
                            "ls | wc -l", disks=[image])
        self.assertEqual(out.split(), ["1000", "1100"])
        self.check_clean(image)
        self.assertNotIn("0x1000", run("debugfs", "-R", "stat /many", image)[1])

    def test_unknown_features_are_refused(self):
        image = self.make(8 << 20, "-O", "extent,64bit")
        before = image.read_bytes()
        out, log = self.shell("mount -t ext2 /dev/hda /mnt 2>&1; true", disks=[image])
        self.assertIn("Invalid argument", out)
        self.assertIn("hda: it has features that are not supported", log)
        self.assertEqual(image.read_bytes(), before)

    def test_features_for_writers_only(self):
        image = self.make(8 << 20, "-O", "huge_file")
        before = image.read_bytes()
        out, log = self.shell("touch /mnt/x 2>&1; mount -o remount,rw /mnt 2>&1; "
                              "ls /mnt", disks=[image])
        self.assertEqual(out.count("Read-only"), 2, out)
        self.assertIn("lost+found", out)
        self.assertIn("only allow reading", log)
        self.assertEqual(image.read_bytes(), before)

    def test_attribute_blocks_go_with_their_file(self):
        image = self.make(4 << 20, "-b", 1024, "-I", 128)
        (self.folder / "file").write_text("x")
        run("debugfs", "-w", "-R", f"write {self.folder / 'file'} file", image)
        run("debugfs", "-w", "-R", "ea_set file user.name a-value", image)
        self.check_clean(image)
        self.assertNotIn("File ACL: 0", run("debugfs", "-R", "stat /file", image)[1])
        self.shell("cd /mnt; mv file other; echo >> other; rm other", disks=[image])
        self.check_clean(image)

    def test_corrupt_images_do_no_harm(self):
        good = self.make(2 << 20, "-b", 1024, "-N", 256, "-d", self.make_tree().parent)
        seed = int(os.environ.get("SEED", "1"))
        for first in range(0, CORRUPT_IMAGES, 3):
            disks = [self.corrupt(good, seed + first + i) for i in range(3)]
            out, log = self.shell(TORTURE, disks=disks, append=["mnt=none"], mem="32M")
            self.assertEqual(out, "alive\n", f"seed {seed + first}\n{log}")

    def corrupt(self, good, seed):
        """Some bytes of metadata, and some words that look like block numbers, are others."""
        rng = random.Random(seed)
        data = bytearray(good.read_bytes())
        for _ in range(rng.choice((1, 5, 20, 100, 1000))):
            at = rng.randrange(1024 if rng.randrange(4) == 0 else 3072, META_END)
            if rng.randrange(2):
                data[at] = rng.randrange(256)
            else:
                at &= ~3
                data[at:at + 4] = rng.randrange(2100).to_bytes(4, "little")
        return self.image(f"corrupt{seed}.img", bytes(data))


if __name__ == "__main__":
    unittest.main(verbosity=2)
