#!/bin/sh
#
# gzip: every level, streams, damaged input, times kept.

set -e
export LC_ALL=C TZ=UTC0
cat /bin/bash /usr/share/common-licenses/* >data
seq 1 100000 >numbers
for level in 1 5 6 9; do
	gzip -$level -c -n data | tee level$level.gz | sha256sum
	gzip -l level$level.gz | tail -n 1 | sed 's/  */ /g'
	gunzip -c level$level.gz | cmp - data
	rm level$level.gz
done
touch -d '2010-10-10 10:10:10' numbers; before=$(sha256sum <numbers)
gzip numbers; test ! -e numbers; gzip -t numbers.gz && echo whole; gzip -lv numbers.gz | tail -n 1 | sed 's/  */ /g'
stat -c %y numbers.gz; zcat numbers.gz | tail -n 1; zgrep -c 77 numbers.gz
gunzip numbers.gz; test "$before" = "$(sha256sum <numbers)" && echo back; stat -c %y numbers
gzip -c -n numbers >two.gz; gzip -c -n numbers >>two.gz; zcat two.gz | wc -l
head -c 100000 two.gz | gunzip 2>errors | wc -l; cat errors
printf 'damage' | dd of=two.gz bs=1 seek=5000 conv=notrunc 2>/dev/null
gunzip -t two.gz 2>errors || { echo "status $?"; cat errors; }
gzip -S .pressed -n numbers; ls; gunzip -S .pressed numbers.pressed
mkdir many; split -n 20 data many/x; gzip -r -n many; ls many | head -n 3
gunzip -r many; cat many/* | cmp - data && echo recursive
head -c 2000000 /dev/zero | gzip -n | wc -c
seq 1 2000 | gzip -n | { sleep 0.2; gunzip; } | md5sum
gzip nothing 2>errors || cat errors
zdiff numbers data >/dev/null || echo "differ: $?"
rm -r many data two.gz errors
