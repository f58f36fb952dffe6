#!/bin/sh
# In systemctl's place in a lab machine, whose process 1 is another: the verbs that `up` and `down` use, on the real
# fail2ban and on Portreeve's own units, whose command lines and drop-ins it reads as systemd does. As long as there is
# /run/refuse, nothing can be started.
set -eu
units=/etc/systemd/system
verb=$1
shift
now=
if [ "${1:-}" = --now ]; then
	now=yes
	shift
fi

exec_of() {
	cat "$units/$1" "$units/$1.d"/*.conf 2>/dev/null | sed -n 's/^ExecStart=\(.\)/\1/p' | tail -n 1
}
start() {
	[ ! -e /run/refuse ] || { echo "Job for $1 failed" >&2; exit 1; }
	case $1 in
	fail2ban.service)
		mkdir -p /run/fail2ban
		fail2ban-client -x start > /dev/null 2>&1
		;;
	portreeve.service)
		[ ! -e "/run/$1.pid" ] || return 0
		command=$(exec_of "$1")
		# shellcheck disable=SC2086
		setsid setpriv --reuid=portreeve --regid=portreeve --init-groups --inh-caps=-all,+net_admin \
			--ambient-caps=-all,+net_admin --bounding-set=-all,+net_admin --no-new-privs -- \
			$command < /dev/null > /run/agent.out 2>&1 &
		echo $! > "/run/$1.pid"
		# It has told that it is ready.
		tries=0
		until grep -q '^following\|: following' /run/agent.out; do
			tries=$((tries + 1))
			[ "$tries" -lt 300 ] || { cat /run/agent.out >&2; exit 1; }
			sleep 0.1
		done
		;;
	portreeve-keeper.service)
		[ ! -e "/run/$1.pid" ] || return 0
		# shellcheck disable=SC2046
		setsid $(exec_of "$1") < /dev/null > /run/keeper.out 2>&1 &
		echo $! > "/run/$1.pid"
		;;
	esac
}
stop() {
	case $1 in
	fail2ban.service) fail2ban-client stop > /dev/null 2>&1 ;;
	*)
		[ -e "/run/$1.pid" ] || return 0
		pid=$(cat "/run/$1.pid")
		kill -TERM "$pid" 2> /dev/null || true
		while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
		rm "/run/$1.pid"
		;;
	esac
}

for unit in "$@"; do
	link=$units/multi-user.target.wants/$unit
	case $verb in
	is-active) [ -S /run/fail2ban/fail2ban.sock ] && echo active || { echo inactive; exit 3; } ;;
	is-enabled) [ -L "$link" ] && echo enabled || { echo disabled; exit 1; } ;;
	enable)
		mkdir -p "${link%/*}"
		[ -e "$units/$unit" ] && ln -sf "$units/$unit" "$link" || ln -sf "/lib/systemd/system/$unit" "$link"
		[ -z "$now" ] || start "$unit"
		;;
	disable)
		rm -f "$link"
		[ -z "$now" ] || stop "$unit"
		;;
	start) start "$unit" ;;
	stop) stop "$unit" ;;
	restart)
		stop "$unit"
		start "$unit"
		;;
	*)
		echo "no such verb: $verb" >&2
		exit 1
		;;
	esac
done
