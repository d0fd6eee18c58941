#!/bin/sh
#
# pressure.sh [POLICY POOL PROGRAM MIB]...: run programs that use so much memory, each under a replacement policy
# and with (1) or without (0) the compressed pool. Says in sections, which begin with @, what the program told
# and the kernel's counters: before it, after it, and when all that it used has been given back.

export LC_ALL=C
swap=/dev/hdb

counters() {
	echo "@$1"
	cat /proc/uptime /proc/vmstat /proc/meminfo /proc/swaps
}

# Whatever is in swap or kept for later comes back; then the kernel recounts everything.
give_back() {
	busybox swapoff $swap && echo 3 >/proc/sys/vm/drop_caches && echo 1 >/proc/sys/vm/check
}

# Written, read three times in order and once at random; four processes of so much each.
words() { /tests/words "$1" && echo right; }
processes() { /tests/processes "$1" && echo right; }

# Of lines of 8000 bytes, in memory.
sort_file() {
	padding=$(printf '%07990d' 0)
	seq -w 100001 $((100000 + $1 * 131)) | busybox rev | sed "s/\$/ $padding/" >unsorted &&
		busybox sort unsorted | md5sum
	rm unsorted
}

# Rows of 1000 bytes, in its own cache while they are written, in a mapping when they are read.
database() {
	rows=$(($1 * 1024))
	sqlite3 big.db "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -$(($1 * 1024));
		create table t (id integer primary key, key integer, body text);
		with recursive c(x) as (select 1 union all select x + 1 from c where x < $rows)
		insert into t select x, x * 7919 % 1000003, printf('%01000d', x * 104729) from c;
		create index by_key on t (key);" &&
		sqlite3 big.db "pragma mmap_size = $(($1 << 21)); pragma integrity_check;
		select count(*), sum(key), sum(body = printf('%01000d', id * 104729)) from t;
		select id from t where key >= 5000 order by key limit 1;"
	rm big.db
}

dictionary() {
	python3.11 -c "
n = ($1 << 20) // 424
table = {i: b'%08d' % i * 48 for i in range(n)}
wrong = sum(table[i] != b'%08d' % i * 48 for i in (k * 7919 % n for k in range(n)))
print(len(table), wrong)"
}

cd /root || exit
for program in words processes sort_file database dictionary; do
	"$program" 1 >/dev/null || exit # Later the shell takes no more memory than now.
done
give_back
counters start
while [ $# -gt 0 ]; do
	busybox swapon $swap && echo "$1" >/proc/sys/vm/policy && echo "$2" >/proc/sys/vm/zpool || exit
	counters "before $1 $2 $3 $4"
	echo @told
	"$3" "$4" || exit
	counters after
	give_back || exit
	counters rest
	shift 4
done
