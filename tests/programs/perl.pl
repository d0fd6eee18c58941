#!/usr/bin/perl
#
# perl-base: hashes, expressions, forks, pipes, sockets' absence tolerated, sprintf, files, sorting.

use strict;
use warnings;
use POSIX qw(floor strftime WNOHANG);
$| = 1;

my %seen;
$seen{$_ * $_ % 1009}++ for 1 .. 50000;
printf "%d keys, most often %d\n", scalar(keys %seen), (sort { $b <=> $a } values %seen)[0];
my @sorted = sort { $seen{$b} <=> $seen{$a} || $a <=> $b } keys %seen;
print "@sorted[0 .. 9]\n";

open my $license, '<', '/usr/share/common-licenses/GPL-3' or die $!;
my (%words, $lines);
while (<$license>) {
	$lines++;
	$words{lc $1}++ while /\b([A-Za-z]{4,})\b/g;
}
close $license;
print join(', ', map { "$_=$words{$_}" } (sort { $words{$b} <=> $words{$a} || $a cmp $b } keys %words)[0 .. 9]), "; $lines lines\n";

my $text = 'The year 1969, the day 07/20, the time 20:17:40';
my @numbers = $text =~ /(\d+)/g;
print "@numbers\n";
(my $swapped = $text) =~ s{(\d+)/(\d+)}{$2.$1}g;
print "$swapped\n";
print join('|', split /,\s*/, $text), ' ', ucfirst(reverse 'eriuq'), ' ', $text =~ tr/a-z//, "\n";
my $balanced = qr/\((?:[^()]++|(??{ our $b2 }))*\)/;
our $b2 = $balanced;
print "balanced: $&\n" if 'x (a (b c) (d)) y' =~ $balanced;

my @children;
for my $n (1 .. 5) {
	my $pid = fork // die $!;
	exit $n * 10 if $pid == 0;
	push @children, $pid;
}
print join(' ', map { waitpid($_, 0); $? >> 8 } @children), "\n";
pipe my $read, my $write or die $!;
if (fork == 0) {
	close $read;
	print $write "line $_\n" for 1 .. 20000;
	close $write;
	exit;
}
close $write;
my $count = () = <$read>;
wait;
print "$count lines through a pipe\n";
my $sum = `seq 1 100 | sort -rn | head -n 3`;
print join('+', split /\n/, $sum), " status $?\n";
open my $sorter, '|-', 'sort -n' or die $!;
print $sorter "$_\n" for 3, 11, 2;
close $sorter;

local $SIG{USR1} = sub { print "signal $_[0]\n" };
kill USR1 => $$;
my $died = eval { local $SIG{ALRM} = sub { die "alarm\n" }; alarm 1; select undef, undef, undef, 10; 0 };
print "stopped by $@";

open my $out, '+>', 'records' or die $!;
print $out pack('NnA10', $_, $_ % 7, "record$_") for 1 .. 3000;
seek $out, 16 * 1233, 0;
read $out, my $record, 16;
print join(' ', unpack 'NnA10', $record), ' ', -s $out, "\n";
seek $out, 0, 0;
truncate $out, 16000;
close $out;
print -s 'records', ' ', (stat 'records')[2] & 0777, "\n";
mkdir 'dir' or die $!;
for my $i (1 .. 30) { open my $f, '>', "dir/$i" or die $!; print $f 'x' x $i }
opendir my $dir, 'dir' or die $!;
my @names = sort { $a <=> $b } grep { !/^\./ } readdir $dir;
print scalar(@names), " $names[-1] ", join(',', map { -s "dir/$_" } @names[0 .. 4]), "\n";
rename 'dir/1', 'dir/one' or die $!;
print unlink(glob 'dir/*'), ' ', rmdir('dir') ? 'gone' : $!, "\n";
open(my $none, '<', '/none/such') or print "$!\n";

printf "%s %05d %-6s| %e %g %x %b %s\n", 'text', 42, 'left', 12345.678, 1e21, 255, 10, 1 / 3;
print 9 ** 20, ' ', 2 ** 31, ' ', -7 % 3, ' ', int(-7 / 2), ' ', floor(-3.5), ' ', "abc" x 3, ' ', "a" lt "b", "\n";
print strftime('%F %T', gmtime 86400 * 365), ' ', join(',', map { sprintf '%.3f', $_ } sin 1, cos 1, exp 1, sqrt 2), "\n";
my $big = 'x' x (8 << 20);
$big =~ s/x{1000}/y/g;
print length $big, ' ', ($big =~ tr/y//), "\n";
