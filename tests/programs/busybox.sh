#!/bin/busybox sh
#
# busybox: its applets and its shell, from a static program with a hundred names.
#
# rows: B34

set -e
export LC_ALL=C TZ=UTC0
/bin/busybox mkdir -p /tmp/applets
/bin/busybox --install -s /tmp/applets
export PATH=/tmp/applets

seq 1 500 | awk '{ printf "%d %s\n", $1 * $1 % 997, substr("abcdefghij", $1 % 10 + 1) }' >table
sort -n -k1,1 -k2 table | uniq -c -f 1 | head -n 20
cut -d ' ' -f 2 table | sort | uniq -c
mkdir -p tree/a/b tree/c
for i in $(seq 40); do head -c $((i * 331)) /dev/zero | tr '\0' "$(printf "\\$(printf %o $((48 + i)))")" >"tree/a/b/$i"; done
ln -s ../a/b/7 tree/c/link
ln tree/a/b/8 tree/c/hard
tar cf tree.tar tree
gzip -k tree.tar
bzip2 -k tree.tar
mkdir out
tar xzf tree.tar.gz -C out
diff -r tree out/tree && echo the archive gives back what went in
bunzip2 -c tree.tar.bz2 | cmp - tree.tar && echo bzip2 too
find out -type f -size +20 | sort | xargs md5sum
find out -type l -exec readlink {} \;
sed -n 's/^\([0-9]*\) b$/\1/p' table | tail -n 5
dd if=table of=part bs=100 skip=3 count=7 2>/dev/null
od -A d -c part | head -n 4
sha256sum part
printf 'one\ntwo\nthree\n' | tee copy | rev | tac
expr 17 '*' 3 + 4; echo 'scale = 3; 22 / 7' | bc
for word in alpha beta gamma; do echo $word; done | while read -r w; do echo "${w#?} ${#w}"; done
(sleep 5 & echo $! >pid; wait) & sleep 1; kill "$(cat pid)"; wait; rm pid
vi -h 2>/dev/null || cal 2 2024
rm -r out tree.tar.gz tree.tar.bz2 tree.tar
