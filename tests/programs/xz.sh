#!/bin/sh
#
# xz: levels with dictionaries of megabytes, threads, filters, checks, lzma, lists.
#
# timeout: 300

set -e
export LC_ALL=C
cat /bin/bash >data
for level in 0 6; do
	xz -$level -T 1 -c data >a.xz; sha256sum <a.xz
	xz -dc a.xz | cmp - data
	rm a.xz
done
xz -T 2 --block-size=256KiB -0 -k data; xz -l data.xz | tail -n 1 | sed 's/  */ /g'
xz -dc -T 2 data.xz | cmp - data && echo threads
xz --robot -l data.xz | cut -f 1-6; xz -tv data.xz 2>/dev/null && echo whole
xz --x86 --lzma2=preset=1,dict=256KiB -c data | tee x86.xz | sha256sum
xz -dc x86.xz | cmp - data; seq 900 | xz --check=sha256 | xz -dc | md5sum
xz --format=lzma -1 -c data | tee old.lzma | sha256sum; xz -dc old.lzma | cmp - data
seq 1 50000 >numbers; xz numbers; xzcat numbers.xz | tail -n 2; xzgrep -c 999 numbers.xz
xz -d numbers.xz; wc -l numbers
head -c 100000 data.xz | xz -dc 2>errors | wc -c || true; sed 's/.*: //' errors
xz -dc --memlimit=1MiB data.xz 2>/dev/null | wc -c || true
dd if=/dev/zero bs=1M count=3 2>/dev/null | xz -1 -T 1 | wc -c
xz -0 -c numbers >cat.xz; xz -0 -c data >>cat.xz; xz -dc cat.xz | sha256sum
xz -d <numbers 2>errors || { echo "status $?"; cat errors; }
rm data data.xz x86.xz old.lzma cat.xz
