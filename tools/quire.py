#!/usr/bin/env python3
"""The commands of ./quire, once the host's packages are there."""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import bench
import book
import counting
import disk
import features
import fetch_i386
import interactive
import lab
import lab_kit
import machine
import moments
import session
import trace
import web
from build import build
from host import PRESETS, QuireError, run_dir, say, size_bytes

DEFAULT_TIMEOUT = 600
PERSONS_SWAP = "64M"  # Who sits at a machine finds some.
TOUR = "/bin/tour"
SIZE_LIMIT = 1 << 40  # Far beyond what the kernel takes, and within what the host's files can be.


class Parser(argparse.ArgumentParser):
    """Errors are one sentence and where to read on, instead of the whole usage."""

    def error(self, message):
        say(f"{message}; {self.prog} --help says what there is")
        sys.exit(2)


def memory_size(text):
    """A size in the form that QEMU and the tools that make disks understand alike."""
    if text.isdecimal():
        raise ValueError(f"{text} of what? write a number and K, M or G, such as 256M")
    if size_bytes(text) >= SIZE_LIMIT:
        raise ValueError(f"{text} is more than this machine can have")
    return text


def duration(text):
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not seconds > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"{text!r} is not a number from 1 on")
    return int(text)


def new_file(text):
    """A file that is going to be written: found out now, not when all is done."""
    path = Path(text)
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {path.parent} to put {path.name} in")
    if path.is_dir():
        raise ValueError(f"{path} is a folder; a file is to be written")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ValueError(f"{path} cannot be written")
    return path


def new_folder(text):
    """A folder that is going to be made unless it exists."""
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} is no folder")
    return path


def old_file(text):
    if not Path(text).is_file():
        raise ValueError(f"there is no file {text}")
    return Path(text)


def event_count(text):
    if not text.isdecimal() or not 0 < int(text) <= trace.MOST_EVENTS:
        raise ValueError(f"{text!r} is not a number of events from 1 to {trace.MOST_EVENTS}")
    return int(text)


def moment_kinds(text):
    kinds = text.split(",")
    if not set(kinds) <= set(moments.KINDS):
        raise ValueError(f"{text!r} is not a list of {', '.join(moments.KINDS)}")
    return kinds


def port_number(text):
    if not text.isdecimal() or int(text) > 65535:
        raise ValueError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def argument(parse):
    """A type of argument from a function that explains itself by ValueError."""
    def checked(text):
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error
    return checked


def add_machine_options(parser):
    parser.add_argument("--mem", metavar="SIZE", type=argument(memory_size), default=machine.DEFAULT_MEMORY,
                        help="RAM of the machine, such as 64M (default %(default)s)")
    parser.add_argument("--swap", metavar="SIZE", type=argument(memory_size),
                        help="attach a disk that holds a swap area of this size")
    parser.add_argument("--disk", metavar="FILE", action="append", default=[],
                        help="attach this image as an IDE disk; the first is mounted on /mnt when "
                             "it holds a file system Quire knows; what the guest writes stays in it")
    parser.add_argument("--root", action="store_true",
                        help="make the first disk the root directory of the program or the shell")
    parser.add_argument("--put", metavar="HOST[:GUEST]", action="append", default=[],
                        help="show a host file or folder in the guest as GUEST, or /put/NAME")
    parser.add_argument("--append", metavar="OPTIONS", action="append", default=[],
                        help="words to add to the kernel command line")
    parser.add_argument("--cpu", metavar="MODEL", default=machine.DEFAULT_CPU,
                        help="CPU model of QEMU (default %(default)s)")
    parser.add_argument("--preset", choices=PRESETS, default="debug",
                        help="which build to use (default %(default)s)")


def add_default_swap(parser):
    parser.add_argument("--no-swap", action="store_const", dest="swap", const=None, help=f"no swap area (default: one of {PERSONS_SWAP})")
    parser.set_defaults(swap=PERSONS_SWAP)


def make_parser():
    parser = Parser(prog="./quire", description="Build, run and test Quire.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)

    run = commands.add_parser("run", help="boot the ISO, shell on this terminal",
                              description="Build, boot the ISO in QEMU, shell on this terminal. "
                              "Leave with exit or ctrl-a x. Commands may come through a pipe: the "
                              "machine is turned off at their end.")
    add_machine_options(run)
    add_default_swap(run)
    run.add_argument("--display", action="store_true",
                     help="the shell in a window with screen and keyboard, the kernel log here")
    run.set_defaults(function=command_run)

    tour = commands.add_parser("tour", help="see a fork, a write, a page that goes to disk, in the kernel's words",
                               description="Build, boot, and see three things happen: a fork that shares page "
                               "tables, a write that copies one page, a page that goes to disk and comes back. "
                               "Then a shell. Not at a terminal: the same without the shell.")
    add_machine_options(tour)
    add_default_swap(tour)
    tour.set_defaults(function=command_tour, verbose=False)

    execute = commands.add_parser("exec", help="boot headless, run one program",
                                  description="Boot headless and run PROGRAM on Quire. Its output "
                                  "and exit status are yours: 128 + signal when it died of one, "
                                  "124 on a time-out, 125 when the kernel panicked.",
                                  usage="./quire exec [OPTION]... -- PROGRAM [ARGUMENT]...")
    add_machine_options(execute)
    execute.add_argument("--stdin", metavar="FILE", type=argument(old_file),
                         help="the program's standard input (default /dev/null)")
    execute.add_argument("--timeout", metavar="SECONDS", type=duration, default=DEFAULT_TIMEOUT,
                         help="give up after this long (default %(default)s)")
    execute.add_argument("--icount", action="store_true",
                         help="deterministic time: a TSC tick of the guest is one instruction")
    execute.add_argument("-v", "--verbose", action="store_true",
                         help="show the kernel log on stderr as it grows")
    execute.set_defaults(function=command_exec)

    test = commands.add_parser("test", help="build, run every test", add_help=False,
                               prefix_chars="\0")
    test.add_argument("arguments", nargs="*")
    test.set_defaults(function=command_test)

    ledger = commands.add_parser("features", help="write down which behaviours are proved by which tests",
                                 description="Write docs/features.md and the README's table of what works: the "
                                 "rows of tests/features.txt, the tests that name them, and how these ended in "
                                 "the last run of ./quire test.")
    ledger.set_defaults(function=command_features)

    rerun = commands.add_parser("docs", help="run the experiments of docs/ again",
                                description="Run the experiments in FILE, or in all of docs/, again and put in what "
                                "they print.")
    rerun.add_argument("files", metavar="FILE", type=argument(old_file), nargs="*")
    rerun.set_defaults(function=command_docs)

    measure = commands.add_parser("bench", help="what events cost here and on Debian's Linux",
                                  description="Run one program on Quire and on Debian's i386 Linux "
                                  "in the same QEMU, one after the other, and print what events "
                                  "cost: in instructions, which are the same in every run.")
    measure.add_argument("--json", metavar="FILE", type=argument(new_file), help="write the figures to FILE")
    measure.add_argument("--wall", action="store_true",
                         help=f"wall time too: medians of {bench.WALL_RUNS} runs that alternate")
    measure.add_argument("--only", metavar="ROW", nargs="+", default=[],
                         help="only these rows of tests/bench.limits")
    measure.add_argument("--docs", action="store_true",
                         help=f"put the table into {bench.PAGE.relative_to(bench.ROOT)}")
    measure.add_argument("--accept", action="store_true",
                         help="make what Quire costs now the limits that ctest -L bench checks")
    measure.set_defaults(function=command_bench)

    profile = commands.add_parser("profile", help="where the kernel's instructions go",
                                  description="Count the instructions that PROGRAM, or a row of "
                                  "./quire bench, takes in each function of the kernel: exactly, "
                                  "with a plugin of QEMU.",
                                  usage="./quire profile [OPTION]... (--event ROW | -- PROGRAM "
                                  "[ARGUMENT]...)")
    add_machine_options(profile)
    profile.add_argument("--event", metavar="ROW", help="a row of tests/bench.limits")
    profile.add_argument("--top", metavar="N", type=argument(positive), default=30,
                         help="how many functions to print (default %(default)s)")
    profile.set_defaults(function=command_profile, preset="release", icount=True)

    image = commands.add_parser("disk", help="make a disk with Debian programs",
                                description="Make the ext2 disk image FILE with Debian's i386 "
                                "packages and all they depend on. ./quire run --disk FILE --root "
                                "then runs them.")
    image.add_argument("--size", metavar="SIZE", type=argument(memory_size), default=disk.DEFAULT_SIZE,
                       help="size of the disk (default %(default)s)")
    image.add_argument("file", metavar="FILE", type=argument(new_file))
    image.add_argument("packages", metavar="PACKAGE", nargs="+")
    image.set_defaults(function=command_disk)

    study = commands.add_parser("lab", help="compare replacement policies on real programs",
                                description="Record the page references of a program on Quire, replay "
                                "them through every replacement policy and Belady's optimum for a "
                                "range of memory sizes, and measure the policies in the kernel. "
                                "Without WORKLOAD or PROGRAM: all workloads there are.",
                                usage="./quire lab [OPTION]... [-- PROGRAM [ARGUMENT]...]",
                                epilog="workloads: " + ", ".join(lab.WORKLOADS))
    study.add_argument("--workload", metavar="NAME", action="append", choices=lab.WORKLOADS,
                       help="one of the workloads below; may be given several times")
    study.add_argument("--policies", metavar="A,B,…", help="only these, and opt (default: all there are)")
    study.add_argument("--frames", metavar="A..B", type=argument(lab.frame_range),
                       help="sizes to replay, or a list such as 32,64 (default: up to all that the "
                            "program uses)")
    study.add_argument("--measure", metavar="N,M,…", type=argument(lab.measured_sizes),
                       help="sizes to measure in the kernel, or 0 for none (default: half of what the "
                            "program uses)")
    study.add_argument("--debian", action="store_true",
                       help="PROGRAM is one of Debian's, on the disk that the tests use")
    study.add_argument("--put", metavar="HOST[:GUEST]", action="append", default=[],
                       help="show a host file or folder in the guest as GUEST, or /put/NAME")
    study.add_argument("--stdin", metavar="FILE", type=argument(old_file), help="the program's standard input")
    study.add_argument("--out", metavar="DIR", type=argument(new_folder),
                       help="where traces, CSV and SVG files go (default build/lab)")
    study.add_argument("--document", metavar="FILE", type=argument(old_file),
                       help="replace the part of FILE between the marks for results by the tables")
    study.add_argument("--jobs", metavar="N", type=argument(positive), default=min(2, os.cpu_count() or 1),
                       help="machines that run at once (default %(default)s)")
    study.add_argument("--timeout", metavar="SECONDS", type=duration, default=DEFAULT_TIMEOUT,
                       help="give up on a run after this long (default %(default)s)")
    study.set_defaults(function=command_lab)

    watch = commands.add_parser("trace", help="what a program's memory does, as a picture over time",
                                description="Run PROGRAM on Quire and write what its memory does (faults, "
                                "copies, mappings, forks, evictions, swap) as a Chrome trace, which "
                                "ui.perfetto.dev shows. Its output and exit status are yours.",
                                usage="./quire trace [OPTION]... -- PROGRAM [ARGUMENT]...")
    add_machine_options(watch)
    watch.add_argument("-o", "--out", metavar="FILE", type=argument(new_file), default=Path("trace.json"),
                       help="where the trace goes (default %(default)s)")
    watch.add_argument("--events", metavar="N", type=argument(event_count), default=trace.DEFAULT_EVENTS,
                       help="keep the last N events, each of which takes 44 bytes of the guest's "
                            "memory (default %(default)s)")
    watch.add_argument("--stdin", metavar="FILE", type=argument(old_file), help="the program's standard input")
    watch.add_argument("--timeout", metavar="SECONDS", type=duration, default=DEFAULT_TIMEOUT,
                       help="give up after this long (default %(default)s)")
    watch.add_argument("--icount", action="store_true",
                       help="deterministic time: a nanosecond of the trace is one instruction")
    watch.set_defaults(function=command_trace)

    kit = commands.add_parser("lab-kit", help="copy the tree without the solution of a lab",
                              description="Copy the tree to FOLDER without the solution of a lab: it builds "
                              "and boots, and only the lab's tests fail. FOLDER/LAB.md says what is to be done. "
                              "Without NAME: list the labs.",
                              usage="./quire lab-kit [NAME FOLDER]")
    kit.add_argument("name", metavar="NAME", nargs="?")
    kit.add_argument("folder", metavar="FOLDER", type=Path, nargs="?")
    kit.set_defaults(function=command_lab_kit)

    draw = commands.add_parser("map", help="page tables at the moments that matter, as an SVG picture",
                               description="Run PROGRAM on Quire and draw its directories, page tables and "
                               "frames at the first fork, the writes after it, the first eviction to swap and "
                               "the return from there. Without PROGRAM: user/lab/story.c, which does all that.",
                               usage="./quire map [OPTION]... --svg OUT [-- PROGRAM [ARGUMENT]...]")
    add_machine_options(draw)
    draw.add_argument("--svg", metavar="OUT", type=argument(new_file), required=True, help="where the picture goes")
    draw.add_argument("--at", metavar="A,B,…", type=argument(moment_kinds), default=moments.DEFAULT_KINDS,
                      help=f"only these moments, of {', '.join(moments.KINDS)} (default: all but end)")
    draw.add_argument("--timeout", metavar="SECONDS", type=duration, default=DEFAULT_TIMEOUT,
                      help="give up after this long (default %(default)s)")
    draw.set_defaults(function=command_map, icount=True)

    page = commands.add_parser("web", help="Quire in a browser, with its memory beside it",
                               description="Make a page that boots Quire in the browser, on a PC that v86 "
                               "emulates, with a shell, a live map of all frames and the faults' log; and "
                               "serve it on this machine. The folder can be put on any web server.")
    page.add_argument("--port", metavar="N", type=argument(port_number), default=8000,
                      help="serve there, 0: on any that is free (default %(default)s)")
    page.add_argument("--out", metavar="DIR", type=argument(new_folder),
                      help="where the folder is made (default build/PRESET/web)")
    page.add_argument("--no-serve", action="store_true", help="only make the folder")
    page.add_argument("--preset", choices=PRESETS, default="debug",
                      help="which build to use (default %(default)s)")
    page.set_defaults(function=command_web)

    debug = commands.add_parser("debug", help="gdb at a program's main, or at the kernel's beginning",
                                description="Start QEMU, and gdb with the kernel's symbols and "
                                "macros (help quire). PROGRAM, a host file or a path in the guest, "
                                "is run instead of the shell and stopped at its main; without it "
                                "the machine is stopped at its first instruction.",
                                usage="./quire debug [OPTION]... [PROGRAM [ARGUMENT]...]")
    add_machine_options(debug)
    debug.add_argument("--reverse", action="store_true",
                       help="record a whole run of PROGRAM first, and debug the recording, in which "
                            "gdb can go back. The disks stay as they were")
    debug.add_argument("--script", metavar="FILE", type=argument(old_file),
                       help="gdb runs the commands in FILE, and ends")
    debug.add_argument("program", nargs="*", help=argparse.SUPPRESS)
    debug.set_defaults(function=command_debug, icount=False)

    deps = commands.add_parser("deps", help="only install what is missing",
                               description="Install the host packages that are missing and fetch "
                               "the i386 packages into build/.")
    deps.set_defaults(function=command_deps)
    return parser


def options_of(arguments):
    """The session.Options among the parsed arguments."""
    known = session.Options.__dataclass_fields__
    return session.Options(**{k: v for k, v in vars(arguments).items() if k in known})


def command_run(arguments, _program):
    folder = build(arguments.preset, "kernel", "root")
    return interactive.run(folder, options_of(arguments), arguments.display)


def command_tour(arguments, _program):
    if not sys.stdin.isatty():
        return command_exec(arguments, [TOUR])
    folder = build(arguments.preset, "kernel", "root")
    options = options_of(arguments)
    options.append = [*options.append, f"first={TOUR}"]
    return interactive.run(folder, options, display=False)


def command_exec(arguments, program):
    if not program:
        raise QuireError("no program to run; ./quire exec [OPTION]... -- PROGRAM [ARGUMENT]...")
    folder = build(arguments.preset, "kernel", "root")
    log = machine.write_all(2) if arguments.verbose else lambda data: None
    outcome = session.run_program(folder, options_of(arguments), program, machine.write_all(1),
                                  machine.write_all(2), log)
    status, text = session.verdict(outcome)
    if text:
        say(text)
    return status


def check_ctest_arguments(words):
    """ctest takes no notice of what it does not know, and would run all tests, which take hours."""
    shown = subprocess.run(["ctest", "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    known = set(re.findall(r"(?<![\w<-])--?[A-Za-z][\w.-]*", shown))
    if words and not words[0].startswith("-"):
        raise QuireError(f"'{words[0]}' is no option of ctest; -R {words[0]} chooses tests by name")
    for word in words:
        option = word.split("=")[0]
        if option.startswith("-") and option not in known and not re.fullmatch(r"-j\d+", option):
            raise QuireError(f"'{word}' is no option of ctest; ./quire test --help lists some")


def command_test(arguments, _program):
    if "--help" in arguments.arguments or "-h" in arguments.arguments:
        print("usage: ./quire test [CTEST ARGUMENT]...\n\n"
              "Build everything and run the tests with ctest. Some arguments of ctest:\n"
              "  -N              only list the tests\n"
              "  -R NAME         those whose name matches the regular expression\n"
              "  -L LABEL        those with the label: host kernel user programs bench iso stress\n"
              "  -LE LABEL       all but those: -LE stress leaves out the long ones, which take hours\n"
              "  -L '^A29$'      those that prove a row of docs/features.md\n"
              "  -j N            this many at once (default: one more than there are cores)\n"
              "  --rerun-failed  those that failed last time\n\n"
              "The log of each test is kept in build/debug/logs.")
        return 0
    check_ctest_arguments(arguments.arguments)
    folder = build("debug")
    results = folder / features.RESULTS
    results.unlink(missing_ok=True)
    # One more than there are cores: some tests only wait.
    command = ["ctest", "--test-dir", str(folder), f"-j{(os.cpu_count() or 1) + 1}", "--output-on-failure",
               "--no-label-summary", "--output-junit", str(results), *arguments.arguments]
    status = subprocess.run(command, check=False).returncode
    return features.conclude(folder) or status


def command_features(_arguments, _program):
    return features.command(build("debug", "kernel"))


def command_docs(arguments, _program):
    build("debug")
    return book.command(arguments.files)


def command_debug(arguments, program):
    program = arguments.program + program
    if arguments.reverse and not program:
        raise QuireError("--reverse needs a program to record")
    folder = build(arguments.preset, "kernel", "root")
    return interactive.debug(folder, options_of(arguments), program, arguments.script,
                             arguments.reverse)


def command_bench(arguments, _program):
    return bench.command(arguments, build("release", "bench", "profile", "kernel", "root"))


def command_profile(arguments, program):
    if bool(program) == bool(arguments.event):
        raise QuireError("name a row with --event, or a program behind --; one of them")
    row, = bench.choose_rows([arguments.event]) if arguments.event else [None]
    folder = build(arguments.preset, "bench", "profile", "kernel", "root")
    if row:
        counts, events = bench.count_row(folder, row)
    else:
        counts, events = count_program(folder, options_of(arguments), program), 1
    print(counting.table(counting.by_function(counts, folder / "quire.elf"), events,
                         arguments.top))
    return 0


def count_program(folder, options, program):
    """Run a program on Quire, its output going to stderr; what was executed."""
    place = run_dir("profile")
    try:
        options.extra = counting.plugin_arguments(folder, place / "counts", counting.PROGRAM)
        say("counting; this takes longer than an ordinary run…")
        outcome = session.run_program(folder, options, program, machine.write_all(2),
                                      machine.write_all(2), lambda data: None)
        _, text = session.verdict(outcome)
        if text:
            raise QuireError(text)
        return counting.read_counts(place / "counts")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def command_disk(arguments, _program):
    if arguments.file.exists():
        raise QuireError(f"{arguments.file} exists; remove it first")
    say("fetching packages and what they depend on…")
    disk.make_disk(arguments.file, arguments.packages, arguments.size)
    return 0


def command_lab(arguments, program):
    folder = build("debug", "kernel", "root", "workloads", "replay",
                   *(["debian"] if lab.needs_debian(arguments, program) else []))
    return lab.run(folder, arguments, program)


def command_trace(arguments, program):
    if not program:
        raise QuireError("no program to trace; ./quire trace [OPTION]... -- PROGRAM [ARGUMENT]...")
    folder = build(arguments.preset, "kernel", "root")
    return trace.run(folder, options_of(arguments), program, arguments.out, arguments.events)


def command_lab_kit(arguments, _program):
    if not arguments.name:
        print("A lab for each who wants to build a part of this kernel; ./quire lab-kit NAME FOLDER makes the tree:\n\n"
              + lab_kit.list_kits(), end="")
    elif not arguments.folder:
        raise QuireError(f"where is the tree to go? ./quire lab-kit {arguments.name} FOLDER")
    else:
        lab_kit.make_kit(arguments.name, arguments.folder)
        say(f"read {arguments.folder}/LAB.md first")
    return 0


def command_map(arguments, program):
    folder = build(arguments.preset, "kernel", "root", "workloads")
    return moments.run(folder, options_of(arguments), program, arguments.svg, arguments.at)


def command_web(arguments, _program):
    folder = build(arguments.preset, "kernel", "root")
    out = arguments.out or folder / "web"
    web.assemble(folder, out)
    if arguments.no_serve:
        print(out)
    else:
        web.serve(out, arguments.port)
    return 0


def command_deps(_arguments, _program):
    fetch_i386.fetch()
    say("everything that is needed is there")
    return 0


def parse(words):
    """The parsed arguments, and the words after "--"."""
    program = []
    if words[:1] != ["test"] and "--" in words:
        cut = words.index("--")
        words, program = words[:cut], words[cut + 1:]
    arguments = make_parser().parse_args(words)
    if program and arguments.command not in ("exec", "debug", "profile", "lab", "trace", "map"):
        raise QuireError(f"{arguments.command} takes no program; ./quire exec does")
    return arguments, program


def interrupted(_number, _frame):
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGTERM, interrupted)
    try:
        arguments, program = parse(sys.argv[1:])
        return arguments.function(arguments, program)
    except QuireError as error:
        say(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Nothing is left to complain at exit.
        return 128 + signal.SIGPIPE
    except OSError as error:
        what = error.strerror or error
        say(f"{error.filename}: {what}" if error.filename else what)
    except subprocess.CalledProcessError as error:
        say(f"{error.cmd[0]} failed; what it said is above")
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return session.STATUS_MACHINE_FAILED if "exec" in sys.argv[1:2] else 1


if __name__ == "__main__":
    sys.exit(main())
