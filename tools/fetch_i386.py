#!/usr/bin/env python3
"""Fetch the i386 packages of tools/packages.i386 into build/i386.

    build/i386/root   the packages, unpacked
    build/i386/musl   a flat sysroot in which clang's driver finds musl and the kernel's headers

apt runs with a state of its own, as any user: the host's package database is neither read nor
changed. The folder is built aside and renamed into place, so an interrupted fetch leaves nothing.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from host import BUILD, I386, ROOT, QuireError, locked, say, word_list

LIST = ROOT / "tools" / "packages.i386"
DEFAULT_MIRROR = "http://deb.debian.org/debian/"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def fetch():
    """Make build/i386 what packages.i386 asks for. Cheap when it already is."""
    wanted = "\n".join(word_list(LIST)) + "\n"
    with locked(BUILD / "i386.lock"):
        stamp = I386 / "stamp"
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        say(f"fetching {len(wanted.split())} i386 packages into build/i386…")
        work = BUILD / "i386.new"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        _unpack(work, _download(work, wanted.split()))
        _make_sysroot(work / "root", work / "musl")
        (work / "stamp").write_text(wanted, encoding="ascii")
        shutil.rmtree(work / "apt")
        shutil.rmtree(I386, ignore_errors=True)
        work.rename(I386)


def _run(command, **options):
    """Run a program quietly; its output becomes the error when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise QuireError(f"{' '.join(command)} failed:\n{done.stdout.rstrip()}")
    return done.stdout


def _codename():
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    found = re.search(r"^VERSION_CODENAME=(\w+)", text, re.MULTILINE)
    if not found:
        raise QuireError("/etc/os-release names no VERSION_CODENAME, so the Debian release to "
                         "fetch i386 packages from is unknown")
    return found[1]


def _mirror(codename):
    """The mirror the host itself uses for this release, so that a local one is honoured."""
    lines = _run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                  "Created-By: Packages"]).splitlines()
    for line in lines:
        uri, release, component = (line.split() + ["", "", ""])[:3]
        if release == codename and component == "main" and re.search(r"/debian/?$", uri):
            return uri
    return DEFAULT_MIRROR


def _apt_environment(state):
    """Configure an apt whose state lies in the folder; returns the environment that selects it.

    The security suite is left out on purpose: what is fetched never faces a network, and its i386
    index is unreliable on some mirrors.
    """
    for part in ("state/lists/partial", "cache/archives/partial", "sources.d"):
        (state / part).mkdir(parents=True)
    (state / "status").touch()
    codename = _codename()
    (state / "sources.d" / "debian.sources").write_text(
        f"Types: deb\nURIs: {_mirror(codename)}\nSuites: {codename} {codename}-updates\n"
        f"Components: main\nSigned-By: {KEYRING}\n", encoding="ascii")
    (state / "apt.conf").write_text(f'''
APT::Architecture "i386";
APT::Architectures {{ "i386"; }};
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "1";
Dir::State "{state}/state";
Dir::State::status "{state}/status";
Dir::Cache "{state}/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{state}/sources.d";
''', encoding="utf-8")
    return os.environ | {"APT_CONFIG": str(state / "apt.conf")}


def _download(work, packages):
    environment = _apt_environment(work / "apt")
    debs = work / "apt" / "debs"
    debs.mkdir()
    _run(["apt-get", "-qq", "update"], env=environment)
    _run(["apt-get", "-qq", "download", *packages], env=environment, cwd=debs)
    return sorted(debs.glob("*.deb"))


def _unpack(work, debs):
    (work / "root").mkdir()
    for deb in debs:
        _run(["dpkg-deb", "-x", str(deb), str(work / "root")])


def _make_sysroot(root, sysroot):
    """Lay musl out as clang expects a system. glibc's folders must not be in sight of it: its
    driver would prefer Debian's multiarch paths and link glibc without a word."""
    (sysroot / "usr").mkdir(parents=True)
    shutil.copytree(root / "usr/include/i386-linux-musl", sysroot / "usr/include")
    shutil.copytree(root / "usr/lib/i386-linux-musl", sysroot / "usr/lib", symlinks=True)
    for part in ("linux", "asm-generic"):
        shutil.copytree(root / "usr/include" / part, sysroot / "usr/include" / part)
    shutil.copytree(root / "usr/include/i386-linux-gnu/asm", sysroot / "usr/include/asm")


if __name__ == "__main__":
    try:
        fetch()
    except QuireError as error:
        sys.exit(f"quire: {error}")
