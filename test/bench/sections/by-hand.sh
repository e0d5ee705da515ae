# Sets up containerd on a bare host as somebody would write it by hand, for comparison: takes the archive, runc and an image from stdin,
# whose sizes and digests are in $sizes and $sums, checks them, unpacks, installs, syncs, starts, and runs a container.
# shellcheck shell=sh disable=SC2086,SC2154 # words; variables from outside
set -eu
umask 022
new=$(mktemp -d /usr/local/.new.XXXXXX)
cd "$new"
set -- $sizes
head -c "$1" >archive
head -c "$2" >runc
cat >image.tar
printf '%s' "$sums" | sha256sum -c --status
mkdir tree
tar -xf archive -C tree bin/containerd bin/containerd-shim-runc-v2 bin/ctr
chown root:root tree/bin/* runc
chmod 755 runc
sync tree/bin/* runc archive
mkdir -p /etc/containerd/certs.d /opt/containerd /var/cache/containerd /usr/local/lib/systemd/system
mv tree/bin/* /usr/local/bin/
mv runc /usr/local/sbin/runc
mv archive /var/cache/containerd/
ln -s /usr/local/sbin/runc /usr/bin/runc
ln -s /usr/local/sbin/runc /usr/local/bin/runc
cat >/etc/containerd/config.toml <<'END'
version = 3
END
cat >/usr/local/lib/systemd/system/containerd.service <<'END'
[Service]
ExecStart=/usr/local/bin/containerd
Type=notify
Delegate=yes
KillMode=process
[Install]
WantedBy=multi-user.target
END
echo 'runtime-endpoint: unix:///run/containerd/containerd.sock' >/etc/crictl.yaml
sync -f /etc /usr/local
systemctl -q enable --now containerd
ctr version >/dev/null
ctr plugins ls >/dev/null
ctr -n check images import image.tar >/dev/null
ctr -n check run --rm --null-io --cgroup /check check.invalid/check:1 check
ctr -n check images rm --sync check.invalid/check:1 >/dev/null
ctr namespaces rm check >/dev/null
cd /
rm -rf "$new"
