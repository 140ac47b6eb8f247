"""A user's own systemd, a real one, for a script that is run in it.

    done = in_manager("systemctl --user start kep-due.service")

The script is nobody's, in namespaces of its own, with a $HOME, a session bus,
the units installed and kep in its PATH. Nothing stays but what it printed."""

import os
import shutil
import subprocess

import harness
from harness import folder, run, skip, true
from subscriber import write

# /run, /opt and /home are its own. The user is nobody, whose home systemd
# takes from $HOME.
OUTSIDE = r"""
set -eu
mount --make-rprivate /
umount -R /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
run=/run/user/$(id -u nobody)
group=/sys/fs/cgroup/kep-test-$4
end() {
    kill -KILL -1 2>/dev/null
    wait
    echo 0 >/sys/fs/cgroup/cgroup.procs
    for i in $(seq 50); do
        find $group -depth -type d -exec rmdir {} + 2>/dev/null && break
        sleep 0.1
    done
}
trap end EXIT
mkdir $group
echo $$ >$group/cgroup.procs
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /opt
mount -t tmpfs tmpfs /home
mkdir -p /run/systemd/system /run/systemd/mount-rootfs \
    /run/systemd/unit-root $run /opt/bin /home/nobody/.config/systemd/user
cp "$1/kep" "$1/kep-sandbox" "$1/tests/pkcs11/module.so" /opt/bin
[ -z "$5" ] || { mkdir /run/pcscd && mount --bind "$5" /run/pcscd; }
ln -s bin "/opt/the bin, 100% & \$HOME"
"$2/client/systemd/install.sh" "/opt/the bin, 100% & \$HOME" \
    /home/nobody/.config/systemd/user
cp "$3" /home/nobody/script
chown -R nobody: /home/nobody $run $group
chmod 700 $run
export HOME=/home/nobody XDG_RUNTIME_DIR=$run
export PATH=/home/nobody/bin:/opt/bin:/usr/bin:/bin LANG=C.UTF-8 LANGUAGE=en
export DBUS_SESSION_BUS_ADDRESS=unix:path=$run/bus
unset XDG_STATE_HOME XDG_CONFIG_HOME XDG_DATA_HOME LC_ALL
cd /home/nobody
setpriv --reuid=nobody --regid=nogroup --clear-groups \
    bash -c '
dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork
systemd --user --log-target=console 2>/dev/null &
for i in $(seq 100); do
    systemctl --user is-system-running --wait >/dev/null 2>&1 && break
    sleep 0.1
done
. ~/script
'
"""


def _allowed():
    """Root alone can mount a hierarchy of cgroups."""
    if os.geteuid() != 0:
        return "only root can start another manager of units"
    for tool in ("dbus-daemon", "systemctl", "setpriv"):
        true(shutil.which(tool), tool + " is not there")
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         "mount --make-rprivate / && umount -R /sys/fs/cgroup &&"
         " mount -t cgroup2 none /sys/fs/cgroup &&"
         " mkdir /sys/fs/cgroup/kep-try && rmdir /sys/fs/cgroup/kep-try"],
        capture_output=True, check=False)
    return None if done.returncode == 0 else "no cgroups can be made here"


def in_manager(script, pcscd=""):
    """The run of a script of bash. pcscd: the folder of its socket."""
    why = _allowed()
    if why:
        skip(why)
    path = write(os.path.join(folder("manager"), "script"), script)
    return run("unshare", "--mount", "--pid", "--fork", "--mount-proc",
               "--kill-child", "bash", "-c", OUTSIDE, "-", harness.OUT,
               harness.ROOT, path, str(os.getpid()), pcscd,
               timeout=120)
