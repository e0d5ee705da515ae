/** What the notes do by a line of ctr, and the task that has the same come true. */
export interface CtrLine {
  /** Lines of the notes that mean the same. */
  lines: readonly string[];
  /** The task, as YAML in braces. `SPACE` stands for the namespace, `PLAIN` and `LOGIN` for registries. */
  task: string;
  /** A shell line on the host, and what it prints afterwards. `ctr` is the one of the version. */
  proof?: readonly [command: string, printed: string];
  /** It only looks: what must hold of what it registers as `told`. */
  told?: readonly string[];
  /** Versions whose ctr cannot do it, and why. */
  not?: { readonly [series: string]: string };
}

const NGINX = "docker.io/library/nginx:alpine";

/** The notes' lines in their order, so that each finds what it needs. */
export const CTR_LINES: readonly CtrLine[] = [
  {
    lines: ["ctr ns create test"],
    task: "ctr_namespace: {name: SPACE}",
    proof: ["ctr ns ls -q | grep -cx SPACE", "1"],
  },
  {
    lines: ["ctr ns ls"],
    task: "ctr_info: {gather: [namespaces]}",
    told: ["'SPACE' in told.namespaces | map(attribute='name')"],
  },
  {
    lines: [`ctr image pull ${NGINX}`],
    task: `ctr_image: {name: "${NGINX}", namespace: SPACE, hosts_dir: /root/certs.d}`,
    proof: [`ctr -n SPACE i ls -q | grep -cx ${NGINX}`, "1"],
    not: { "1.4": "its ctr reads no hosts.toml" },
  },
  {
    lines: ["ctr images pull --platform linux/amd64 docker.io/library/nginx:latest"],
    task: 'ctr_image: {name: "docker.io/library/nginx:latest", namespace: SPACE, hosts_dir: /root/certs.d, platform: linux/amd64}',
    proof: ["ctr -n SPACE i ls -q | grep -c nginx:latest", "1"],
    not: { "1.4": "its ctr reads no hosts.toml" },
  },
  {
    lines: ["ctr image pull --plain-http 172.1.1.16:8083/course/nginx:alpine"],
    task: 'ctr_image: {name: "PLAIN/course/nginx:alpine", namespace: SPACE, plain_http: true}',
    proof: ["ctr -n SPACE i ls -q | grep -cx PLAIN/course/nginx:alpine", "1"],
  },
  {
    lines: ["ctr image pull --user me harbor.k8s.local/course/nginx:alpine"],
    task: 'ctr_image: {name: "LOGIN/course/nginx:alpine", namespace: SPACE, plain_http: true, user: me, password: "{{ password }}"}',
    proof: ["ctr -n SPACE i ls -q | grep -cx LOGIN/course/nginx:alpine", "1"],
  },
  {
    lines: [`ctr image tag ${NGINX} harbor.k8s.local/course/nginx:alpine`],
    task: 'ctr_image: {name: "harbor.k8s.local/course/nginx:alpine", from: "PLAIN/course/nginx:alpine", namespace: SPACE}',
    proof: ["ctr -n SPACE i ls -q | grep -c ^harbor", "1"],
  },
  {
    lines: ["ctr image push --user me harbor.k8s.local/course/nginx:alpine"],
    task: 'ctr_image_push: {name: "harbor.k8s.local/course/nginx:alpine", to: "LOGIN/course/SPACE:pushed", namespace: SPACE, plain_http: true, user: me, password: "{{ password }}"}',
  },
  {
    lines: ["ctr image ls", "ctr image ls -q", "ctr -n test image ls"],
    task: "ctr_info: {namespace: SPACE, gather: [images]}",
    told: ["'harbor.k8s.local/course/nginx:alpine' in told.images | map(attribute='name')"],
  },
  {
    lines: ["ctr image check"],
    task: "ctr_info: {namespace: SPACE, gather: [images]}",
    told: [
      "told.images | map(attribute='status') | unique == ['complete']",
      "told.images | map(attribute='unpacked') is all",
    ],
  },
  {
    lines: [`ctr image mount ${NGINX} /mnt`],
    task: 'ctr_image_mount: {name: "PLAIN/course/nginx:alpine", path: /mnt/SPACE, namespace: SPACE}',
    proof: ["ls /mnt/SPACE/bin/busybox", "/mnt/SPACE/bin/busybox"],
  },
  {
    lines: ["ctr image unmount /mnt"],
    task: "ctr_image_mount: {path: /mnt/SPACE, state: unmounted, namespace: SPACE}",
    proof: ["ls -A /mnt/SPACE | wc -l; ctr -n SPACE snapshots ls | grep -c /mnt", "0\n0"],
  },
  {
    lines: [`ctr image export nginx.tar.gz ${NGINX}`],
    task: 'ctr_image_export: {name: "PLAIN/course/nginx:alpine", dest: /root/SPACE.tar.gz, namespace: SPACE}',
    proof: [
      "gzip -t /root/SPACE.tar.gz && tar -tf /root/SPACE.tar.gz | grep -c blobs/sha256/.",
      "3",
    ],
  },
  {
    lines: ["ctr image rm harbor.k8s.local/course/nginx:alpine"],
    task: 'ctr_image: {name: "harbor.k8s.local/course/nginx:alpine", state: absent, namespace: SPACE}',
    proof: ["ctr -n SPACE i ls -q | grep -c ^harbor", "0"],
  },
  {
    lines: [
      "ctr containers create docker.io/library/nginx:latest nginx1 --mount type=bind,src=/tmp,dst=/hostdir,options=rbind:rw --net-host",
    ],
    task: 'ctr_container: {name: nginx1, image: "PLAIN/course/nginx:alpine", args: [sleep, "1000"], mounts: [{type: bind, src: /tmp, dst: /hostdir, options: [rbind, rw]}], net_host: true, namespace: SPACE}',
    proof: ["ctr -n SPACE c ls -q", "nginx1"],
  },
  {
    lines: ["ctr task start -d nginx1", "ctr tasks start -d nginx1"],
    task: "ctr_task: {name: nginx1, state: started, namespace: SPACE}",
    proof: ["ctr -n SPACE t ls | grep -c RUNNING", "1"],
  },
  {
    lines: [`ctr run -d --net-host ${NGINX} nginx3`],
    task: 'ctr_container: {name: nginx3, image: "PLAIN/course/nginx:alpine", args: [sleep, "1000"], net_host: true, task: running, namespace: SPACE}',
    proof: ["ctr -n SPACE t ls | grep -c RUNNING", "2"],
  },
  {
    lines: ["ctr container info nginx1", "ctr containers info nginx1"],
    task: "ctr_info: {namespace: SPACE, gather: [containers]}",
    told: ["told.containers | map(attribute='id') | sort == ['nginx1', 'nginx3']"],
  },
  {
    lines: ["ctr task ls"],
    task: "ctr_info: {namespace: SPACE, gather: [tasks]}",
    told: ["told.tasks | map(attribute='status') | unique == ['running']"],
  },
  {
    lines: ["ctr task metrics nginx", "ctr task ps nginx"],
    task: "ctr_info: {namespace: SPACE, gather: [tasks], details: true}",
    told: [
      "told.tasks[0].metrics.pids.current | int == 1",
      "told.tasks[0].processes == [told.tasks[0].pid]",
    ],
  },
  {
    lines: ["ctr task exec --exec-id 0 -t nginx sh", "ctr tasks exec --exec-id 1 nginx2 /bin/ash"],
    task: 'ctr_exec: {container: nginx1, argv: [sh, -c, "echo in; cat; ls -d /hostdir; exit 0"], stdin: typed, namespace: SPACE}',
    told: ["told.stdout_lines == ['in', 'typed', '/hostdir']"],
  },
  {
    lines: ["ctr task pause nginx", "ctr tasks pause nginx3"],
    task: "ctr_task: {name: nginx3, state: paused, namespace: SPACE}",
    proof: ["ctr -n SPACE t ls | grep -c PAUSED", "1"],
  },
  {
    lines: ["ctr task resume nginx", "ctr tasks resume nginx3"],
    task: "ctr_task: {name: nginx3, state: resumed, namespace: SPACE}",
    proof: ["ctr -n SPACE t ls | grep -c PAUSED", "0"],
  },
  {
    lines: ["ctr task kill nginx", "ctr tasks kill nginx2"],
    task: "ctr_task: {name: nginx3, state: stopped, signal: SIGKILL, namespace: SPACE}",
    proof: ["ctr -n SPACE t ls | grep nginx3 | grep -c STOPPED", "1"],
  },
  {
    lines: ["ctr task rm nginx", "ctr tasks rm nginx2"],
    task: "ctr_task: {name: nginx3, state: absent, namespace: SPACE}",
    proof: ["ctr -n SPACE t ls | grep -c nginx3", "0"],
  },
  {
    lines: ["ctr container rm nginx", "ctr containers rm nginx2"],
    task: "ctr_container: {name: nginx1, state: absent, grace: 1, namespace: SPACE}",
    proof: ["ctr -n SPACE c ls -q", "nginx3"],
  },
  {
    lines: ["ctr ns rm test"],
    task: "ctr_namespace: {name: SPACE, state: absent, force: true}",
    proof: ["ctr ns ls -q | grep -cx SPACE", "0"],
  },
];
