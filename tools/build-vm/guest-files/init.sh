#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# The first program of both machines: mounts what programs expect, brings the
# network up, and becomes the agent on the port AGENT_PORT, or a shell.
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev 2>/dev/null
/bin/busybox mkdir -p /dev/pts /dev/shm
/bin/busybox mount -t devpts devpts /dev/pts
/bin/busybox mount -t tmpfs tmpfs /dev/shm
/bin/busybox mount -t tmpfs tmpfs /tmp
/bin/busybox mount -t tmpfs tmpfs /run
/bin/busybox mount -t debugfs debugfs /sys/kernel/debug
/bin/busybox ip link set lo up
if [ -e /sys/class/net/eth0 ]; then
	/bin/busybox ip addr add 10.0.2.15/24 dev eth0
	/bin/busybox ip link set eth0 up
fi
export PATH=/bin:/programs HOME=/tmp TERM=linux
# Started by hand, there is nobody for the agent to talk to.
[ "$AGENT_PORT" != shell ] || exec setsid -c sh
exec /bin/agent "${AGENT_PORT:-agent}"
