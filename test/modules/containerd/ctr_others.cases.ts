import { ctr_container } from "../../../src/modules/containerd/ctr_container.ts";
import { ctr_exec } from "../../../src/modules/containerd/ctr_exec.ts";
import { ctr_image_export } from "../../../src/modules/containerd/ctr_image_export.ts";
import { ctr_image_mount } from "../../../src/modules/containerd/ctr_image_mount.ts";
import { ctr_image_push } from "../../../src/modules/containerd/ctr_image_push.ts";
import { ctr_info } from "../../../src/modules/containerd/ctr_info.ts";
import { ctr_namespace } from "../../../src/modules/containerd/ctr_namespace.ts";
import { ctr_task } from "../../../src/modules/containerd/ctr_task.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";

const any = (module: unknown): AnyModule => module as AnyModule;
const image = "example.com/smoke/hello:1";
const DIGEST = `sha256:${"2".repeat(64)}`;
const absent = { there: false, target: null, labels: {}, manifests: [] };
const present = {
  there: true,
  target: DIGEST,
  labels: {},
  manifests: [{ digest: DIGEST, config: "sha256:c", platform: "linux/amd64", chain: "sha256:l" }],
};
const container = {
  image,
  labels: {},
  snapshotter: "overlayfs",
  runtime: "io.containerd.runc.v2",
  args: ["sleep", "1000"],
  env: { PATH: "/bin", A: "b" },
  cwd: "/",
  mounts: [{ type: "bind", src: "/tmp", dst: "/hostdir", options: ["rbind", "rw"] }],
  net_host: true,
  read_only: false,
};
const described = {
  name: "web",
  image,
  args: ["sleep", "1000"],
  env: { A: "b" },
  mounts: [{ src: "/tmp", dst: "/hostdir", options: ["rbind", "rw"] }],
  net_host: true,
};
const point = { type: "directory", mode: 0o755 };

/** Module, what is tried, arguments, what is there, and what comes of it. */
type Row = [module: unknown, name: string, args: object, before: object, expect: Case["expect"]];

const rows: Row[] = [
  [
    ctr_namespace,
    "a namespace that is not there",
    { name: "test", labels: { a: "b" } },
    { namespace: { labels: null, images: [], containers: [], tasks: [] } },
    { after: { namespace: { labels: { a: "b" }, images: [], containers: [], tasks: [] } } },
  ],
  [
    ctr_namespace,
    "a namespace that is there",
    { name: "test" },
    { namespace: { labels: { c: "d" }, images: ["x"], containers: [], tasks: [] } },
    { unchanged: true },
  ],
  [
    ctr_namespace,
    "a label that it lacks",
    { name: "test", labels: { a: "b" } },
    { namespace: { labels: { c: "d" }, images: [], containers: [], tasks: [] } },
    { after: { namespace: { labels: { a: "b", c: "d" }, images: [], containers: [], tasks: [] } } },
  ],
  [
    ctr_namespace,
    "an empty one goes",
    { name: "test", state: "absent" },
    { namespace: { labels: {}, images: [], containers: [], tasks: [] } },
    {},
  ],
  [
    ctr_namespace,
    "one that holds something stays",
    { name: "test", state: "absent" },
    { namespace: { labels: {}, images: ["a/b:1"], containers: ["web"], tasks: [] } },
    { failure: /not empty: containers web; images a\/b:1/ },
  ],
  [
    ctr_namespace,
    "one that holds something goes by force",
    { name: "test", state: "absent", force: true },
    { namespace: { labels: {}, images: ["a/b:1"], containers: ["web"], tasks: ["web"] } },
    {},
  ],
  [
    ctr_namespace,
    "a name that containerd refuses",
    { name: "a b" },
    {},
    { failure: /containerd takes no name "a b"/ },
  ],
  [
    ctr_image_push,
    "an image that was never pushed",
    { name: image },
    { image: present, pushed: null },
    { after: { image: present, pushed: DIGEST } },
  ],
  [
    ctr_image_push,
    "an image that was pushed",
    { name: image },
    { image: present, pushed: DIGEST },
    { unchanged: true },
  ],
  [
    ctr_image_push,
    "an image that has changed since",
    { name: image },
    { image: present, pushed: "sha256:old" },
    {},
  ],
  [
    ctr_image_push,
    "an image that comes in the same run",
    { name: image },
    { image: { ...present, target: null }, pushed: null },
    { after: { image: { ...present, target: null }, pushed: "" } },
  ],
  [
    ctr_image_push,
    "an image that is not there",
    { name: image },
    { image: absent, pushed: null },
    { failure: /there is no image/ },
  ],
  [
    ctr_image_export,
    "an archive that is not there",
    { name: image, dest: "/srv/a.tar.gz" },
    { image: present, file: null },
    { also: { "path /srv/a.tar.gz": { type: "file", mode: 0o644 } } },
  ],
  [
    ctr_image_export,
    "an archive that holds it",
    { name: image, dest: "/srv/a.tar" },
    { image: present, file: { images: [{ digest: DIGEST, name: image }] } },
    { unchanged: true },
  ],
  [
    ctr_image_export,
    "an archive of an older image",
    { name: image, dest: "/srv/a.tar" },
    { image: present, file: { images: [{ digest: "sha256:old", name: image }] } },
    {},
  ],
  [
    ctr_image_export,
    "a relative archive",
    { name: image, dest: "a.tar" },
    {},
    { failure: /dest must be an absolute path/ },
  ],
  [
    ctr_image_mount,
    "an image that is not mounted",
    { name: image, path: "/mnt" },
    { image: present, point, mount: { mounted: false, parent: null, writable: false } },
    {
      after: {
        image: present,
        point,
        mount: { mounted: true, parent: "sha256:l", writable: false },
      },
    },
  ],
  [
    ctr_image_mount,
    "an image that is mounted",
    { name: image, path: "/mnt" },
    { image: present, point, mount: { mounted: true, parent: "sha256:l", writable: false } },
    { unchanged: true },
  ],
  [
    ctr_image_mount,
    "another image is mounted",
    { name: image, path: "/mnt" },
    { image: present, point, mount: { mounted: true, parent: "sha256:m", writable: false } },
    {},
  ],
  [
    ctr_image_mount,
    "something else is mounted",
    { name: image, path: "/mnt" },
    { image: present, point, mount: { mounted: true, parent: null, writable: false } },
    { failure: /something else is mounted on \/mnt/ },
  ],
  [
    ctr_image_mount,
    "the wrong platform",
    { name: image, path: "/mnt", platform: "linux/arm64" },
    { image: present, point, mount: { mounted: false, parent: null, writable: false } },
    { failure: /is not here for linux\/arm64/ },
  ],
  [
    ctr_image_mount,
    "an unmounted one",
    { path: "/mnt", state: "unmounted" },
    { point, mount: { mounted: false, parent: null, writable: false } },
    { unchanged: true },
  ],
  [
    ctr_image_mount,
    "unmounting",
    { path: "/mnt", state: "unmounted" },
    { point, mount: { mounted: true, parent: "sha256:l", writable: false } },
    {},
  ],
  [
    ctr_image_mount,
    "mounting nothing",
    { path: "/mnt" },
    {},
    { failure: /needs the parameter "name"/ },
  ],
  [
    ctr_container,
    "a container that is not there",
    described,
    { image: present, container: { container: null, task: null } },
    {},
  ],
  [
    ctr_container,
    "a container made by hand in the same way",
    described,
    { image: present, container: { container, task: "RUNNING" } },
    { unchanged: true },
  ],
  [
    ctr_container,
    "a container with another command",
    { ...described, args: ["true"] },
    { image: present, container: { container, task: null } },
    { failure: /was made otherwise: args/ },
  ],
  [
    ctr_container,
    "a container that is made anew",
    { ...described, args: ["true"], recreate: true },
    { image: present, container: { container, task: "RUNNING" } },
    {},
  ],
  [
    ctr_container,
    "what is no longer described",
    described,
    {
      image: present,
      container: {
        container: { ...container, labels: { "hullwright.description": "other" } },
        task: null,
      },
    },
    { failure: /what is no longer described/ },
  ],
  [
    ctr_container,
    "a label that it lacks",
    { ...described, labels: { a: "b" } },
    { image: present, container: { container, task: "RUNNING" } },
    {
      after: {
        image: present,
        container: { container: { ...container, labels: { a: "b" } }, task: "RUNNING" },
      },
    },
  ],
  [
    ctr_container,
    "a task that is held",
    { ...described, task: "paused" },
    { image: present, container: { container, task: "RUNNING" } },
    { after: { image: present, container: { container, task: "PAUSED" } } },
  ],
  [
    ctr_container,
    "an image that is not there",
    described,
    { image: absent, container: { container: null, task: null } },
    { failure: /there is no image example\.com\/smoke\/hello:1/ },
  ],
  [
    ctr_container,
    "removed with its task",
    { name: "web", state: "absent" },
    { container: { container, task: "RUNNING" } },
    { after: { container: { container: null, task: null } } },
  ],
  [
    ctr_container,
    "removed already",
    { name: "web", state: "absent" },
    { container: { container: null, task: null } },
    { unchanged: true },
  ],
  [
    ctr_container,
    "a comma in a mount",
    { ...described, mounts: [{ src: "/a,b", dst: "/c" }] },
    {},
    { failure: /ctr can take no comma/ },
  ],
  [
    ctr_container,
    "a relative mount",
    { ...described, mounts: [{ src: "a", dst: "/c" }] },
    {},
    { failure: /must be absolute paths/ },
  ],
  [
    ctr_container,
    "a containerd that does not answer",
    described,
    { image: null, container: null },
    { failure: /containerd does not answer/ },
  ],
  ...(
    [
      ["started", null, "RUNNING"],
      ["started", "STOPPED", "RUNNING"],
      ["resumed", "PAUSED", "RUNNING"],
      ["paused", "RUNNING", "PAUSED"],
      ["paused", null, "PAUSED"],
      ["stopped", "RUNNING", "STOPPED"],
      ["stopped", "PAUSED", "STOPPED"],
      ["absent", "STOPPED", null],
      ["absent", "RUNNING", null],
    ] as const
  ).map(([state, from, to]): Row => [
    ctr_task,
    `${String(from)} becomes ${state}`,
    { name: "web", state },
    { container: { container, task: from } },
    { after: { container: { container, task: to } } },
  ]),
  ...(
    [
      ["started", "RUNNING"],
      ["running", "RUNNING"],
      ["paused", "PAUSED"],
      ["stopped", "STOPPED"],
      ["stopped", null],
      ["absent", null],
    ] as const
  ).map(([state, from]): Row => [
    ctr_task,
    `${String(from)} is ${state}`,
    { name: "web", state },
    { container: { container, task: from } },
    { unchanged: true },
  ]),
  [
    ctr_task,
    "a container that is not there",
    { name: "web" },
    { container: { container: null, task: null } },
    { failure: /there is no container web/ },
  ],
  [
    ctr_task,
    "no container, and no task",
    { name: "web", state: "absent" },
    { container: { container: null, task: null } },
    { unchanged: true },
  ],
  [
    ctr_task,
    "a signal that is none",
    { name: "web", state: "stopped", signal: "please" },
    {},
    { failure: /is not a signal/ },
  ],
  [
    ctr_exec,
    "a container that no container can be",
    { container: "a b", cmd: "id" },
    {},
    { failure: /containerd takes no container "a b"/ },
  ],
  [
    ctr_info,
    "what there is changes nothing",
    {},
    { inventory: { images: [] } },
    { unchanged: true },
  ],
];

export const cases: Case[] = rows.map(([module, name, args, before, expect]) => ({
  name: `${any(module).name}: ${name}`,
  module: any(module),
  args,
  before,
  expect,
}));
