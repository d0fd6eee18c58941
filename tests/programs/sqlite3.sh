#!/bin/sh
#
# sqlite3: ten thousand inserts in rollback and in WAL mode with the database mapped, then
# integrity_check; two processes share one database through locks and shared memory.
#
# rows: A12 A22
# timeout: 300

set -e
export LC_ALL=C

# inserts DATABASE MODE: 100 transactions of 100 rows each.
inserts() {
	{
		echo "pragma journal_mode = $2; pragma mmap_size = 67108864; pragma page_size;"
		echo 'create table t (id integer primary key, name text, value real, blob blob);'
		echo 'create index by_name on t (name);'
		awk 'BEGIN { for (i = 1; i <= 10000; i++) {
			if (i % 100 == 1) print "begin;"
			printf "insert into t values (%d, \"name%d\", %.3f, zeroblob(%d));\n", i, i * 7919 % 10007, i / 7, i % 200
			if (i % 100 == 0) print "commit;" } }'
		echo 'pragma integrity_check; select count(*), sum(value), max(name), total(length(blob)) from t;'
	} | sqlite3 "$1"
}
for mode in delete wal; do
	inserts $mode.db $mode
	sqlite3 $mode.db 'pragma mmap_size = 33554432; update t set value = value * 2 where id % 3 = 0;
		delete from t where id % 7 = 0; select count(*), round(sum(value), 2) from t;
		select name, value from t where name between "name50" and "name5010" order by name;
		pragma integrity_check;'
done
sqlite3 wal.db 'pragma wal_checkpoint(truncate); vacuum; pragma page_count; pragma freelist_count;'
for mode in delete wal; do sqlite3 $mode.db .dump | sha256sum; done

# A reader keeps its snapshot while a writer goes on, in another process.
mkfifo to from
sqlite3 wal.db <to >from & reader=$!
exec 3>to 4<from
echo 'begin; select count(*) from t;' >&3; read -r before <&4; echo "reader sees $before"
sqlite3 wal.db 'delete from t where id <= 5000; select count(*) from t;'
echo 'select count(*) from t; commit; select count(*) from t;' >&3
read -r during <&4; read -r after <&4; echo "$during during, $after after"
exec 3>&- 4<&-; wait $reader; rm to from

# Writers exclude each other.
sqlite3 delete.db 'create table log (n)'
for w in 1 2 3; do
	for i in 1 2 3 4 5 6 7 8; do echo "pragma busy_timeout = 20000; begin immediate; insert into log values ($w); commit;"; done |
		sqlite3 delete.db >/dev/null &
done
wait
sqlite3 delete.db 'select n, count(*) from log group by n; pragma integrity_check;'
sqlite3 delete.db 'begin; delete from t; rollback; select count(*) from t;'
sqlite3 -header -column wal.db 'with recursive c(x) as (select 1 union all select x + 1 from c where x < 1000)
	select count(*) as n, sum(x * x) as squares from c;'
sqlite3 copy.db "attach 'wal.db' as w; create table t as select * from w.t where id % 10 = 1; select count(*) from t;"
sqlite3 copy.db '.backup backup.db'; sqlite3 backup.db 'pragma integrity_check; select count(*) from t;'
rm -f ./*.db
