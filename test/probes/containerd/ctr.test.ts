import { expect, test } from "vitest";
import { container } from "../../../src/probes/containerd/container.ts";
import { image } from "../../../src/probes/containerd/image.ts";
import { imageMount } from "../../../src/probes/containerd/image_mount.ts";
import { contents, LISTS } from "../../../src/probes/containerd/contents.ts";
import { namespace } from "../../../src/probes/containerd/namespace.ts";

const arg = { ctr: "ctr", address: "/s", namespace: "n", name: "x" };
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

test("an image of several platforms: the manifests that are here, by their platforms, with the chain of their layers", () => {
  const output = [
    "image 0 there sha256:i io.cri-containerd.pinned=pinned,a=b",
    `blob sha256:i ${base64({ manifests: [{ digest: "sha256:m", platform: { os: "linux", architecture: "arm64", variant: "v8" } }, { digest: "sha256:gone" }] })}`,
    `blob sha256:m ${base64({ config: { digest: "sha256:c" } })}`,
    `blob sha256:c ${base64({ os: "linux", architecture: "arm64", rootfs: { diff_ids: ["sha256:a", "sha256:b"] } })}`,
    "image 1 absent",
    "image 2 down",
    "",
  ].join("\n");
  const asked = { ...arg, content: true, exact: false };
  expect(image.parse(output, [asked, asked, asked])).toEqual([
    {
      there: true,
      target: "sha256:i",
      labels: { "io.cri-containerd.pinned": "pinned", a: "b" },
      manifests: [
        {
          digest: "sha256:m",
          config: "sha256:c",
          platform: "linux/arm64/v8",
          // printf 'sha256:a sha256:b' | sha256sum
          chain: "sha256:970a948bffa8de94d6e22d747ba8c95030e6e546909f98f54e99a13005e173a8",
        },
      ],
    },
    { there: false, target: null, labels: {}, manifests: [] },
    null,
  ]);
});

test("a container, its task, and none of either", () => {
  const info = {
    Image: "a/b:1",
    Runtime: { Name: "io.containerd.runc.v2" },
    Spec: {
      process: { args: ["x"], env: ["A=b=c"] },
      linux: { namespaces: [{ type: "network" }] },
    },
  };
  const output = `container 0 RUNNING ${base64(info)}\ncontainer 1 - \ncontainer 2 down\n`;
  const [found, none, down] = container.parse(output, [arg, arg, arg]);
  expect(found).toMatchObject({
    task: "RUNNING",
    container: { image: "a/b:1", args: ["x"], env: { A: "b=c" }, net_host: false },
  });
  expect([none, down]).toEqual([{ container: null, task: null }, null]);
});

test("a namespace with what is in it", () => {
  expect(
    namespace.parse(
      "namespace 0 there a=b\nimages x/y:1\ntasks t\nnamespace 1 absent\nnamespace 2 there -\n",
      [arg, arg, arg],
    ),
  ).toEqual([
    { labels: { a: "b" }, images: ["x/y:1"], containers: [], tasks: ["t"] },
    { labels: null, images: [], containers: [], tasks: [] },
    { labels: {}, images: [], containers: [], tasks: [] },
  ]);
});

test("a mount, a snapshot that is left of one, and neither", () => {
  const asked = { ...arg, path: "/mnt", snapshotter: "" };
  expect(
    imageMount.parse(
      "mount 0 up yes sha256:p View\nmount 1 up no sha256:p Active\nmount 2 up no -\n",
      [asked, asked, asked],
    ),
  ).toEqual([
    { mounted: true, parent: "sha256:p", writable: false },
    { mounted: false, parent: "sha256:p", writable: true },
    { mounted: false, parent: null, writable: false },
  ]);
});

test("the tables that ctr prints, of which a size has a space in it", () => {
  const output = `inventory 0 up
version Client:
version   Version:  v2.1.9
version Server:
version   Version:  2.1.9
images example.com/a:1 application/x sha256:d 1.9 MiB linux/amd64,linux/arm64 a=b
check example.com/a:1 application/x sha256:d incomplete (1/2) 0.0 B/1.9 MiB false
containers web example.com/a:1 io.containerd.runc.v2
tasks web 17 RUNNING
metrics web ${base64({ pids: { current: 1 } })}
ps web 17 -
namespaces default a=b
namespaces k8s.io
plugins io.containerd.snapshotter.v1 overlayfs linux/amd64 ok
`;
  expect(contents.parse(output, [{ ...arg, parts: [...LISTS], details: true }])).toEqual([
    {
      version: { client: "v2.1.9", server: "2.1.9" },
      images: [
        {
          ...{
            name: "example.com/a:1",
            type: "application/x",
            digest: "sha256:d",
            size: "1.9 MiB",
          },
          ...{ platforms: ["linux/amd64", "linux/arm64"], labels: { a: "b" }, pinned: false },
          ...{ status: "incomplete", unpacked: false },
        },
      ],
      containers: [{ id: "web", image: "example.com/a:1", runtime: "io.containerd.runc.v2" }],
      tasks: [
        {
          name: "web",
          pid: 17,
          status: "running",
          metrics: { pids: { current: 1 } },
          processes: [17],
        },
      ],
      namespaces: [
        { name: "default", labels: { a: "b" } },
        { name: "k8s.io", labels: {} },
      ],
      plugins: [
        {
          type: "io.containerd.snapshotter.v1",
          id: "overlayfs",
          platforms: ["linux/amd64"],
          status: "ok",
        },
      ],
    },
  ]);
});

test.each([["image 0 maybe"], [""]])("garbage is not an answer: %j", (output) => {
  expect(() => image.parse(output, [{ ...arg, content: false, exact: false }])).toThrow(
    "truncated or garbled",
  );
});
