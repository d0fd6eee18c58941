#!/usr/bin/env python3
"""What a person at a terminal sees of ./quire run: keys that edit, interrupt, stop and end."""

import os
import signal
import unittest

from terminal import PROMPT, Terminal


class Interactive(unittest.TestCase):
    def setUp(self):
        self.terminal = Terminal(rows=31, columns=97)
        self.addCleanup(self.terminal.close)
        self.terminal.expect(PROMPT)

    def start(self, command):
        """Run a program in the foreground and wait until it is the one that gets the signals.

        The shell forgets a ^C that comes between its fork and exec, on every system.
        """
        self.terminal.type(f"sh -c 'echo run\"\"ning; exec {command}'\r")
        self.terminal.expect("running")

    def test_interrupt_kills_the_foreground(self):
        self.start("sleep 100")
        self.terminal.type("\x03")
        self.terminal.expect("^C")
        self.terminal.expect(PROMPT)
        self.assertIn("status 130", self.terminal.command("echo status $?"))

    def stop(self):
        self.terminal.type("\x1a")
        self.terminal.expect("^Z")
        self.terminal.expect("Stopped")
        self.terminal.expect(PROMPT)

    def test_stopped_job_goes_on_in_the_background(self):
        self.start("sleep 100")
        self.stop()
        self.assertIn("Stopped", self.terminal.command("jobs"))
        self.terminal.command("bg")
        self.assertIn("Running", self.terminal.command("jobs"))

    def test_stopped_job_goes_on_in_the_foreground(self):
        self.start("cat")
        self.stop()
        self.terminal.type("fg\r")
        self.terminal.expect("exec cat")  # The shell tells what goes on.
        self.terminal.type("over\r")
        self.terminal.expect("over")  # The echo.
        self.terminal.expect("over")  # The cat.
        self.terminal.type("\x03")
        self.terminal.expect(PROMPT)
        self.assertNotIn("cat", self.terminal.command("jobs"))

    def test_terminal_is_told_of(self):
        self.assertIn("rows 31; columns 97", self.terminal.command("stty -a"))
        self.assertIn("vt100", self.terminal.command("echo $TERM"))

    def test_lines_can_be_edited(self):
        self.terminal.type("ehco")
        self.terminal.type("\x7f" * 3 + "cho ed''ited\r")
        self.terminal.expect("edited")
        self.terminal.expect(PROMPT)
        self.terminal.type("\x1b[A\r")  # The line before, from the history.
        self.terminal.expect("edited")

    def test_editor_takes_the_screen_and_leaves(self):
        self.terminal.type("vi /tmp/file\r")
        self.terminal.expect("/tmp/file 1/1")
        self.terminal.type("itext of a file")
        self.terminal.expect("text of a file")
        self.terminal.type("\x1b")
        self.terminal.expect("[Modified]")
        self.terminal.type(":wq\r")
        self.terminal.expect(PROMPT)
        self.assertIn("text of a file", self.terminal.command("cat /tmp/file"))

    def test_exit_is_success(self):
        self.terminal.type("exit\r")
        self.assertEqual(self.terminal.status(), 0)

    def test_end_of_input_is_exit(self):
        self.terminal.type("\x04")
        self.assertEqual(self.terminal.status(), 0)

    def test_killed_machine_leaves_the_terminal_as_it_was(self):
        self.assertFalse(self.terminal.echoes())
        os.kill(self.terminal.pid, signal.SIGTERM)
        self.assertNotEqual(self.terminal.status(), 0)
        self.assertTrue(self.terminal.echoes())


if __name__ == "__main__":
    unittest.main(verbosity=2)
