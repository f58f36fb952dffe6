# Process 1 of a lab machine: sh machine-init.sh TREE CHECKOUT HOSTNAME ADDRESS
#
# Runs in fresh mount, network, process, IPC and host-name namespaces. Lays the unpacked packages over
# a copy-on-write view of the host's root, so that nothing written here reaches the host; then waits
# for the end of its standard input. When whoever holds the other end dies, however it dies, this
# process ends, the kernel kills every process of the machine, and mounts, interfaces, firewall rules
# and memory go with them. Nothing is left to sweep.
set -eu
tree=$1 checkout=$2 name=$3 address=$4

mount --make-rprivate /
# Held open: a checkout below /tmp is out of sight in a moment.
exec 4< "$tree" 5< "$checkout"
mount -t tmpfs -o mode=755 lab /tmp
mkdir /tmp/upper /tmp/work /tmp/root
cp -a /proc/self/fd/4/. /tmp/upper/
mkdir /tmp/upper/old
mount -t overlay -o lowerdir=/,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/root

cd /tmp/root
# Debian's configuration as shipped, whatever a mail server of this host has made of its own.
rm -rf etc/exim4
[ ! -d /proc/self/fd/4/etc/exim4 ] || cp -a /proc/self/fd/4/etc/exim4 etc/exim4
mount -t tmpfs -o mode=1777 tmp tmp
mount -t tmpfs -o mode=755 run run
mkdir -p run/lock run/netns
mount -t tmpfs -o mode=755 dev dev
mkdir dev/shm dev/pts dev/mqueue
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=1777 shm dev/shm
for device in null zero full random urandom tty; do
  : > "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
mount -t proc proc proc
mount -t sysfs sysfs sys
# The checkout may lie on another file system than the root; it is only read here.
mkdir -p ".$checkout"
mount --no-canonicalize --bind /proc/self/fd/5 ".$checkout"
mount -o remount,bind,ro ".$checkout"
exec 4<&- 5<&-

pivot_root . old
cd /
umount -l /old
hostname "$name"
ip link set lo up
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n%s %s\n' "$address" "$name" > /etc/hosts
echo "$name" > /etc/mailname
# Nobody answers DNS here, and it says so at once.
rm -f /etc/resolv.conf
echo 'nameserver 127.0.0.1' > /etc/resolv.conf

echo ready
# A shell that waits for a child also buries the orphans that it inherits as process 1.
exec 3<&0
cat <&3 > /dev/null &
wait
