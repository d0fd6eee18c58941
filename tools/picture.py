#!/usr/bin/env python3
"""Make the pictures of the README: boot the ISO with its shell on the screen, type, take a screenshot.

    tools/picture.py OUT.png [COMMAND...]

Needs a built tree (./quire run builds one). Each COMMAND is typed at the prompt; without any, a few
that show the memory at work.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import machine
from host import ROOT

COMMANDS = ("cat /proc/self/maps", "head -3 /proc/meminfo",
            "grep -E 'table_|cow|zero' /proc/vmstat", "echo 1 >/proc/sys/vm/check && echo clean")
BOOT_SECONDS = 5
COMMAND_SECONDS = 1
KEYS = {" ": "spc", "/": "slash", "-": "minus", ".": "dot", "'": "apostrophe", "|": "shift-backslash",
        "_": "shift-minus", ">": "shift-dot", "&": "shift-7", "=": "equal", ";": "semicolon", "\n": "ret"}


class Monitor:
    """QEMU's machine protocol (QMP) on a socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rw")
        self.file.readline()
        self.call("qmp_capabilities")

    def call(self, name, **arguments):
        self.file.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "error" in answer:
                sys.exit(f"picture.py: {name}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def press(self, name):
        keys = [{"type": "qcode", "data": key} for key in name.split("-")]
        self.call("send-key", keys=keys)
        time.sleep(0.03)

    def type(self, text):
        for char in text:
            self.press(KEYS.get(char) or (f"shift-{char.lower()}" if char.isupper() else char))


def main(out, commands):
    iso = ROOT / "build" / "debug" / "quire.iso"
    if not iso.exists():
        sys.exit("picture.py: build the ISO first: ./quire run </dev/null")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "qmp"
        command = machine.Machine(memory="64M", kernel=str(iso.with_name("quire.boot")),
                                  cdrom=str(iso), append="console=tty1 log=vga").command()
        qemu = subprocess.Popen(command + ["-display", "none", "-qmp", f"unix:{path},server=on,wait=off"])
        try:
            time.sleep(BOOT_SECONDS)
            monitor = Monitor(path)
            for line in commands or COMMANDS:
                monitor.type(line + "\n")
                time.sleep(COMMAND_SECONDS)
            monitor.call("screendump", filename=str(Path(out).absolute()), format="png")
            monitor.call("quit")
        finally:
            qemu.wait(timeout=10)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    main(sys.argv[1], sys.argv[2:])
