import { ctr_image } from "../../../src/modules/containerd/ctr_image.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { ArchiveMember } from "../../../src/modules/contract/module.ts";
import { localFile, type Case } from "../case.ts";

const module = ctr_image as unknown as AnyModule;
const name = "example.com/smoke/hello:1";
const [ONE, TWO] = ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];

// A member of an archive.
const member = (path: string, more: Partial<ArchiveMember> = {}): ArchiveMember => ({
  ...{ path, type: "file", mode: 0o644, size: 1, uid: 0, gid: 0 },
  ...more,
});
const saved = [
  member("manifest.json", { text: JSON.stringify([{ Config: "c.json", RepoTags: [name] }]) }),
  member("c.json", { sha256: ONE.slice("sha256:".length) }),
];
const oci = (annotations: object): ArchiveMember[] => [
  member("oci-layout"),
  member("index.json", { text: JSON.stringify({ manifests: [{ digest: ONE, annotations }] }) }),
];
const given = { file: () => localFile("tar"), archive: () => saved };
const absent = { there: false, target: null, labels: {}, manifests: [] };
const present = {
  there: true,
  target: TWO,
  labels: {},
  manifests: [{ digest: TWO, config: ONE, platform: "linux/amd64" }],
};
const ctr =
  "/usr/local/bin/ctr -a /run/containerd/containerd.sock --connect-timeout 10s -n default images";

export const cases: Case[] = [
  {
    name: "an archive's image that is there",
    module,
    args: { name, src: "hello.tar" },
    before: { image: present },
    given,
    expect: { unchanged: true },
  },
  {
    name: "an image of the same name with another configuration",
    module,
    args: { name, src: "hello.tar" },
    before: { image: { ...present, manifests: [{ digest: TWO, config: TWO }] } },
    given,
    expect: {
      after: { image: { ...present, target: null, manifests: [{ digest: "", config: ONE }] } },
    },
  },
  {
    name: "an archive's image that is not there",
    module,
    args: { name, src: "hello.tar" },
    before: { image: absent },
    given,
    expect: {
      after: {
        image: { there: true, target: null, labels: {}, manifests: [{ digest: "", config: ONE }] },
      },
    },
  },
  {
    name: "a containerd that does not answer yet",
    module,
    args: { name, src: "hello.tar" },
    before: { image: null },
    given,
    expect: {},
  },
  {
    name: "an OCI archive of the image that is there",
    module,
    args: { name, src: "hello.tar" },
    before: { image: { ...present, target: ONE } },
    given: { ...given, archive: () => oci({ "io.containerd.image.name": name }) },
    expect: { unchanged: true },
  },
  {
    name: "an OCI archive that names the tag alone",
    module,
    args: { name, src: "hello.tar" },
    before: { image: absent },
    given: { ...given, archive: () => oci({ "org.opencontainers.image.ref.name": "1" }) },
    expect: { after: { image: { ...absent, there: true, target: ONE } } },
  },
  {
    name: "an archive that holds other images",
    module,
    args: { name: "example.com/other:1", src: "hello.tar" },
    before: { image: absent },
    given,
    expect: { failure: /hello\.tar does not hold example\.com\/other:1/ },
  },
  {
    name: "an archive that is none of images",
    module,
    args: { name, src: "hello.tar" },
    before: { image: absent },
    given: { ...given, archive: () => [member("README")] },
    expect: { failure: /is not an archive of images/ },
  },
  {
    name: "an image that is pulled",
    module,
    args: { name, platform: "linux/amd64", plain_http: true },
    before: { image: absent },
    expect: {
      steps: [
        `hw_local=\nhw_o=$(${ctr} pull \${hw_local:+--local} --plain-http --platform linux/amd64 ${name} 2>&1) || { hw_fail '${name} cannot be pulled:' "$(printf '%s\n' "$hw_o" | tail -n 3)"; exit 1; }`,
      ],
      after: { image: { ...absent, there: true } },
    },
  },
  {
    name: "an image that is there is not pulled again",
    module,
    args: { name, user: "me", password: "x" },
    before: { image: present },
    expect: { unchanged: true },
  },
  {
    name: "a name that stands for another digest",
    module,
    args: { name, digest: ONE },
    before: { image: present },
    expect: { after: { image: { ...present, target: ONE, manifests: [] } } },
  },
  {
    name: "a name that stands for the digest",
    module,
    args: { name, digest: TWO },
    before: { image: present },
    expect: { unchanged: true },
  },
  {
    name: "a further name",
    module,
    args: { name, from: "example.com/b:1" },
    before: { image: absent, source: { ...present, labels: { a: "b" } } },
    expect: {
      after: {
        image: { there: true, target: TWO, labels: { a: "b" }, manifests: [] },
        source: { ...present, labels: { a: "b" } },
      },
    },
  },
  {
    name: "a further name that is there",
    module,
    args: { name, from: "example.com/b:1" },
    before: { image: present, source: present },
    expect: { unchanged: true },
  },
  {
    name: "a further name of what is not there",
    module,
    args: { name, from: "example.com/b:1" },
    before: { image: absent, source: absent },
    expect: { failure: /there is no image example\.com\/b:1 in the namespace default/ },
  },
  {
    name: "an image that is pinned",
    module,
    args: { name, pinned: true },
    before: { image: present },
    expect: {
      after: { image: { ...present, labels: { "io.cri-containerd.pinned": "pinned" } } },
    },
  },
  {
    name: "removed",
    module,
    args: { name, state: "absent" },
    before: { image: present },
    expect: {
      steps: [
        `hw_o=$(${ctr} rm --sync ${name} 2>&1) || { hw_fail '${name} cannot be removed:' "$hw_o"; exit 1; }`,
      ],
      after: { image: absent },
    },
  },
  {
    name: "removed already",
    module,
    args: { name, state: "absent" },
    before: { image: absent },
    expect: { unchanged: true },
  },
  {
    name: "a removal that cannot be told",
    module,
    args: { name, state: "absent" },
    before: { image: null },
    expect: { failure: /containerd does not answer/ },
  },
  ...(
    [
      [{ name: "nginx" }, /does not name its registry/],
      [{ name: "example.com/nginx" }, /has no tag and no digest/],
      [{ name: "https://example.com/nginx:1" }, /is not the name of an image/],
      [{ name, digest: "1234" }, /is not a digest/],
      [{ name, user: "me" }, /"user" and "password" go together/],
      [{ name, user: "me:x", password: "x" }, /"me:x" is no user/],
      [{ name, user: "me", password: "a\nb" }, /contains a line break/],
      [{ name, src: "a.tar", plain_http: true }, /nothing is asked of a registry/],
      [{ name, ca: "/ca.crt", plain_http: true }, /plain_http knows no certificates/],
      [{ name, client_cert: "/c" }, /go together/],
      [{ name, hosts_dir: "certs.d" }, /must be an absolute path/],
      [{ name, labels: { a: "b c" } }, /labels: a cannot be "b c"/],
      [{ name, namespace: "a/b" }, /containerd takes no namespace "a\/b"/],
    ] as const
  ).map(([args, failure]): Case => ({
    name: `refused: ${JSON.stringify(args)}`,
    module,
    args,
    before: {},
    expect: { failure },
  })),
];
