/** A task of each module as one would write it; a test reads and lints them. */
export const EXAMPLES: { readonly [module: string]: string } = {
  add_host: `name: Take the new host into the group of workers
add_host: {name: node9.example.org, groups: workers, ansible_user: admin}`,
  apt: `name: Install nginx
apt: {name: [nginx, curl], state: present, update_cache: true, cache_valid_time: 3600}`,
  apt_repository: `name: Take packages from backports
apt_repository: {repo: "deb http://deb.debian.org/debian bookworm-backports main", filename: backports}`,
  assert: `name: The host has memory enough
assert: {that: ansible_memtotal_mb >= 512, fail_msg: too little memory}`,
  blockinfile: `name: Name the nodes
blockinfile:
  path: /etc/hosts
  block: |
    192.0.2.1 one.example.org
    192.0.2.2 two.example.org`,
  command: `name: Make the database
command: initdb /srv/data
args: {creates: /srv/data/PG_VERSION}`,
  containerd_config: `name: Write containerd's configuration
containerd_config: {version: 2.1.4}`,
  containerd_preflight: `name: The host can carry containers
containerd_preflight:`,
  containerd_ready: `name: containerd answers
containerd_ready: {timeout: 30}`,
  containerd_variables: `name: Refuse misspelt variables
containerd_variables:
  names: "{{ query('varnames', '^containerd_') }}"
  known: [containerd_version, containerd_root]`,
  containerd_registries: `name: Forget registries that are no longer described
containerd_registries:
  registries:
    - name: docker.io
      hosts: [{url: https://mirror.example.com}]`,
  containerd_registry: `name: Fetch images of docker.io from a mirror
containerd_registry:
  name: docker.io
  hosts: [{url: "https://mirror.example.org"}]`,
  copy: `name: Say hello to whoever logs in
copy: {content: "hello\\n", dest: /etc/motd, mode: "0644"}`,
  ctr_image: `name: Have the image of the pause container
ctr_image: {name: "registry.k8s.io/pause:3.10", namespace: k8s.io}`,
  deb822_repository: `name: Take packages of our own
deb822_repository: {name: own, types: deb, uris: "https://deb.example.org", suites: stable, components: main}`,
  debug: `name: Say where we are
debug: {msg: "this is {{ inventory_hostname }}"}`,
  dnf: `name: Install nginx
dnf: {name: nginx, state: present}`,
  fail: `name: Only Debian is supported
fail: {msg: this is not Debian}
when: ansible_os_family != "Debian"`,
  fetch: `name: Keep the hosts' kernel logs here
fetch: {src: /var/log/kern.log, dest: logs/}`,
  file: `name: The folder of the application is there
file: {path: /srv/app, state: directory, owner: root, mode: "0755"}`,
  find: `name: Look for old logs
find: {paths: /var/log, patterns: "*.gz", age: 30d}
register: old`,
  get_url: `name: Have the tool in its place
get_url:
  url: https://example.org/tool-1.2
  dest: /usr/local/bin/tool
  mode: "0755"
  checksum: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`,
  getent: `name: Look the users up
getent: {database: passwd, key: root}`,
  group: `name: The group of the application is there
group: {name: app, system: true}`,
  group_by: `name: Group hosts by their system
group_by: {key: "os_{{ ansible_distribution | lower }}"}`,
  hostname: `name: The host knows its name
hostname: {name: node1.example.org}`,
  include_vars: `name: Read the variables of this system
include_vars: "{{ ansible_distribution | lower }}.yml"`,
  lineinfile: `name: Nobody logs in by password
lineinfile: {path: /etc/ssh/sshd_config, regexp: "^#?PasswordAuthentication", line: PasswordAuthentication no}`,
  meta: `name: Run the handlers that were notified by now
meta: flush_handlers`,
  modprobe: `name: The overlay file system is loaded, also after a boot
modprobe: {name: overlay, persistent: present}`,
  mount: `name: The data disk is mounted
mount: {path: /srv, src: /dev/vdb1, fstype: ext4, state: mounted}`,
  package: `name: Install curl
package: {name: curl, state: present}`,
  package_facts: `name: See what is installed
package_facts:`,
  pause: `name: Give the service time to begin
pause: {seconds: 5}`,
  ping: `name: The host answers
ping:`,
  raw: `name: Look what system this is
raw: uname -a
changed_when: false`,
  reboot: `name: Boot into the new kernel
reboot: {reboot_timeout: 300}`,
  replace: `name: Use the new name of the registry
replace: {path: /etc/app.conf, regexp: "old\\\\.example\\\\.org", replace: new.example.org}`,
  script: `name: Set the disk up
script: setup-disk.sh /dev/vdb
args: {creates: /srv/ready}`,
  service: `name: The service runs
service: {name: nginx, state: started, enabled: true}`,
  service_facts: `name: See what services there are
service_facts:`,
  set_fact: `name: Work out where the data is
set_fact: {data_dir: "/srv/{{ inventory_hostname }}"}`,
  setup: `name: Gather what is known of the network
setup: {gather_subset: network}`,
  shell: `name: Keep the list of packages
shell: dpkg -l | sort > /root/packages
args: {creates: /root/packages}`,
  slurp: `name: Read the host's key
slurp: {src: /etc/ssh/ssh_host_ed25519_key.pub}
register: key`,
  stat: `name: Look whether the file is there
stat: {path: /etc/app.conf}
register: conf`,
  sysctl: `name: Packets are forwarded
sysctl: {name: net.ipv4.ip_forward, value: "1"}`,
  systemd_service: `name: The daemon runs with its newest configuration
systemd_service: {name: containerd, state: started, enabled: true, daemon_reload: true}`,
  tempfile: `name: Make a folder for the build
tempfile: {state: directory, prefix: build.}
register: build`,
  template: `name: Write the configuration
template: {src: app.conf.j2, dest: /etc/app.conf, mode: "0640"}`,
  unarchive: `name: Unpack the release
unarchive: {src: app-1.2.tar.gz, dest: /opt/app, owner: root, group: root}`,
  uri: `name: The service answers
uri: {url: "http://127.0.0.1:8080/health", status_code: 200, return_content: true}
register: health`,
  user: `name: The user of the application is there
user: {name: app, group: app, system: true, shell: /usr/sbin/nologin, create_home: false}`,
  validate_argument_spec: `name: The variables are as they must be
validate_argument_spec:
  argument_spec: {port: {type: int, required: true}}
  provided_arguments: {port: 80}`,
  wait_for: `name: Wait until the service listens
wait_for: {port: 8080, timeout: 60}`,
  wait_for_connection: `name: Wait until the host answers
wait_for_connection: {timeout: 300}`,
};
