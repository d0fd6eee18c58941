#!/bin/sh
#
# sed: addresses, hold space, loops, in-place editing of many files.

set -e
export LC_ALL=C
seq 1 3000 | sed 's/.*/item & costs &00 cents/' >list
sed -n '10,12p;$p' list
sed -E 's/item ([0-9]+) costs ([0-9]+)00 cents/\2.00 for \1/; 2~500!d' list
sed '1!G;h;$!d' list | head -n 3
sed -n '/item 10[0-9] /{=;l 30;}' list | head -n 12
sed ':a;s/^\(\s*[0-9]\+\)\([0-9]\{3\}\)/\1,\2/;ta' <<END
1234567890
12345
999
END
sed '/item 5 /,/item 9 /{s/costs/is worth/;s/item \(.\)/\U&/}' list | sed -n '4,10p'
sed 'y/abcdefgh/ABCDEFGH/;N;N;s/\n/ + /g' list | tail -n 2
sed -n '$=' list
printf 'one\ntwo\nthree\n' | sed -e '2i before two' -e '2a after two' -e '3c changed'
printf 'k1=v1\nk2=v2\n' | sed 's/\(.*\)=\(.*\)/\2=\1/w swapped' | md5sum; cat swapped
mkdir files
for i in 1 2 3 4 5 6 7 8 9; do head -n $((i * 50)) list >files/$i; done
sed -i.orig -e '1d' -e 's/cents$/c/' -e "s/item/thing/2g" files/?
for i in 1 5 9; do wc -l <files/$i; tail -n 1 files/$i; done
cat files/?.orig | sha256sum; cat files/[1-9] | sha256sum
sed -s -n '1F;1p' files/1 files/2
sed 's/[^,]*,//2' <<END
a,b,c,d
END
sed -n 'x;p;x' list | sed 5q
sed -E 's/(.)(.)/\2\1/g' list | sed -n '7p'
cat >reverse.sed <<'END'
# Reverse each line.
/\n/!G
s/\(.\)\(.*\n\)/&\2\1/
//D
s/.//
END
sed -f reverse.sed list | sed -n '77p;2222p'
sed '/nothing/q5;$!d;s/.*/e/;q7' list || echo "status $?"
seq 20000 | sed -n 's/\([0-9]\)\1\1/<&>/gp' | sha256sum
rm -r files
