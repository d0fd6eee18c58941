#!/usr/bin/env python3
"""The page of ./quire web in a headless Chromium, from Python's own web server: Quire boots to its prompt, a
person types commands, and the map of frames and the log of faults show what they do.
"""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from browser import Browser

ROOT = Path(__file__).resolve().parents[2]
SERVER = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
SECONDS = 120  # A busy machine takes so long for what takes one or two.
FRAMES = 16 * 256  # In the 16 MiB that the page begins with.
HELD = 512  # Frames of the 2 MiB that HOLD keeps.
HOLD = "head -c 2m /dev/zero | tail -c 2m | sleep 1000 &"
# For a person who looks for what went wrong: the terminal, the numbers, the end of the log.
SHOWN = """['.xterm-rows', '#status', '#legend', '#numbers'].map((s) => document.querySelector(s)?.innerText)
	.concat([...document.querySelectorAll('#log li')].slice(-20).map((e) => e.textContent)).join('\\n')"""
COPIED = "others have the page too, so it got a copy"


def count(state):
    """An expression for the number beside a state in the legend."""
    return f"Number(document.querySelector('[data-state={state}]').textContent.replace(/,/g, ''))"


class Page(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        site = Path(self.folder, "site")
        subprocess.run([ROOT / "quire", "web", "--no-serve", "--out", site], check=True)
        server = self.enterContext(subprocess.Popen(SERVER, cwd=site, stdout=subprocess.PIPE,
                                                    stderr=subprocess.DEVNULL, text=True))
        self.addCleanup(server.kill)
        port = re.search(r"port (\d+)", server.stdout.readline())[1]
        self.browser = self.enterContext(Browser(Path(self.folder)))
        self.browser.open(f"http://127.0.0.1:{port}/")

    def see(self, condition, what):
        """Wait for a condition; when it does not come, show what the page shows."""
        try:
            self.browser.wait(condition, SECONDS)
        except TimeoutError:
            self.fail(f"{what}: not seen in {SECONDS} s; the page shows\n{self.browser.evaluate(SHOWN)}\n"
                      f"{self.browser.errors}")

    def see_text(self, text, selector=".xterm-rows"):
        self.see(f"document.querySelector('{selector}')?.innerText.replace(/\\u00a0/g, ' ')"
                 f".includes({text!r})", f"{text!r} in {selector}")

    def click(self, button):
        self.browser.evaluate(f"[...document.querySelectorAll('button')].find((e) => e.textContent === {button!r})"
                              ".click()")

    def picture_of_map(self):
        return self.browser.evaluate("document.getElementById('map').toDataURL()")

    def test_commands_change_the_map_and_the_log(self):
        self.see_text("~ # ")
        self.see_text("Running", "#status")
        numbers = self.browser.evaluate("[...document.querySelectorAll('#legend dd')].map((e) => e.textContent)")
        self.assertEqual(sum(int(number.replace(",", "")) for number in numbers), FRAMES)

        self.browser.type("echo no sample >/dev/ttyS2; echo {} >/dev/ttyS2\r")
        self.browser.type("echo $((6 * 7)) is it\r")
        self.see_text("42 is it")

        before, picture = self.browser.evaluate(count("anonymous")), self.picture_of_map()
        self.browser.type(HOLD + "\r")
        self.see(f"{count('anonymous')} >= {before + HELD}", "memory that a program holds, in the map")
        self.assertNotEqual(self.picture_of_map(), picture)
        self.see_text("tail[", "#log")
        self.browser.type("kill %1\r")
        self.see(f"{count('anonymous')} < {before + HELD}", "the frames free again")

        self.click("Fork")
        self.see(f"{count('cow')} > 0", "frames that a fork shares")
        self.see_text(COPIED, "#log")

        self.browser.type("exit\r")
        self.see_text("The machine is off", "#status")
        self.click("Restart")
        self.see_text("~ # ")
        self.assertEqual(self.browser.errors, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
