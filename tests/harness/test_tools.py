#!/usr/bin/env python3
"""The parts of ./quire that need no machine."""

import contextlib
import functools
import io
import re
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from common import ROOT

import host
import image
import machine
import run
import session
import web
from host import QuireError


class DebugExit(unittest.TestCase):
    def test_codes_are_those_of_the_kernel(self):
        header = (ROOT / "drivers" / "debugexit.h").read_text(encoding="utf-8")
        codes = dict(re.findall(r"#define (EXIT_\w+) (0x[0-9A-Fa-f]+)", header))
        self.assertEqual({name: int(code, 16) for name, code in codes.items()},
                         {name: value for name, value in vars(machine).items()
                          if name.startswith("EXIT_")})

    def test_ends_are_told_apart(self):
        ends = [machine.end_of(status) for status in (33, 35, 37, 39, 0, 1)]
        self.assertEqual(len(set(ends)), len(ends))


class Sizes(unittest.TestCase):
    def test_units(self):
        self.assertEqual(host.size_bytes("4096"), 4096)
        self.assertEqual(host.size_bytes("64K"), 64 << 10)
        self.assertEqual(host.size_bytes("256m"), 256 << 20)
        self.assertEqual(host.size_bytes("1G"), 1 << 30)

    def test_nonsense_is_refused(self):
        for text in ("", "M", "0", "-1M", "1.5G", "64KB", "lots"):
            with self.assertRaises(ValueError, msg=text):
                host.size_bytes(text)


class Put(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = Path(self.folder.name, "a:b=c")
        self.file.write_text("x", encoding="ascii")

    def test_name_is_kept(self):
        self.assertEqual(str(session.guest_path(str(self.file))[1]), "/put/a:b=c")

    def test_guest_path(self):
        for guest, path in (("/etc/x", "/etc/x"), ("x/y", "/put/x/y")):
            source, got = session.guest_path(f"{self.file}:{guest}")
            self.assertEqual((source, str(got)), (self.file, path))

    def test_files_for_mounted_folders_lie_aside(self):
        options = session.Options(put=[f"{self.file}:/tmp/x", f"{self.file}:/tmpx"])
        self.assertEqual([str(guest) for guest, _ in session.put_grafts(options)],
                         ["/.overlay/tmp/x", "/tmpx"])

    def test_files_for_a_root_disk_lie_aside(self):
        options = session.Options(put=[str(self.file), f"{self.file}:/etc/x"], root=True)
        self.assertEqual([str(guest) for guest, _ in session.put_grafts(options)],
                         ["/.overlay/put/a:b=c", "/.overlay/etc/x"])

    def test_a_root_needs_a_disk(self):
        with self.assertRaises(QuireError):
            session.make_machine(session.Options(root=True), Path(self.folder.name), "")

    def test_errors(self):
        for put in ("/no/such/file", f"{self.file}:/../x", "", ":/x"):
            with self.assertRaises(QuireError):
                session.guest_path(put)
        with self.assertRaises(QuireError):
            session.put_grafts(session.Options(put=[f"{self.file}:/x", "/etc/passwd:/x"]))

    def test_image_keeps_names_and_modes(self):
        self.file.chmod(0o755)
        iso = Path(self.folder.name, "x.iso")
        tree = Path(self.folder.name, "tree")
        tree.mkdir()
        options = session.Options(put=[str(self.file)])
        image.make_plain(iso, tree, session.put_grafts(options))
        listing = subprocess.run(["xorriso", "-indev", iso, "-lsl", "/put"], check=True, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        self.assertRegex(listing, r"(?m)^-r-xr-xr-x .* 0 +0 +1 .*'a:b=c'$")


class Ktap(unittest.TestCase):
    GOOD = b"[    0.1] KTAP version 1\n[    0.1] 1..1\n[    0.1]     ok 1 a\n[    0.1] ok 1 pmm\n"

    def test_pass(self):
        self.assertTrue(run.ktap_passed(self.GOOD, "pmm"))

    def test_another_suite_is_no_pass(self):
        self.assertFalse(run.ktap_passed(self.GOOD, "vmm"))

    def test_failed_case(self):
        self.assertFalse(run.ktap_passed(self.GOOD.replace(b"    ok 1 a", b"    not ok 1 a"), "pmm"))

    def test_silence_is_no_pass(self):
        self.assertFalse(run.ktap_passed(b"", "pmm"))


class Pool(unittest.TestCase):
    def test_no_job_begins_after_a_failure(self):
        begun = []

        def job(number):
            begun.append(number)
            time.sleep(0.01)
            raise QuireError("no")

        with self.assertRaises(QuireError), host.worker_pool(1) as pool:
            for done in [pool.submit(job, number) for number in range(100)]:
                done.result()
        self.assertLess(len(begun), 50)


class Server(unittest.TestCase):
    def test_browser_that_goes_away_is_no_trouble(self):
        said = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(said):
            (Path(folder) / "large").write_bytes(bytes(1 << 24))
            with web.Server(("127.0.0.1", 0), functools.partial(web.Handler, directory=folder)) as server:
                thread = threading.Thread(target=server.handle_request)
                thread.start()
                with socket.create_connection(server.server_address) as browser:
                    browser.sendall(b"GET /large HTTP/1.0\r\n\r\n")
                    browser.recv(1)
                thread.join()
        self.assertEqual(said.getvalue(), "")


class Layers(unittest.TestCase):
    """tests/layers on a tree of its own with one include."""

    def check(self, source, target):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name in (source, target):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / target).touch()
            (root / source).write_text(f'#include "{target}"\n', encoding="ascii")
            done = subprocess.run([ROOT / "tests" / "layers", "--root", root], check=False,
                                  stdout=subprocess.PIPE, text=True)
        return done.returncode, done.stdout

    def test_down_is_fine(self):
        for source, target in (("fs/a.c", "mm/b.h"), ("mm/a.c", "arch/x86/mmu.h"),
                               ("arch/x86/trap.c", "kernel/proc.h"), ("mm/a.c", "mm/b.h")):
            self.assertEqual(self.check(source, target), (0, ""))

    def test_up_is_told_with_its_line(self):
        for source, target in (("mm/a.c", "fs/b.h"), ("kernel/sync/a.c", "mm/b.h"),
                               ("arch/x86/mmu.c", "mm/b.h"), ("drivers/a.c", "kernel/proc.h")):
            status, text = self.check(source, target)
            self.assertEqual(status, 1)
            self.assertTrue(text.startswith(f"{source}:1: includes {target}"), text)


class Command(unittest.TestCase):
    """./quire refuses what it does not know with a sentence, and never with a traceback."""

    def refuse(self, *words):
        done = subprocess.run([ROOT / "quire", *words], stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.stdout, "")
        self.assertNotIn("Traceback", done.stderr)
        self.assertTrue(done.stderr.startswith("quire: "), done.stderr)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_refusals(self):
        self.assertIn("no command 'fly'", self.refuse("fly"))
        self.assertIn("--wings", self.refuse("exec", "--wings", "--", "/bin/true"))
        self.assertIn("not a size", self.refuse("exec", "--mem", "lots", "--", "/bin/true"))
        self.assertIn("no program", self.refuse("exec"))
        self.assertIn("no program", self.refuse("trace"))
        self.assertIn("no folder", self.refuse("trace", "-o", "/no/such/x", "--", "/bin/true"))
        self.assertIn("not a number of events", self.refuse("trace", "--events", "0", "--", "/bin/true"))
        self.assertIn("takes no program", self.refuse("run", "--", "/bin/true"))
        self.assertIn("no lab is called fly", self.refuse("lab-kit", "fly", "/tmp/fly"))
        self.assertIn("lab-kit cow FOLDER", self.refuse("lab-kit", "cow"))
        self.assertIn("a range of frames", self.refuse("lab", "--frames", "5..2"))
        self.assertIn("number from 1", self.refuse("lab", "--jobs", "0"))
        self.assertIn("number from 1", self.refuse("profile", "--top", "-3", "--", "/bin/true"))
        self.assertIn("no folder", self.refuse("map", "--svg", "/no/such/x"))
        self.assertIn("-R fork chooses", self.refuse("test", "fork"))
        self.assertIn("no option of ctest", self.refuse("test", "--no-such"))
        self.assertIn("no folder", self.refuse("bench", "--json", "/no/such/x"))
        self.assertIn("no folder", self.refuse("disk", "/no/such/x", "bash"))
        self.assertIn("PACKAGE", self.refuse("disk", "x.img"))
        self.assertIn("no file", self.refuse("debug", "--script", "/no/such/x", "/bin/true"))
        self.assertIn("a program to record", self.refuse("debug", "--reverse"))
        self.assertIn("one of them", self.refuse("profile"))
        self.assertIn("64 of what", self.refuse("exec", "--mem", "64", "--", "/bin/true"))
        self.assertIn("more than", self.refuse("exec", "--swap", "1024G", "--", "/bin/true"))
        self.assertIn("is a folder", self.refuse("trace", "-o", "/tmp", "--", "/bin/true"))
        self.assertIn("no folder", self.refuse("web", "--out", "/etc/passwd"))
        self.assertIn("no file", self.refuse("lab", "--stdin", "/no/such/x", "--", "/bin/cat"))
        self.assertIn("no file", self.refuse("docs", "/no/such/x.md"))
        self.assertIn("inside of this tree", self.refuse("lab-kit", "cow", str(ROOT / "docs/kit")))
        self.assertIn("/proc/x: No such file", self.refuse("lab-kit", "cow", "/proc/x"))

    def commands(self):
        """All that ./quire --help lists."""
        shown = subprocess.run([ROOT / "quire", "--help"], check=True, text=True, stdout=subprocess.PIPE).stdout
        return re.findall(r"^  ([a-z-]+)  ", shown, re.MULTILINE)

    def test_every_command_has_help(self):
        for command in [(), *zip(self.commands())]:
            done = subprocess.run([ROOT / "quire", *command, "--help"], check=True, text=True,
                                  stdout=subprocess.PIPE)
            self.assertIn(" ".join(["usage: ./quire", *command]), done.stdout)

    def test_every_command_refuses_nonsense(self):
        self.assertGreater(len(self.commands()), 10)
        for command in set(self.commands()) - {"test"}:  # Whose arguments are ctest's.
            self.assertIn("--help says what there is", self.refuse(command, "--wings"))

    def test_readme_knows_every_command(self):
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for command in self.commands():
            self.assertIn(f"./quire {command}", readme)


if __name__ == "__main__":
    unittest.main(verbosity=2)
