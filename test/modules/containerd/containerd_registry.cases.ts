import { containerd_registry } from "../../../src/modules/containerd/containerd_registry.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";

const module = containerd_registry as unknown as AnyModule;
const file = (text: string): object => ({
  type: "file",
  mode: 0o644,
  sha256: "other",
  content: Buffer.from(text).toString("base64"),
});
const folder = { type: "directory", mode: 0o755 };
const mirrors = {
  name: "docker.io",
  hosts: [
    { url: "http://a" },
    { url: "https://b/", capabilities: ["pull", "resolve", "push"], skip_verify: true },
  ],
};

const TWO = `server = "https://registry-1.docker.io"
[host.'http://a']
capabilities = ["pull", "resolve"]
[host."https://b"]
  capabilities = ["pull","resolve","push"]  # all
  skip_verify = true
`;
const TURNED = `server = "https://registry-1.docker.io"
[host."https://b"]
  capabilities = ["pull", "resolve", "push"]
  skip_verify = true
[host."http://a"]
  capabilities = ["pull", "resolve"]
`;
const INLINE = `server = "https://registry-1.docker.io"
[host]
"http://a" = { capabilities = ["pull", "resolve"] }
"https://b" = { capabilities = ["pull", "resolve", "push"], skip_verify = true }
`;

const refused = (name: string, args: object, failure: RegExp): Case => ({
  name: `refused: ${name}`,
  module,
  args,
  before: {},
  expect: { failure },
});
const host = (more: object): object => ({ name: "a.b", hosts: [{ url: "https://a.b", ...more }] });

export const cases: Case[] = [
  {
    name: "a registry is described, and its folder made",
    module,
    args: mirrors,
    before: { file: null, folder: null },
    expect: {},
  },
  {
    name: "in a folder that is there",
    module,
    args: mirrors,
    before: { file: null, folder },
    expect: {},
  },
  {
    name: "a file that says the same stays",
    module,
    args: mirrors,
    before: { file: file(TWO), folder },
    expect: { unchanged: true },
  },
  {
    name: "another order of hosts is drift",
    module,
    args: mirrors,
    before: { file: file(TURNED), folder },
    expect: {},
  },
  {
    name: "hosts without headers of their own are drift: 2.x does not see them",
    module,
    args: mirrors,
    before: { file: file(INLINE), folder },
    expect: {},
  },
  {
    name: "a registry with a port and plain HTTP",
    module,
    args: { name: "172.1.1.16:8083", server: "http://172.1.1.16:8083" },
    before: { file: null, folder },
    expect: {},
  },
  {
    name: "all others",
    module,
    args: { name: "_default", hosts: [{ url: "https://cache.example.com" }] },
    before: { file: null, folder },
    expect: {},
  },
  {
    name: "absent: the file goes, and the directory if it is empty",
    module,
    args: { name: "docker.io", state: "absent" },
    before: { file: file(TWO) },
    expect: {
      steps: [
        "hw_remove /etc/containerd/certs.d/docker.io/hosts.toml || exit 1\nrmdir -- /etc/containerd/certs.d/docker.io 2>/dev/null || :",
      ],
      after: { file: null },
    },
  },
  {
    name: "absent already",
    module,
    args: { name: "docker.io", state: "absent" },
    before: { file: null },
    expect: { unchanged: true },
  },
  refused("a URL as the name", { name: "https://docker.io/v2" }, /is a URL/),
  refused("a name with a path", { name: "docker.io/library" }, /is not the name of a registry/),
  refused("a name that leaves the folder", { name: ".." }, /is not the name of a registry/),
  refused(
    "a pasted link",
    host({ url: "[https://registry-1.docker.io](https://registry-1.docker.io/)" }),
    /is a link in Markdown, not a URL/,
  ),
  refused(
    "half of a pasted link",
    host({ url: "[http://172.1.1.16:8083](http://172.1.1.16:8083/" }),
    /is a link in Markdown/,
  ),
  refused(
    "a URL without a scheme",
    host({ url: "mirror.example.com" }),
    /is not a URL of a registry/,
  ),
  refused("another scheme", host({ url: "oci://a.b" }), /is not a URL of a registry/),
  refused(
    "an unknown capability",
    host({ capabilities: ["pull", "delete"] }),
    /cannot be "delete"/,
  ),
  refused("no capability", host({ capabilities: [] }), /has no capabilities/),
  refused(
    "a capability that older ones take for a broken file",
    host({ capabilities: ["pull", "referrers"] }),
    /known from containerd 2\.2 on/,
  ),
  refused(
    "TLS settings for plain HTTP",
    host({ url: "http://a.b", skip_verify: true }),
    /is plain HTTP/,
  ),
  refused(
    "the same host twice",
    { name: "a.b", hosts: [{ url: "https://a.b" }, { url: "https://a.b/" }] },
    /has https:\/\/a\.b twice/,
  ),
  {
    name: "a header makes the file one for root alone",
    module,
    args: host({ header: { Authorization: "Basic x" } }),
    before: { file: file("x = 1"), folder },
    expect: {},
  },
  {
    name: "a path that is all of it",
    module,
    args: host({ url: "https://a.b/v2/x", override_path: true }),
    before: { file: null, folder },
    expect: {},
  },
  {
    name: "a path behind which /v2 is meant",
    module,
    args: host({ url: "https://a.b/api/docker/x", override_path: false }),
    before: { file: null, folder },
    expect: {},
  },
  refused(
    "a path that nobody answers at",
    host({ url: "https://registry.aliyuncs.com/k8sxio" }),
    /has a path: containerd would ask https:\/\/registry\.aliyuncs\.com\/k8sxio\/v2/,
  ),
  refused(
    "all registries by a star",
    { name: "*", hosts: [{ url: "https://a.b" }] },
    /"\*" is not the name of a registry/,
  ),
  refused(
    "where Docker Hub is, instead of its name",
    { name: "registry-1.docker.io" },
    /no image name contains registry-1\.docker\.io/,
  ),
  refused("a login in the URL", host({ url: "https://me:secret@a.b" }), /has a login in it/),
  refused(
    "a time that this version passes over",
    { version: "1.7.24", ...host({ dial_timeout: "1s" }) },
    /known from containerd 2\.0\.7 and 2\.1 on/,
  ),
  {
    name: "a time that this version takes",
    module,
    args: { version: "2.0.7", ...host({ dial_timeout: "1s" }) },
    before: { file: null, folder },
    expect: {},
  },
  refused(
    "a header of a number",
    host({ header: { X: 7 } }),
    /header X is neither text nor a list of texts/,
  ),
  refused("a header of a mapping", host({ header: { X: { a: 1 } } }), /header X is neither/),
  refused("a client of a number", host({ client: 7 }), /client is neither/),
  refused("a client of three", host({ client: [["a", "b", "c"]] }), /client is neither/),
  refused(
    "certificate and key in a flat list",
    host({ client: ["/c/client.cert", "/c/client.key"] }),
    /has \/c\/client\.key by itself/,
  ),
  {
    name: "pairs of certificate and key",
    module,
    args: host({ client: [["/c/client.cert", "/c/client.key"]] }),
    before: { file: null, folder },
    expect: {},
  },
  refused("_default without hosts", { name: "_default" }, /_default needs hosts/),
  refused("a time that is none", host({ dial_timeout: "1 second" }), /is not a time/),
];
