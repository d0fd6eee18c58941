"""A headless Chromium that a test drives: the DevTools protocol over a pipe.

    with Browser(folder) as browser:
        browser.open("http://localhost:8000/")
        browser.wait("document.title === 'Quire'", 30)
        browser.type("ls\r")

https://chromedevtools.github.io/devtools-protocol says what the methods are.
"""

import fcntl
import json
import os
import selectors
import shutil
import signal
import subprocess
import time

CHROMIUM = "chromium"
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
           "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
           "--no-proxy-server", "--remote-debugging-pipe"]
READS, WRITES = 3, 4  # The descriptors that --remote-debugging-pipe uses.
ANSWER_SECONDS = 60  # To what is done at once, on a busy machine.
END_SECONDS = 20
WINDOW = (1360, 1000)

# Resolves when the condition holds: it is looked at after each change of the page.
WAIT = """new Promise((resolve) => {
	const observer = new MutationObserver(look);
	function look() {
		if (!(%s))
			return;
		observer.disconnect();
		resolve();
	}
	observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
	look();
})"""


class BrowserError(Exception):
    """The browser could not be started, has ended, or answers with an error."""


class Browser:
    """One browser with one page. folder is empty and becomes its profile."""

    def __init__(self, folder):
        if not shutil.which(CHROMIUM):
            raise BrowserError("Chromium is missing: install the package chromium")
        self.errors = []  # What went wrong in scripts of the page.
        self._data = b""
        self._id = 0
        self._session = None
        self._log = open(folder / "chromium.log", "wb")
        self._start(folder)

    def _start(self, folder):
        theirs_in, self._out = self._pipe()
        self._in, theirs_out = self._pipe()

        def place():
            os.dup2(theirs_in, READS)
            os.dup2(theirs_out, WRITES)

        self._child = subprocess.Popen(
            [CHROMIUM, *OPTIONS, f"--window-size={WINDOW[0]},{WINDOW[1]}",
             f"--user-data-dir={folder / 'profile'}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, preexec_fn=place,
            pass_fds=(READS, WRITES), start_new_session=True, env=os.environ | {"HOME": str(folder)})
        os.close(theirs_in)
        os.close(theirs_out)

    @staticmethod
    def _pipe():
        """The ends of a pipe, out of the way of READS and WRITES."""
        ends = os.pipe()
        moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
        for end in ends:
            os.close(end)
        return moved

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        os.close(self._out)  # It ends by itself then.
        os.close(self._in)
        try:
            self._child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        self._log.close()

    # ---- messages ----

    def _receive(self, deadline):
        with selectors.DefaultSelector() as selector:
            selector.register(self._in, selectors.EVENT_READ)
            while b"\0" not in self._data:
                if not selector.select(max(0, deadline - time.monotonic())):
                    raise TimeoutError
                data = os.read(self._in, 1 << 16)
                if not data:
                    raise BrowserError("Chromium has ended; its messages are in chromium.log")
                self._data += data
        message, _, self._data = self._data.partition(b"\0")
        return json.loads(message)

    def call(self, method, seconds=ANSWER_SECONDS, **parameters):
        """Call a method of the protocol; its result. TimeoutError when there is none in time."""
        self._id += 1
        message = {"id": self._id, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + seconds
        while True:
            answer = self._receive(deadline)
            if answer.get("method") == "Runtime.exceptionThrown":
                self.errors.append(json.dumps(answer["params"]["exceptionDetails"]))
            if answer.get("id") == self._id:
                break
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    # ---- the page ----

    def open(self, address):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Runtime.enable")
        self.call("Page.enable")
        self.call("Page.navigate", url=address)

    def evaluate(self, expression, seconds=ANSWER_SECONDS):
        """The value of a JavaScript expression in the page; of a promise, what it resolves to."""
        done = self.call("Runtime.evaluate", seconds, expression=expression, awaitPromise=True,
                         returnByValue=True)
        if "exceptionDetails" in done:
            raise BrowserError(f"{expression}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def wait(self, condition, seconds):
        """Wait until a condition of the page holds; TimeoutError when it does not."""
        self.evaluate(WAIT % condition, seconds)

    def type(self, text):
        """Press the key of each character; \r is enter."""
        for letter in text:
            key = {"key": "Enter", "windowsVirtualKeyCode": 13} if letter == "\r" else {"key": letter}
            self.call("Input.dispatchKeyEvent", type="keyDown", text=letter, **key)
            self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def picture(self):
        """What the page looks like, as a PNG in base64."""
        return self.call("Page.captureScreenshot", format="png")["data"]
