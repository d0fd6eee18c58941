#!/bin/sh
#
# tar: archives of a tree with every kind of file, incremental, listed, compared, through each compressor.

set -e
export LC_ALL=C TZ=UTC0
umask 022
mkdir -p tree/sub/deep tree/empty
i=0
while [ $i -lt 80 ]; do
	head -c $((i * 257)) /bin/bash >tree/sub/file$i
	i=$((i + 1))
done
long=tree/$(printf 'a%.0s' $(seq 120))
mkdir "$long"; echo long >"$long/$(printf 'b%.0s' $(seq 150))"
ln -s ../sub/file9 tree/empty/soft; ln tree/sub/file10 tree/hard
truncate -s 1M tree/sparse; printf x | dd of=tree/sparse bs=1 seek=500000 conv=notrunc 2>/dev/null
chmod 4751 tree/sub/file3; chmod 600 tree/sub/file4
mkfifo tree/fifo
find tree -exec touch -h -d '2020-01-02 03:04:05' {} +

for format in gnu ustar pax v7; do
	options=; [ $format = v7 ] || options='--sort=name --numeric-owner'
	case $format in v7 | ustar) what='tree/sub tree/hard' ;; *) what=tree ;; esac
	tar -c -H $format $options -f $format.tar $what
	mkdir out-$format
	tar -x -p -f $format.tar -C out-$format
	(cd out-$format && find . -type d -printf '%p %m\n' -o -printf '%p %y %m %s %l %T@\n' | sort | sha256sum)
	tar -t -f $format.tar | wc -l
done
tar -cS -f sparse.tar tree/sparse; test "$(stat -c %s sparse.tar)" -lt 30000
tar -x -f sparse.tar -O | cmp - tree/sparse && echo sparse
for flag in z J; do
	tar -c$flag -f packed tree/sub
	tar -d -f packed && echo no difference
	rm packed
done
tar -tvf gnu.tar --full-time | sed 's/  */ /g' | head -n 15
tar -xf pax.tar --to-stdout tree/sub/file77 | cmp - tree/sub/file77
tar --delete -f gnu.tar tree/sub/file5; tar -tf gnu.tar | grep -c file5
echo new >tree/new; tar -rf gnu.tar tree/new; tar -tf gnu.tar | tail -n 1
tar -cf level0.tar -g snapshot tree/sub; echo changed >tree/sub/file20
tar -cf level1.tar -g snapshot tree/sub; tar -tf level1.tar | grep -v '/$'
tar -cf - -C tree sub | tar -xf - --strip-components=1 --transform 's/file/renamed/' -C tree/empty
ls tree/empty | wc -l
tar -cf wild.tar --exclude='file[1-7]*' tree/sub; tar -tf wild.tar | wc -l
echo garbage | tar -tf - 2>/dev/null || echo "refused: $?"
rm -f tree/fifo out-*/tree/fifo snapshot *.tar
