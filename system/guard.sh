#!/bin/sh
# SPDX-License-Identifier: MIT
# guard.sh GRACE COMMAND...: runs COMMAND in a session of its own, and ends all of
# it when file descriptor 3 closes, which the kernel does when respin dies, by
# whatever signal: TERM to the whole group, and KILL after GRACE seconds.
# Exits as COMMAND did.
grace=$1
shift
# A command in the background gets /dev/null for stdin, unless told by another number.
exec 4<&0 </dev/null
setsid "$@" <&4 3<&- 4<&- &
child=$!
exec 4<&-
# A ^C on the terminal reaches this script too; respin decides what ends.
trap '' INT TERM HUP
(
	exec 1>/dev/null 2>&1
	while read -r _; do :; done <&3
	trap '' USR1
	# Closed at once, the session may not be there yet: then it is the child alone.
	kill -s TERM -- "-$child" || kill -s TERM "$child"
	tenths=$((grace * 10))
	while [ "$tenths" -gt 0 ] && { kill -s 0 -- "-$child" || kill -s 0 "$child"; }; do
		sleep 0.1
		tenths=$((tenths - 1))
	done
	kill -s KILL -- "-$child" || kill -s KILL "$child"
) &
watcher=$!
exec 3<&-
wait "$child"
status=$?
# What the command left running in its session ends with it.
kill -s KILL -- "-$child" 2>/dev/null
# The watcher ends at once; one that is about to end the session sees that it is gone.
kill -s USR1 "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$status"
