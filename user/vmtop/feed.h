/* feed.h: what the frames of memory are, for programs. */
#pragma once

/*
 * Look every delay seconds, less often while all stays as it is, and print a line of JSON when something has
 * changed; for ever:
 *
 *	{"time": 12.25, "faults": 310, "in": 0, "out": 7, "swap": [7, 8191], "frames": "k112.40fa3"}
 *
 * time is in seconds; faults and pages from and to swap are counted since boot; swap is pages in use, and
 * all; frames are letters of vmtop's legend (screen.h), in order of address, each followed by how many
 * there are in a row, if that is not 1.
 */
void feed_run(double delay) __attribute__((noreturn));
