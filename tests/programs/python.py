#!/usr/bin/python3.11
"""python3.11: threads, subprocess, mmap, dicts, forks, pipes, signals, files.

# rows: A12 A15 D31 D33
# timeout: 300
"""

import hashlib
import pickle
import mmap
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib


def dicts():
    table = {f"key{i}": i * i for i in range(100000)}
    for i in range(0, 100000, 3):
        del table[f"key{i}"]
    groups = {}
    for key, value in table.items():
        groups.setdefault(value % 7, []).append(len(key))
    print(len(table), sum(table.values()), {k: sum(v) for k, v in sorted(groups.items())})
    print(sorted(range(20), key=lambda n: (n * 7) % 11), sys.intern("x") is "x"[:])


def threads():
    lock, results, box = threading.Lock(), [], threading.Condition()
    items = []

    def producer(base):
        for i in range(200):
            with box:
                items.append(base + i)
                box.notify()

    def consumer():
        total = 0
        for _ in range(200):
            with box:
                box.wait_for(lambda: items)
                total += items.pop()
        with lock:
            results.append(total)

    workers = [threading.Thread(target=producer, args=(n * 1000,)) for n in range(4)]
    workers += [threading.Thread(target=consumer) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("threads", sum(results), threading.active_count())
    barrier, order = threading.Barrier(5), threading.local()
    waits = [threading.Thread(target=barrier.wait) for _ in range(5)]
    _ = [w.start() for w in waits], [w.join(10) for w in waits]
    print("barrier", barrier.n_waiting, hasattr(order, "x"), threading.Event().wait(0.05))


def processes():
    out = subprocess.run(["sort", "-n"], input="3\n1\n2\n", text=True, capture_output=True, check=True)
    print(out.stdout.split(), out.returncode)
    first = subprocess.Popen(["seq", "1", "50000"], stdout=subprocess.PIPE)
    second = subprocess.Popen(["wc"], stdin=first.stdout, stdout=subprocess.PIPE, text=True)
    first.stdout.close()
    print(second.communicate()[0].split(), first.wait())
    late = subprocess.Popen(["sleep", "60"])
    try:
        late.wait(0.2)
    except subprocess.TimeoutExpired as error:
        late.kill()
        print(type(error).__name__, late.wait())
    print(subprocess.getstatusoutput("echo failing; exit 9"))
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, struct.pack("<If", 7, 0.5))
        os._exit(5)
    print(struct.unpack("<If", os.read(reader, 100)), os.waitstatus_to_exitcode(os.wait()[1]))


def mappings():
    with open("mapped", "w+b") as file:
        file.truncate(3 * mmap.PAGESIZE)
        with mmap.mmap(file.fileno(), 0) as shared:
            shared[5000:5005] = b"hello"
            shared.flush()
            os.pwrite(file.fileno(), b"W", 5000)
            print(shared[5000:5005], shared.find(b"llo"), len(shared))
            private = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
            private[0:4] = b"mine"
            print(shared[0:4], private[0:4])
            if os.fork() == 0:
                shared[100] = 200
                private[1] = 0
                os._exit(0)
            os.wait()
            print(shared[100], private[0:4])
            shared.resize(5 * mmap.PAGESIZE)
            shared.madvise(mmap.MADV_WILLNEED)
            shared.move(8192, 5000, 5)
            private.close()
    anonymous = mmap.mmap(-1, 1 << 20)
    anonymous.write(b"x" * 4097)
    print(anonymous.tell(), anonymous.rfind(b"x"), zlib.crc32(anonymous))
    print(hashlib.sha256(open("mapped", "rb").read()).hexdigest(), os.stat("mapped").st_size)


def signals():
    seen = []
    signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    end = time.monotonic() + 20
    while len(seen) < 3 and time.monotonic() < end:
        signal.pause()
    signal.setitimer(signal.ITIMER_REAL, 0)
    print("alarms", len(seen) >= 3, signal.Signals(seen[0]).name)
    pid = os.fork()
    if pid == 0:
        signal.pause()
    os.kill(pid, signal.SIGTERM)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def files():
    random.seed(1)
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for i in range(200):
            with open(f"{folder}/{i}.pickle", "wb") as file:
                pickle.dump({"n": i, "values": [random.randrange(1000) for _ in range(50)]}, file)
        total = sum(sum(pickle.load(open(entry.path, "rb"))["values"])
                    for entry in os.scandir(folder))
        print(total, len(os.listdir(folder)), max(os.listdir(folder)))
    text = open("/usr/share/common-licenses/GPL-3", encoding="utf-8").read()
    words = re.findall(r"\b[a-z]{5,}\b", text.lower())
    common = sorted(set(words), key=lambda w: (-words.count(w), w))[:8]
    print(common, len(zlib.compress(text.encode(), 9)), pow(3, 10 ** 5, 10 ** 9 + 7), 2 ** 200)
    try:
        open("/none/such", encoding="utf-8")
    except FileNotFoundError as error:
        print(error.errno, error.strerror)


for part in (dicts, threads, processes, mappings, signals, files):
    part()
    sys.stdout.flush()
