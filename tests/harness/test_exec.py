#!/usr/bin/env python3
"""What ./quire exec promises about output, status, files and time."""

import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from common import ROOT


def execute(*words):
    return subprocess.run([ROOT / "quire", "exec", *words], stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def shell(script, *options):
    return execute(*options, "--", "/bin/busybox", "sh", "-c", script)


class Exec(unittest.TestCase):
    def test_streams_and_status(self):
        done = shell("echo out; echo err >&2; exit 7")
        self.assertEqual((done.stdout, done.stderr, done.returncode), (b"out\n", b"err\n", 7))

    def test_output_is_raw(self):
        done = shell(r"for i in 0 1 2 3; do for j in 0 1 2 3 4 5 6 7; do for k in 0 1 2 3 4 5 6 7; "
                     r"do printf \\$i$j$k; done; done; done")
        self.assertEqual(done.stdout, bytes(range(256)))

    def test_nothing_is_lost(self):
        done = shell("yes 0123456789 | head -n 20000")
        self.assertEqual(done.stdout, b"0123456789\n" * 20000)

    def test_death_by_signal(self):
        self.assertEqual(shell("kill -SEGV $$").returncode, 128 + 11)

    def test_program_not_there(self):
        done = execute("--", "/no/such/program")
        self.assertEqual(done.returncode, 127)
        self.assertIn(b"/no/such/program", done.stderr)

    def test_program_of_another_machine(self):
        done = execute("--put", "/bin/true", "--", "/put/true")
        self.assertEqual(done.returncode, 126)
        self.assertIn(b"no program for Linux i386", done.stderr)

    def test_program_without_its_loader(self):
        with tempfile.NamedTemporaryFile("w") as script:
            script.write("#!/no/such/loader\n")
            script.flush()
            Path(script.name).chmod(0o755)
            done = execute("--put", f"{script.name}:/put/it", "--", "/put/it")
        self.assertEqual(done.returncode, 127)
        self.assertIn(b"loader or interpreter that it names is not here", done.stderr)

    def test_time_out(self):
        started = time.monotonic()
        self.assertEqual(shell("sleep 100", "--timeout", "5").returncode, 124)
        self.assertLess(time.monotonic() - started, 20)

    def test_background_jobs_do_not_hold_the_end(self):
        done = shell("sleep 100 & echo done", "--timeout", "30")
        self.assertEqual((done.stdout, done.returncode), (b"done\n", 0))

    def test_arguments_arrive_unchanged(self):
        words = ["a b", "", "$HOME", "*", "c\nd", "ü"]
        done = execute("--", "/bin/busybox", "sh", "-c", 'printf "<%s>" "$@"', "sh", *words)
        self.assertEqual(done.stdout.decode(), "".join(f"<{word}>" for word in words))

    def test_no_terminal(self):
        self.assertEqual(shell("test -t 0 || test -t 1 || test -t 2").returncode, 1)

    def test_kernel_log_only_when_asked(self):
        self.assertEqual(shell("true").stderr, b"")
        self.assertIn(b"quire: exit status 0", shell("true", "-v").stderr)

    def test_panic_is_told(self):
        done = execute("--append", "selftest=panic", "--", "/bin/busybox", "true")
        self.assertEqual(done.returncode, 125)
        self.assertIn(b"PANIC: on purpose", done.stderr)


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, text, mode=0o644):
        path = self.folder / name
        path.write_text(text, encoding="ascii")
        path.chmod(mode)
        return path

    def test_put(self):
        script = self.file("script", "#!/bin/sh\necho $0 $1\n", 0o755)
        done = execute("--put", script, "--", "/put/script", "x")
        self.assertEqual(done.stdout, b"/put/script x\n")

    def test_put_elsewhere(self):
        data = self.file("data", "hello\n")
        done = shell("cat /tmp/d /etc/d", "--put", f"{data}:/tmp/d", "--put", f"{data}:/etc/d")
        self.assertEqual(done.stdout, b"hello\nhello\n")

    def test_put_folder(self):
        self.file("one", "1\n")
        self.file("two", "2\n")
        done = shell("cat /put/f/one /put/f/two", "--put", f"{self.folder}:f")
        self.assertEqual(done.stdout, b"1\n2\n")

    def test_stdin(self):
        data = self.file("data", "b\na\n")
        done = execute("--stdin", data, "--", "/bin/busybox", "sort")
        self.assertEqual(done.stdout, b"a\nb\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
