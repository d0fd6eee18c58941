#!/usr/bin/env python3
"""Make a folder that any web server can serve: Quire's ISO on a PC in the page (web/), which v86 emulates.

    main.js …   ours, from web/
    v86/        the emulator, xterm/ the terminal: npm's packages of web/package-lock.json
    firmware/   SeaBIOS, from Debian's package
    quire.iso   with a command line that suits the page (web/machine.js)
"""

import functools
import http.server
import shutil
import subprocess
import sys
from pathlib import Path

import image
from host import BUILD, ROOT, QuireError, locked, say

SOURCE = ROOT / "web"
PACKAGES = [SOURCE / "package.json", SOURCE / "package-lock.json"]
MODULES = BUILD / "npm"
FIRMWARE = Path("/usr/share/seabios")
CMDLINE = ("console=ttyS0 log=ttyS1 watch=/dev/ttyS2 explain=1 swap=/dev/hda TERM=xterm-256color "
           "winsize=24x80")

BORROWED = {
    MODULES / "node_modules/v86": {
        "build/libv86.mjs": "v86/libv86.mjs", "build/v86.wasm": "v86/v86.wasm", "LICENSE": "v86/LICENSE"},
    MODULES / "node_modules/@xterm/xterm": {
        "lib/xterm.mjs": "xterm/xterm.mjs", "css/xterm.css": "xterm/xterm.css", "LICENSE": "xterm/LICENSE"},
    FIRMWARE: {
        "bios.bin": "firmware/bios.bin", "vgabios-stdvga.bin": "firmware/vgabios.bin"},
}


def fetch():
    """Make build/npm what package-lock.json asks for. Cheap when it already is."""
    wanted = PACKAGES[-1].read_text(encoding="utf-8")
    stamp = MODULES / "stamp"
    with locked(BUILD / "npm.lock"):
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return
        if not shutil.which("npm"):
            raise QuireError("npm is missing: install the package npm")
        say("fetching v86 and xterm.js into build/npm…")
        MODULES.mkdir(parents=True, exist_ok=True)
        for path in PACKAGES:
            shutil.copy(path, MODULES)
        # npm compares what comes with the lock's hashes, and no program of a package is run.
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=MODULES,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
        if done.returncode != 0:
            raise QuireError(f"npm could not fetch v86 and xterm.js:\n{done.stdout.rstrip()}")
        stamp.write_text(wanted, encoding="utf-8")


def assemble(build, out):
    """Make the folder out from the build folder; what else is in it stays."""
    fetch()
    files = {path: path.name for path in SOURCE.iterdir() if path not in PACKAGES}
    for folder, names in BORROWED.items():
        files |= {folder / source: target for source, target in names.items()}
    for source, target in files.items():
        if not source.exists():
            raise QuireError(f"{source} is missing; ./quire deps installs what is needed")
        (out / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, out / target)
    image.make_bootable(out / "quire.iso", build / "root", build / "quire.boot", CMDLINE)
    (out / "quire.grub.cfg").unlink()


class Handler(http.server.SimpleHTTPRequestHandler):
    """Browsers ask again for each file: the next build may have made a new one."""

    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    """Browsers go away in the middle of a file; that is no trouble of ours."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(folder, port):
    """Serve the folder on this machine until interrupted."""
    handler = functools.partial(Handler, directory=folder)
    try:
        server = Server(("127.0.0.1", port), handler)
    except OSError as error:
        raise QuireError(f"port {port} cannot be had ({error.strerror}); choose another by --port") from error
    with server:
        say("the page is served until ctrl-c; open")
        print(f"http://localhost:{server.server_port}/", flush=True)
        server.serve_forever()
