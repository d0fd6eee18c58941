"""./quire docs: run the experiments of docs/ again and put in what they print.

An experiment is a fenced block of docs/*.md whose fence says "console", or "console sample" when what it prints is
different each time. In it stand

    $ COMMAND       for the host's shell, in the root of the tree; further lines of it begin with "> ". Or
    $ ./quire run [OPTION]...
    # COMMAND       for the shell of the machine that the line above starts

each followed by what it prints. Here the machine counts time in instructions, so that it does the same each time.
"""

import os
import re
import shlex
import subprocess

from host import ROOT, QuireError, say, worker_pool

BLOCK = re.compile(r"^```(console(?: sample)?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^[$#] .*\n(?:> .*\n)*", re.MULTILINE)
RUN = "./quire run"
MARK = "\x1e"  # Between what two commands print.
TIMEOUT = 120
JOBS = 2


def pages():
    return sorted((ROOT / "docs").glob("*.md"))


def _run(command, place):
    try:
        done = subprocess.run(["sh", "-c", command], cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace", timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return "", f"{command!r} still ran after {TIMEOUT} seconds"
    return done.stdout, f"{command!r} ends with {done.returncode}: {done.stderr}" if done.returncode else None


def _run_guest(start, commands, place):
    """What each of the commands prints in a machine."""
    script = "exec 2>&1\n" + "".join(f"{command}\nprintf '\\036'\n" for command in commands)
    options = start.removeprefix(RUN)
    said, trouble = _run(f"./quire exec --icount{options} --append norandmaps -- sh -c {shlex.quote(script)}", place)
    parts = said.split(MARK)
    if trouble or len(parts) != len(commands) + 1:
        raise QuireError(trouble or f"{start}: some command did not end: {said}")
    return parts[:-1]


def run_block(text, place=ROOT):
    """A block with what its commands print today."""
    shown = COMMAND.findall(text)
    words = [re.sub(r"^> ", "", command[2:], flags=re.MULTILINE).rstrip() for command in shown]
    out, at = [], 0
    while at < len(shown):
        guest = at + 1
        while shown[at][0] == "$" and guest < len(shown) and shown[guest][0] == "#":
            guest += 1
        if guest > at + 1:
            said = ["", *_run_guest(words[at], words[at + 1:guest], place)]
        else:
            printed, trouble = _run(words[at], place)
            if trouble:
                raise QuireError(trouble)
            said = [printed]
        for command, printed in zip(shown[at:guest], said):
            out.append(command + "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines()))
        at = guest
    return "".join(out)


def experiments(path):
    """[(is it a sample, the block)] of a page."""
    return [("sample" in fence, text) for fence, text in BLOCK.findall(path.read_text(encoding="utf-8"))]


def rerun(path):
    before = path.read_text(encoding="utf-8")
    after = BLOCK.sub(lambda block: f"```{block[1]}\n{run_block(block[2])}```", before)
    path.write_text(after, encoding="utf-8")
    if after != before:
        say(f"{os.path.relpath(path)} has changed")


def command(paths):
    with worker_pool(JOBS) as pool:
        for done in [pool.submit(rerun, path.resolve()) for path in paths or pages()]:
            done.result()
    return 0
