#!/bin/sh
#
# native_root.sh ROOT WORK COMMAND...: run COMMAND on this host's Linux with ROOT as its root
# directory and WORK as its /root, its current directory; ROOT itself stays as it is.
#
# All mounts are made in a mount namespace of our own (run us under unshare --mount --pid --fork)
# and are gone with it, whatever becomes of us. Works for root, and for a user by --map-root-user:
# a user may not make device nodes, so the host's are bound, one by one.

set -e
root=$1 work=$2
shift 2

mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind "$work" "$root/root"
for folder in dev tmp run; do
	mount -t tmpfs none "$root/$folder"
done
mkdir -m 1777 "$root/dev/shm"
for node in full null random tty urandom zero; do
	: >"$root/dev/$node"
	mount --bind "/dev/$node" "$root/dev/$node"
done
ln -s /proc/self/fd "$root/dev/fd"
mount -o remount,bind,ro "$root"
# The command is not process 1 itself: signals would spare it.
exec chroot "$root" /bin/sh -c 'cd /root && "$@"; exit $?' sh "$@"
