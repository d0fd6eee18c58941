"""A person at a terminal: ./quire run, what is typed, and what is seen."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from common import ROOT

SECONDS = 30
PROMPT = "~ # "


class Terminal:
    """./quire COMMAND with a terminal of its own, as a person has it."""

    def __init__(self, rows, columns, command="run"):
        self.screen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Here and not by the parent: ./quire must not start before.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.environ["TERM"] = "vt100"
            os.execv(ROOT / "quire", ["quire", command])

    def type(self, text):
        os.write(self.fd, text.encode())

    def _read(self, seconds):
        """What came in the next seconds, or b"" at the end of it all."""
        if not select.select([self.fd], [], [], max(seconds, 0))[0]:
            raise AssertionError(f"nothing comes any more after {self.screen!r}")
        try:
            return os.read(self.fd, 4096)
        except OSError:  # So Linux tells that nobody has the other side open.
            return b""

    def expect(self, text, seconds=SECONDS):
        """Wait until text is on the screen; what came before it, which is then forgotten."""
        end = time.monotonic() + seconds
        while text.encode() not in self.screen:
            data = self._read(end - time.monotonic())
            if not data:
                raise AssertionError(f"it ended without {text!r}: {self.screen!r}")
            self.screen += data
        before, _, self.screen = self.screen.partition(text.encode())
        return before.decode(errors="replace")

    def command(self, text):
        """Type a command at a prompt and wait for the next prompt; what it printed."""
        self.type(text + "\r")
        self.expect("\n")
        return self.expect(PROMPT)

    def echoes(self):
        """Does the terminal, as it is set now, show what is typed?"""
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def status(self):
        """Wait for the end; ./quire's exit status."""
        while self._read(SECONDS):
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.pid = None
        return status

    def close(self):
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
