#!/bin/sh
#
# diffutils: diff in all its forms, recursive, cmp, sdiff, diff3 merges.

export LC_ALL=C TZ=UTC0
seq 1 5000 | sed 's/.*/line &/' >old
sed -e '100d' -e '200,210s/line/LINE/' -e '3000a inserted' -e '4999s/$/ end/' old >new
diff old new; echo "status $?"
diff -u --label old --label new old new; diff -c --label o --label n old new | sed -n '1,20p'
diff -q old new; diff -e old new; diff --normal -y -W 40 --suppress-common-lines old new
diff -i old new | wc -l; diff --speed-large-files old new | md5sum; diff -d old new | md5sum
diff old old && echo equal
printf 'a  b\n\nc\n' >w1; printf 'a b\nc \n' >w2; diff -bB w1 w2 && echo blanks do not count
cp -r /usr/share/common-licenses one; cp -r one two
sed -i 's/freedom/liberty/g' two/GPL-3; echo more >two/extra; rm two/BSD
diff -r -q one two; diff -r one two | sha256sum; diff -rN -u one two | grep -c '^[-+]'
cmp old new; cmp -l -n 3000 old new | head -n 5; cmp old old && echo same bytes
head -c 5000 old >short; cmp old short; cmp -i 10:10 old old && echo same behind ten
sed 's/^line 50$/line fifty/' old >mine; sed 's/^line 4000$/line four thousand/' old >yours
diff3 mine old yours; diff3 -m mine old yours | sed -n '50p;4000p'
sed 's/^line 50$/line 5-0/' old >theirs; diff3 -m mine old theirs >conflict; echo "status $?"; sed -n '48,58p' conflict
sdiff -s -w 60 old new
head -c 200000 /bin/bash >bin1; cp bin1 bin2; printf '\377' | dd of=bin2 bs=1 seek=100001 conv=notrunc 2>/dev/null
diff bin1 bin2; cmp -b bin1 bin2; diff -a bin1 bin2 | wc -l
seq 1 20000 | awk '{ print $1 * 7 % 5000 }' >r1; seq 1 20000 | awk '{ print $1 * 11 % 5000 }' >r2
diff r1 r2 | wc -l
diff missing old; echo "status $?"
diff -u --label a --label b - old <new | head -n 3
rm -r one two
