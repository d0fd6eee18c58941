"""Sessions with a person at them: the shell on this terminal, and gdb."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import termios
import threading
from pathlib import Path

import elf
import image
import machine
import session
from host import ROOT, QuireError, run_dir, say

# A shell's prompt at the end of the output. busybox then asks the terminal where it is.
PROMPT = re.compile(rb"[#$] (\x1b\[6n)?\Z")
END_OF_INPUT = b"\x04"  # ^D
END_INTERVAL = 0.5  # Seconds between one ^D and the next.
GDB_MACROS = ROOT / "tools" / "gdb" / "quire.py"
# gdb gives up on a reply after two seconds, for lines that lose bytes. A socket loses none, and on a
# busy host QEMU may take longer to begin; when it ends, gdb is told at once.
GDB_PATIENCE = 3600


def _terminal_words():
    """Kernel options that tell /init about the terminal we are on."""
    words = []
    if re.fullmatch(r"[\w.+-]+", os.environ.get("TERM", "")):
        words.append(f"TERM={os.environ['TERM']}")
    try:
        size = os.get_terminal_size(sys.stdin.fileno())
        words.append(f"winsize={size.lines}x{size.columns}")
    except OSError:
        pass  # Not a terminal.
    return words


def run(build, options, display):
    """Boot the ISO with a shell on our terminal, on our pipes, or in a window. The exit status."""
    folder = run_dir("run")
    try:
        cmdline = ["console=tty1 log=ttyS0,vga"] if display else [image.DEFAULT_CMDLINE]
        vm = session.make_machine(options, folder, " ".join(cmdline + _terminal_words()))
        vm.cdrom = folder / "run.iso"
        image.make_bootable(vm.cdrom, build / "root", build / "quire.boot", vm.append,
                            session.put_grafts(options))
        if sys.stdin.isatty():
            end = _run_on_terminal(vm, display)
        else:
            end = _run_on_pipes(vm)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if end is machine.End.POWEROFF:
        return 0
    if end is machine.End.REBOOT and sys.stdin.isatty():
        say("the machine was ended by ctrl-a x, or has rebooted")  # QEMU does not say which.
        return 0
    say(f"the kernel {end.value}")
    return 1


def _window():
    """The -display argument for a window."""
    known = subprocess.run([machine.QEMU, "-display", "help"], stdout=subprocess.PIPE, text=True,
                           check=False).stdout.split()
    for name in ("gtk", "sdl"):
        if name in known:
            return name
    raise QuireError("this QEMU cannot open a window: install the package qemu-system-gui")


@contextlib.contextmanager
def _terminal_kept():
    """Leave a terminal as it was, also when the program that has changed it is killed."""
    before = termios.tcgetattr(0) if os.isatty(0) else None
    try:
        yield
    finally:
        if before:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            os.set_blocking(0, True)


def _run_on_terminal(vm, display):
    """QEMU gets our terminal and makes it raw, so that ^C and ^Z go to the guest."""
    say("ctrl-a x ends the machine, ctrl-a c switches to QEMU's monitor")
    command = vm.command() + ["-display", _window() if display else "none",
                              "-chardev", "stdio,id=com1,mux=on,signal=off",
                              "-serial", "chardev:com1", "-mon", "chardev=com1,mode=readline"]
    with _terminal_kept():
        status = subprocess.run(command, check=False, preexec_fn=machine.die_with_parent).returncode
    print(flush=True)
    return machine.end_of(status)


def _run_on_pipes(vm):
    """Feed our standard input to the shell once it prompts, and ^D when it ends.

    A ^D that comes while no program waits for input may get lost in the terminal's change of mode,
    and one may be needed for each program that reads: so they come until the machine ends.
    """
    prompted, ended = threading.Event(), threading.Event()
    seen = bytearray()

    def show(data):
        machine.write_all(1)(data)
        if not prompted.is_set():
            seen.extend(data)
            if PROMPT.search(seen):
                prompted.set()

    port = machine.Port("com1", show)

    def feed():
        prompted.wait()
        try:
            while data := os.read(0, 4096):
                port.ours.sendall(data)
            while not ended.wait(END_INTERVAL):
                port.ours.sendall(END_OF_INPUT)
        except OSError:
            pass  # The machine is gone, and run_ports() tells why.

    threading.Thread(target=feed, daemon=True).start()
    outcome = machine.run_ports(vm, None, [port])
    ended.set()
    if outcome.end is machine.End.QEMU_FAILED:
        raise QuireError(outcome.describe())
    return outcome.end


def debug(build, options, program, script, reverse):
    """QEMU stopped at the program's main, or without a program at the kernel's first instruction, and
    gdb on our terminal, or fed by a script. reverse: run the program first, and debug the recording.
    gdb's status."""
    folder = run_dir("debug")
    try:
        grafts = session.put_grafts(options)
        start = []
        if program:
            program, grafts, start = _place_program(program, grafts)
            (folder / "exec").write_bytes(b"".join(os.fsencode(w) + b"\0" for w in program))
            grafts.append(("/etc/exec", folder / "exec"))
        vm = session.make_machine(options, folder, "console=ttyS0 log=ttyS1")
        vm.kernel = build / "quire.boot"
        vm.cdrom = folder / "run.iso"
        image.make_plain(vm.cdrom, build / "root", grafts)
        if reverse:
            _record(vm, build, folder)
        # A socket's name has at most 107 bytes: from here it is short where the tree lies deep.
        gdb_socket = min(str(folder / "gdb"), os.path.relpath(folder / "gdb"), key=len)
        commands = [f"source {GDB_MACROS}", f"set remotetimeout {GDB_PATIENCE}",
                    f"target remote {gdb_socket}", *start]
        return _debug_session(_debug_command(vm, build, not program), build, gdb_socket,
                              [*commands, *([f"source {script}"] if script else [])], bool(script))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place_program(program, grafts):
    """An i386 program of the host's is put into the guest, and gdb reads its symbols; any other name is a
    path there. The program's words, the grafts, and gdb's command that goes to its main."""
    host = Path(program[0])
    if not host.is_file() or not elf.is_i386(host):
        return program, grafts, [f"quire main {shlex.quote(program[0])}"]
    guest = f"/put/{host.name}"
    return ([guest, *program[1:]], grafts + [(guest, host)], [f"quire main {shlex.quote(guest)} {shlex.quote(str(host))}"])


def _record(vm, build, folder):
    """Run the machine to its end, or until ^C, and make it one that replays that."""
    vm.recording = machine.Recording(folder)
    say("recording; ctrl-c ends it")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = subprocess.run(_debug_command(vm, build, False), stdin=subprocess.DEVNULL,
                            preexec_fn=lambda: (machine.die_with_parent(), _default_sigint()),
                            check=False).returncode
    if machine.end_of(status) is machine.End.QEMU_FAILED:
        raise QuireError("QEMU could not record; what it said is above")
    vm.recording.replay = True


def _debug_command(vm, build, terminal):
    """QEMU, its serial ports being files, the first a terminal if one is wanted."""
    command = vm.command() + ["-display", "none"]
    for name, kind in (("com1", "out"), ("com2", "log"), ("com3", "err")):
        target = "pty" if terminal and name == "com1" else f"file,path={machine.quote(build / f'debug.{kind}')}"
        command += ["-chardev", f"{target},id={name}", "-serial", f"chardev:{name}"]
    return command


def _debug_session(command, build, gdb_socket, commands, batch):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(gdb_socket)
    listener.listen(1)  # Before QEMU runs, so that gdb need not wait for it.
    command += ["-S", "-gdb", "chardev:gdb",
                "-chardev", f"socket,id=gdb,fd={listener.fileno()},server=on,wait=off"]
    say(f"the kernel log goes to {build}/debug.log, the program's output to debug.out and debug.err beside it")
    # A session of its own: ^C is for gdb.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True,
                          pass_fds=[listener.fileno()],
                          preexec_fn=machine.die_with_parent) as qemu:
        listener.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            words = [word for text in commands for word in ("-ex", text)]
            with _terminal_kept():
                return subprocess.run(["gdb", "-q", *(["-batch"] if batch else []),
                                       str(build / "quire.elf"), *words],
                                      preexec_fn=_default_sigint, check=False).returncode
        finally:
            qemu.kill()


def _default_sigint():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
