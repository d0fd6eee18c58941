"""Debian's i386 packages, through an apt with a state of its own.

apt runs as any user: the host's package database is neither read nor changed. The security suite is
left out on purpose: what is fetched never faces a network, and its i386 index is unreliable on some
mirrors.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from host import QuireError

DEFAULT_MIRROR = "http://deb.debian.org/debian/"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def unpack(packages, work, whole=False):
    """Unpack the packages, with whole also everything they depend on, into work/root.

    src:NAME is the original source of a package and goes to usr/src/NAME; meta:NAME is what the
    package depends on, without itself. No script of a package is run. work must be empty or missing.
    """
    apt, root = work / "apt", work / "root"
    sources = [name[4:] for name in packages if name.startswith("src:")]
    packages = [name for name in packages if not name.startswith("src:")]
    environment = _apt_environment(apt, "deb deb-src" if sources else "deb")
    run(["apt-get", "-qq", "update"], env=environment)
    packages = [name for word in packages for name in _resolve(word, environment)]
    if whole:
        packages = _closure(packages, environment)
    debs = apt / "debs"
    debs.mkdir()
    run(["apt-get", "-qq", "download", *packages], env=environment, cwd=debs)
    root.mkdir()
    for deb in sorted(debs.glob("*.deb")):
        run(["dpkg-deb", "-x", str(deb), str(root)])
    for name in sources:
        _unpack_source(name, debs, root / "usr/src" / name, environment)
    shutil.rmtree(apt)


def _unpack_source(name, downloads, folder, environment):
    run(["apt-get", "-qq", "--download-only", "source", name], env=environment, cwd=downloads)
    folder.mkdir(parents=True)
    for archive in downloads.glob(f"{name}_*.orig.tar.*"):
        shutil.unpack_archive(archive, folder)


def _resolve(word, environment):
    """The packages that meta:NAME stands for, or the one that is named."""
    if not word.startswith("meta:"):
        return [word]
    said = run(["apt-cache", "depends", "--important", word[5:]], env=environment)
    return re.findall(r"^\s*Depends: ([^<\s]+)", said, re.MULTILINE)


def run(command, **options):
    """Run a program quietly and return its output, which becomes the error when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise QuireError(f"{' '.join(map(str, command))} failed:\n{done.stdout.rstrip()}")
    return done.stdout


def _closure(packages, environment):
    """The packages and all they depend on: our dpkg status is empty, so apt would install each."""
    said = run(["apt-get", "install", "--simulate", "--no-install-recommends", *packages],
               env=environment)
    return sorted(set(re.findall(r"^Inst (\S+)", said, re.MULTILINE)))


def _codename():
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    found = re.search(r"^VERSION_CODENAME=(\w+)", text, re.MULTILINE)
    if not found:
        raise QuireError("/etc/os-release names no VERSION_CODENAME, so the Debian release to "
                         "fetch i386 packages from is unknown")
    return found[1]


def _mirror(codename):
    """The mirror the host itself uses for this release, so that a local one is honoured."""
    lines = run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                 "Created-By: Packages"]).splitlines()
    for line in lines:
        uri, release, component = (line.split() + ["", "", ""])[:3]
        if release == codename and component == "main" and re.search(r"/debian/?$", uri):
            return uri
    return DEFAULT_MIRROR


def _apt_environment(state, types):
    """Configure an apt whose state lies in the folder; returns the environment that selects it."""
    for part in ("state/lists/partial", "cache/archives/partial", "sources.d"):
        (state / part).mkdir(parents=True)
    (state / "status").touch()
    codename = _codename()
    (state / "sources.d" / "debian.sources").write_text(
        f"Types: {types}\nURIs: {_mirror(codename)}\nSuites: {codename} {codename}-updates\n"
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
