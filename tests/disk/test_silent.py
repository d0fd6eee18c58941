#!/usr/bin/env python3
"""A disk that does not answer: bounded waits, then it is left alone. Takes as long as they do."""

import unittest

from guest import Case, faulty


class Silent(Case):
    def test_a_disk_that_does_not_answer_is_given_up(self):
        """One byte a second: nothing ends in time. The other disk goes on."""
        slow = faulty(self.pages_image(), **{"throttling.bps-total": 1})
        other = self.image("other.img", bytes(1 << 20))
        log = self.check_calls("""open /dev/hdb OK
                                  read 0 OK
                                  open /dev/hda OK
                                  read 131072 EIO
                                  read 0 EIO
                                  open /dev/hdb OK
                                  read 131072 OK""", disks=[slow, other])
        self.assertIn("hda: time-out", log)
        self.assertIn("hda: no longer used", log)


if __name__ == "__main__":
    unittest.main(verbosity=2)
