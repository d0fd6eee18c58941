#!/usr/bin/env python3
"""./quire debug: it stops at main, its macros tell the truth about a guest that stands still, and in a
recording it finds who wrote an entry, as docs/18-debugging.md shows."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("QUIRE_TEST_BUILD", ROOT / "build" / "debug"))
SUBJECT = BUILD / "tests" / "debug" / "debug_subject"
SECONDS = 120  # The longest takes ten on an idle machine.


def debug(program, *commands, options=(), path=os.environ["PATH"]):
    """What gdb says."""
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        script.write("\n".join(commands))
        script.flush()
        done = subprocess.run([ROOT / "quire", "debug", *options, "--script", script.name, program],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False,
                              env={**os.environ, "PATH": path})
    return done.stdout


class Main(unittest.TestCase):
    def test_of_a_program_at_a_fixed_address(self):
        self.assertIn("main () at", debug(SUBJECT, "print shared"))

    def test_of_a_program_at_any_address(self):
        said = debug(f"{SUBJECT}_pie", "print shared", "info symbol $pc")
        self.assertIn("main () at", said)
        self.assertIn("$1 = 0x0", said)

    def test_without_symbols(self):
        said = debug("/bin/busybox", "x/i $pc")
        self.assertIn("no symbols", said)
        self.assertRegex(said, r"=> 0x[0-9a-f]+:")

    def test_where_qemu_takes_long_to_begin(self):
        """Longer than gdb would wait for a reply by itself."""
        with tempfile.TemporaryDirectory() as folder:
            slow = Path(folder, "qemu-system-i386")
            slow.write_text(f"#!/bin/sh\nsleep 3\nexec {shutil.which(slow.name)} \"$@\"\n")
            slow.chmod(0o755)
            said = debug(SUBJECT, "print shared", path=f"{folder}:{os.environ['PATH']}")
        self.assertIn("main () at", said)

    def test_program_that_is_not_there(self):
        self.assertIn("had not run /no/such", debug("/no/such"))


class Macros(unittest.TestCase):
    """One guest, in which subject.c has called look(); all commands one after the other."""

    @classmethod
    def setUpClass(cls):
        pfn = "python pfn = read_word(pte_address(loaded_directory(), number('shared'))) >> 12"
        cls.said = {}
        commands = ["break subject.c:look", "continue", pfn]
        names = ("tasks", "bt", "vmas 11", "walk shared", "walk swapped 11", "tables 11",
                 "frame {pfn}", "rmap {pfn}", "frame 0xfffffff", "vmas 77", "walk")
        for name in names:
            commands += [f"echo @{name}\\n", "python\ntry:\n\tgdb.execute(f'quire " + name + "')\n"
                         "except gdb.error as error:\n\tprint(error)\nend"]
        commands += ["echo @help\\n", "help quire", "echo @names\\n", "print/x FRAME_DIRTY | PTE_W"]
        for part in debug(SUBJECT, *commands, options=("--swap", "16M")).split("\n@")[1:]:
            name, _, text = part.partition("\n")
            cls.said[name] = text

    def says(self, command, pattern):
        self.assertRegex(self.said[command], re.compile(pattern, re.MULTILINE))

    def test_tasks(self):
        self.says("tasks", r"^ *1 parent +0 PROC_RUNNING init")
        self.says("tasks", r"^ *11 parent +1 PROC_RUNNING debug_subject")
        self.says("tasks", r"^ *12 parent +11 PROC_RUNNING debug_subject")
        self.says("tasks", r"in tty_thread\+\d+ drivers/tty.c:\d+")

    def test_back_traces(self):
        self.says("bt", r"swapout THREAD_SLEEPING\n +context_switch(.*\n)+? +pageout\+\d+ mm/pageout.c")
        self.says("bt", r"init THREAD_SLEEPING_INTERRUPTIBLE\n(.*\n)+? +poll_items\+\d+ (.*\n)+? +sys")
        self.says("bt", r"debug_subject THREAD_RUNNABLE on the CPU")

    def test_areas(self):
        self.says("vmas 11", r"^[0-9a-f]{8}-[0-9a-f]{8} READ\|EXEC\|MAYWRITE 0x")
        self.says("vmas 11", r"READ\|WRITE\|GROWSDOWN\|STACK\|MAYWRITE\|ACCOUNTED anonymous")

    def test_page_tables(self):
        self.says("walk shared", r"^PDE 0x[0-9a-f]{8} frame 0x[0-9a-f]+ P\|W?\|?U\|A")
        self.says("walk shared", r"^PTE 0x[0-9a-f]{8} frame 0x[0-9a-f]+ P\|")
        self.says("walk swapped 11", r"^PTE 0x[0-9a-f]{8} SWAPPED area 0 slot \d+ at 0xc")
        self.says("tables 11", r"^[0-9a-f]{8} table frame 0x[0-9a-f]+ P\|.*, in 2 directories$")
        self.says("tables 11", r"^  [0-9a-f]{8} SWAPPED area 0 slot \d+")

    def test_frames(self):
        self.says("frame {pfn}", r"refs \d+ ANON\|")
        self.says("rmap {pfn}", r"^entry \d+ of table 0x[0-9a-f]+: frame 0x[0-9a-f]+ P\|")
        self.says("rmap {pfn}", r"^ +[0-9a-f]{8} of process 11 debug_subject")
        self.says("rmap {pfn}", r"^ +[0-9a-f]{8} of process 12 debug_subject")

    def test_nonsense_is_refused(self):
        self.says("frame 0xfffffff", r"^There are \d+ frames\.")
        self.says("vmas 77", r"^There is no process 77\.")
        self.says("walk", r"^quire walk VA \[PID\]")

    def test_help(self):
        for name in ("bt", "frame", "main", "rmap", "tables", "tasks", "vmas", "walk",
                     "writer"):
            self.says("help", rf"^quire {name} -- ")

    def test_the_kernels_own_names(self):
        self.says("names", r"^\$\d+ = 0x6")


class Reverse(unittest.TestCase):
    """The example in the book prints what the book says, but for addresses, lines and slots."""

    def told(self, text):
        return [re.sub(r"0x[0-9a-f]+|(?<=:)\d+|(?<=slot )\d+", "N", line)
                for line in text.splitlines() if line.startswith(("PDE", "PTE", "      "))]

    def test_the_books_example(self):
        page = ROOT / "docs" / "18-debugging.md"
        script = (ROOT / "docs" / "writer.gdb").read_text(encoding="utf-8")
        said = debug(SUBJECT, script, options=("--reverse", "--swap", "16M"))
        self.assertEqual(self.told(said), self.told(page.read_text(encoding="utf-8")),
                         f"if this is right: ./quire docs {page.relative_to(ROOT)}\n{said}")

    def test_needs_a_program(self):
        done = subprocess.run([ROOT / "quire", "debug", "--reverse"], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=False)
        self.assertIn("needs a program", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
