#!/bin/sh
#
# coreutils: large sorts that spill to disk, copies, joins, sums, links, splits, numbers.

set -e
export LC_ALL=C TZ=UTC0
umask 022
seq 1 120000 | shuf --random-source=/usr/bin/python3.11 >shuffled
sort -S 1M -T . -n shuffled | cmp - <<END
$(seq 1 120000)
END
echo sorted with a small buffer
sort --parallel=2 -r shuffled | sha256sum
md5sum /bin/bash /bin/dash /bin/ls >sums; md5sum -c sums
sha1sum <shuffled; sha512sum <shuffled; cksum <shuffled; sum <shuffled; b2sum <shuffled
split -n 7 -d shuffled piece.; cat piece.* | cmp - shuffled; wc -c piece.*; rm piece.*
split -l 50000 shuffled lines.; wc -l lines.*; rm lines.*
csplit -s shuffled 100 5000; wc -l xx*; rm xx*
seq 1 20 | paste - - - - ; seq 1 9 | pr -3 -t -l 4; seq 30 | fmt -w 40 | nl
seq 1 2 100 >odd; seq 1 3 100 >third; sort odd >o; sort third >t
join o t | wc -l; comm -12 o t | tr '\n' ' '; comm -3 o t | wc -l
echo 'a b c b a' | tr ' ' '\n' | tsort 2>/dev/null || echo a loop
printf 'x\ty\n' | expand -t 12 | unexpand -a -t 4 | od -c
factor 4611686018427387847 123456789; numfmt --to=iec 1234567890; seq -s + 5
date -d '2024-02-29 12:00 + 1 year' '+%F %T %j'; date -d @86400 -Is
mkdir -p d/e/f; echo data >d/e/f/g; ln -s f d/e/link; ln d/e/f/g d/hard
cp -a d copy; diff -r d copy; stat -c "%n %h %F %a" copy copy/hard copy/e/link
install -m 750 -D d/hard new/place/installed; ls -l new/place | tail -n 1 | cut -c 1-10
touch -d '2001-02-03 04:05:06' d/hard; stat -c '%y %Y' d/e/f/g
chmod u=rwx,g=rx,o= d; stat -c %A d; chmod 755 d
truncate -s 3M sparse; printf end >>sparse; stat -c %s sparse; test "$(du -k sparse | cut -f 1)" -lt 64
cp --sparse=always sparse holes; cmp sparse holes; dd if=shuffled of=holes bs=1000 seek=2 count=3 conv=notrunc 2>/dev/null
sha256sum holes; rm sparse holes
mv copy moved; test ! -e copy; realpath moved/e/link; readlink moved/e/link
env -i A=1 B=2 env; nice -n 5 nice; timeout 1 sleep 20 || echo "timed out: $?"
head -c 100000 /bin/ls | base64 -w 100 | tail -n 1; head -c 3000 /bin/ls | base32 | base32 -d | cmp - -n 3000 /bin/ls
tac odd | head -n 3; rev 2>/dev/null <odd | head -n 1; tail -c 20 shuffled | wc -l; head -n -49 odd
seq 1 1000 | tee a b | wc -l; cmp a b; shred -n 1 -u a; test ! -e a; unlink b
mkfifo pipe; cat pipe >through & echo through the pipe >pipe; wait; cat through; rm pipe
ls -R d; ls -l d/e | tail -n +2 | cut -c 1-13; dirname /a/b/c; basename /a/b/c.d .d
test -x /bin/ls -a ! -d /bin/ls; [ 3 -lt 10 ] && expr substr quire 2 3
rm -rf d moved new
