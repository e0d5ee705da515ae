import type { Case } from "./cases.ts";

/** Inventories in the shapes of well-known public repositories, written anew and short. */
export const publicShapes: Case[] = [
  {
    name: "kubespray: etcd members, node groups, k8s_cluster",
    files: {
      "hosts.ini": `[all]
node1 ansible_host=10.3.0.1 ip=10.3.0.1 etcd_member_name=etcd1
node2 ansible_host=10.3.0.2 ip=10.3.0.2 etcd_member_name=etcd2
node3 ansible_host=10.3.0.3

[kube_control_plane]
node1
node2

[etcd]
node[1:3]

[kube_node]
node2
node3

[calico_rr]

[k8s_cluster:children]
kube_control_plane
kube_node
calico_rr
`,
      "group_vars/all/all.yml": "bin_dir: /usr/local/bin\nloadbalancer_apiserver_port: 6443\n",
      "group_vars/k8s_cluster/k8s-cluster.yml":
        'kube_network_plugin: calico\nkube_service_addresses: 10.233.0.0/18\nkubelet: "{{ bin_dir }}/kubelet"\n',
    },
    sources: ["hosts.ini"],
    patterns: ["k8s_cluster:!kube_control_plane", "etcd[0]", "kube_node:&etcd", "calico_rr"],
  },
  {
    name: "k3s-ansible: server, agent, k3s_cluster with variables",
    files: {
      "inventory.yml": `k3s_cluster:
  children:
    server:
      hosts:
        192.16.35.11:
    agent:
      hosts:
        192.16.35.12:
        192.16.35.13:
  vars:
    ansible_port: 22
    ansible_user: debian
    k3s_version: v1.30.2+k3s1
    api_endpoint: "{{ hostvars[groups['server'][0]]['ansible_host'] | default(groups['server'][0]) }}"
`,
    },
    sources: ["inventory.yml"],
    patterns: ["server", "agent[-1]", "192.16.35.*"],
  },
  {
    name: "ceph-ansible: mons, osds with lists on lines",
    files: {
      hosts: `[mons]
mon0 monitor_address=10.0.0.1
[osds]
osd[0:2] devices="['/dev/sda', '/dev/sdb']"
[mgrs]
mon0
[clients]
[grafana-server]
mon0
`,
      "group_vars/osds.yml": "osd_objectstore: bluestore\ndevices: [/dev/vdb]\n",
    },
    sources: ["hosts"],
    patterns: ["mons:osds", "osds:!osd1", "grafana-server"],
  },
  {
    name: "openshift-ansible: OSEv3 with children and many variables",
    files: {
      hosts: `[OSEv3:children]
masters
nodes
etcd
[OSEv3:vars]
ansible_ssh_user=root
openshift_deployment_type=origin
openshift_master_identity_providers=[{'name': 'htpasswd', 'login': 'true'}]
openshift_node_groups=[{'name': 'n', 'labels': ['a=b']}]
[masters]
ose3-master[1:2].test.example.com
[etcd]
ose3-etcd1.test.example.com
[nodes]
ose3-master1.test.example.com openshift_node_labels="{'region': 'infra', 'zone': 'default'}"
ose3-node[1:2].example.com openshift_node_group_name='node-config-compute'
`,
    },
    sources: ["hosts"],
    patterns: ["nodes:!masters", "*.example.com", "OSEv3"],
  },
  {
    name: "kolla-ansible multinode: groups of groups of services",
    files: {
      multinode: `[control]
control01
control02
[network]
network01
[compute]
compute[01:03]
[monitoring]
[storage]
compute01
[deployment]
localhost ansible_connection=local
[baremetal:children]
control
network
compute
storage
monitoring
[nova:children]
control
[nova-compute:children]
compute
[nova-api:children]
nova
[neutron:children]
network
[tls-backend:children]
control
`,
      "group_vars/all.yml": "kolla_base_distro: debian\n",
    },
    sources: ["multinode"],
    patterns: ["baremetal", "nova-api", "tls-backend:network", "compute[1:2]", "localhost"],
  },
  {
    name: "DebOps: services as groups of groups in YAML",
    files: {
      "inventory/hosts.yml": `debops_all_hosts:
  hosts:
    server.example.org: {ansible_host: 192.0.2.3}
    db.example.org:
debops_service_mariadb_server:
  hosts:
    db.example.org:
debops_service_nginx:
  children:
    debops_service_gitlab:
      hosts:
        server.example.org:
`,
      "inventory/group_vars/all/users.yml":
        "users__accounts:\n  - name: ada\n    groups: [admins]\n",
      "inventory/host_vars/db.example.org/mariadb.yml": "mariadb_server__bind_address: 0.0.0.0\n",
    },
    sources: ["inventory"],
    patterns: ["debops_service_*", "debops_all_hosts:!debops_service_nginx"],
  },
  {
    name: "tidb-ansible: aliases, labels, variables of all",
    files: {
      "inventory.ini": `## TiDB Cluster Part
[tidb_servers]
172.16.10.1
[tikv_servers]
TiKV1-1 ansible_host=172.16.10.4 deploy_dir=/data1/deploy tikv_port=20171 labels="host=tikv1"
TiKV1-2 ansible_host=172.16.10.4 deploy_dir=/data2/deploy tikv_port=20172 labels="host=tikv1"
[pd_servers]
172.16.10.1
172.16.10.2
[monitored_servers:children]
tidb_servers
tikv_servers
pd_servers
[all:vars]
deploy_dir = /home/tidb/deploy
tidb_version = v3.0.0
enable_binlog = False
`,
    },
    sources: ["inventory.ini"],
    patterns: ["monitored_servers", "TiKV1-*", "172.16.10.1"],
  },
  {
    name: "deepops: slurm and kubernetes beside each other",
    files: {
      "config/inventory": `[all]
mgmt01     ansible_host=10.0.0.1
gpu01      ansible_host=10.0.0.11
[kube-master]
mgmt01
[kube-node]
gpu01
[k8s-cluster:children]
kube-master
kube-node
[slurm-master]
mgmt01
[slurm-node]
gpu01
[slurm-cluster:children]
slurm-master
slurm-node
[all:vars]
ansible_user=ubuntu
ansible_ssh_common_args='-o ControlMaster=auto -o ControlPersist=5m'
`,
      "config/group_vars/slurm-cluster.yml":
        "slurm_version: '23.02.4'\nslurm_install_prefix: /usr/local\n",
    },
    sources: ["config/inventory"],
    patterns: ["slurm-cluster:&k8s-cluster", "kube-node"],
  },
  {
    name: "kubeasz: variables after groups, comments between",
    files: {
      hosts: `# 'etcd' cluster should have odd member(s)
[etcd]
192.168.1.1
192.168.1.2

# master node(s), set unique 'k8s_nodename' for each node
[kube_master]
192.168.1.1 k8s_nodename='master-01'

[kube_node]
192.168.1.4 k8s_nodename=''

[harbor]
#192.168.1.8 NEW_INSTALL=false

[all:vars]
# --------- Main Variables ---------------
SECURE_PORT="6443"
CLUSTER_NETWORK="calico"
NODE_PORT_RANGE="30000-32767"
cluster_dir="{{ base_dir }}/clusters/default"
`,
    },
    sources: ["hosts"],
    patterns: ["etcd:&kube_master", "harbor"],
  },
  {
    name: "ansible-examples: lamp and haproxy",
    files: {
      hosts: "[webservers]\nweb3\nweb2\n\n[dbservers]\nweb3\n\n[lbservers]\nlb1\n",
      "group_vars/all": "httpd_port: 80\nntpserver: 192.168.1.2\n",
      "group_vars/dbservers": "mysqlservice: mysqld\nmysql_port: 3306\n",
    },
    sources: ["hosts"],
    patterns: ["webservers:dbservers", "web*:!lbservers"],
  },
  {
    name: "streisand and the like: localhost alone",
    files: {
      inventory: "localhost ansible_connection=local streisand_noninteractive=true\n",
    },
    sources: ["inventory"],
    patterns: ["localhost", "all"],
  },
  {
    name: "matrix-docker-ansible-deploy: host_vars with vars.yml",
    files: {
      "inventory/hosts":
        "[matrix_servers]\nmatrix.example.com ansible_host=198.51.100.5 ansible_ssh_user=root become=true become_user=root\n",
      "inventory/host_vars/matrix.example.com/vars.yml":
        "---\nmatrix_domain: example.com\nmatrix_homeserver_generic_secret_key: 'x'\ndevture_postgres_connection_password: ''\n",
    },
    sources: ["inventory/hosts"],
    patterns: ["matrix_servers", "matrix.*"],
  },
  {
    name: "postgresql_cluster: replicas with flags, balancers",
    files: {
      inventory: `[etcd_cluster]
10.128.64.140
[master]
10.128.64.140 hostname=pgnode01 postgresql_exists=false
[replica]
10.128.64.142 hostname=pgnode02 postgresql_exists=false
10.128.64.143 hostname=pgnode03 postgresql_exists=false
[postgres_cluster:children]
master
replica
[balancers]
[all:vars]
ansible_connection='ssh'
ansible_ssh_port='22'
[pgbackrest:vars]
unused=1
[pgbackrest]
`,
    },
    sources: ["inventory"],
    patterns: ["postgres_cluster[1:]", "master:replica", "balancers"],
  },
  {
    name: "prometheus and elastic: instances with ports in one file of YAML",
    files: {
      "hosts.yaml": `all:
  children:
    elasticsearch:
      children:
        es_master: {hosts: {"es[1:3].example.net": {roles: [master]}}}
        es_data: {hosts: {"es-data-[a:b].example.net:2222": {roles: [data, ingest], heap: 31g}}}
      vars: {es_version: "8.13.4", ansible_group_priority: 10}
    prometheus:
      hosts: {mon.example.net: }
      vars: {prometheus_targets: {node: [{targets: ["{{ groups.all }}"]}]}}
`,
    },
    sources: ["hosts.yaml"],
    patterns: ["elasticsearch", "es_data", "~es[12].*"],
  },
  {
    name: "OpenStack-Ansible's generated kind: a program with _meta",
    files: {
      "dynamic_inventory.py": `#!/bin/sh
case $1 in --list) cat <<'X'
{"_meta": {"hostvars": {"infra1": {"container_networks": {"mgmt": {"address": "172.29.236.11"}}, "is_metal": true}}},
 "all": {"vars": {"properties": {}, "management_address": "172.29.236.11"}},
 "shared-infra_hosts": {"children": [], "hosts": ["infra1"]},
 "galera_all": {"children": ["galera"], "hosts": []}, "galera": ["infra1_galera_container-1"], "compute1": {"cores": 4}}
X
;; --host) echo '{}';; esac
`,
    },
    sources: ["dynamic_inventory.py"],
    patterns: ["galera_all", "shared-infra_hosts", "compute1"],
  },
];
