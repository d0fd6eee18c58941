#!/usr/bin/env python3
"""A kernel that goes wrong on purpose: each way must be told from the others, and from success.

rows: D22 E21 E26
"""

import unittest

from common import test_build

import run
from machine import End

SECONDS = 30
HANG_SECONDS = 8


# What the kernel says when it is asked to do what must not be.
REFUSALS = {
    "initagain": "pmm_init: BUG_ON(frames)",
    "freetwice": "put without a reference",
    "freebusy": "freeing frame",
    "freeimage": "freeing frame",
    "freeinside": "kmem_cache_free: ASSERT",
    "freeinsidelarge": "kfree: ASSERT",
    "freeforeign": "kfree(",
    "evictimage": "isolate: BUG_ON",
}


class Ends(unittest.TestCase):
    def end_of(self, suite, seconds=SECONDS):
        outcome = run.run_kernel_suite(test_build(), suite, seconds)
        return outcome.end, outcome.log.decode(errors="replace")

    def test_pass(self):
        end, log = self.end_of("vma")
        self.assertIs(end, End.POWEROFF, log)
        self.assertTrue(run.ktap_passed(log.encode(), "vma"), log)

    def test_fail(self):
        end, log = self.end_of("fail")
        self.assertIs(end, End.SELFTEST_FAILED, log)
        self.assertIn("not ok", log)

    def test_unknown_suite(self):
        self.assertIs(self.end_of("nosuchsuite")[0], End.SELFTEST_FAILED)

    def test_panic(self):
        end, log = self.end_of("panic")
        self.assertIs(end, End.PANIC, log)
        self.assertIn("PANIC: on purpose", log)
        self.assertIn("selftest_run", log, "the backtrace must name functions")

    def test_stack_overflow_panics(self):
        end, log = self.end_of("stackoverflow")
        self.assertIs(end, End.PANIC, log)
        self.assertIn("stack", log.lower())

    def test_what_must_not_be_panics(self):
        for name, said in REFUSALS.items():
            with self.subTest(name):
                end, log = self.end_of(name)
                self.assertIs(end, End.PANIC, log)
                self.assertIn(said, log)

    def test_hang(self):
        self.assertIs(self.end_of("hang", HANG_SECONDS)[0], End.TIMEOUT)

    def test_reboot(self):
        self.assertIs(self.end_of("reboot")[0], End.REBOOT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
