import { containerd_registries } from "../../../src/modules/containerd/containerd_registries.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { RegistryDirectory } from "../../../src/probes/containerd/registries.ts";
import type { Case } from "../case.ts";

const module = containerd_registries as unknown as AnyModule;
const mirror = (name: string, more: object = {}): object => ({
  name,
  hosts: [{ url: "https://m.example" }],
  ...more,
});
const directory = (
  name: string,
  file: RegistryDirectory["file"],
  certificates: string[] = [],
): RegistryDirectory => ({ name, file, certificates });
const refused = (
  name: string,
  registries: object[],
  failure: RegExp,
  found: RegistryDirectory[] = [],
): Case => ({
  name: `refused: ${name}`,
  module,
  args: { registries },
  before: { found },
  expect: { failure },
});

export const cases: Case[] = [
  {
    name: "nothing is there",
    module,
    args: { registries: [] },
    before: { found: [] },
    expect: { unchanged: true },
  },
  {
    name: "what is described and what others wrote stays",
    module,
    args: { registries: [mirror("docker.io")] },
    before: {
      found: [
        directory("docker.io", "ours"),
        directory("a.example", "foreign"),
        directory("b.example", null, ["ca.crt"]),
      ],
    },
    expect: { unchanged: true },
  },
  {
    name: "what is no longer described goes; a directory with certificates stays",
    module,
    args: { registries: [mirror("docker.io")] },
    before: {
      found: [
        directory("docker.io", "ours"),
        directory("a.example", "ours"),
        directory("b.example", "ours", ["ca.crt"]),
        directory("c.example", "foreign"),
      ],
    },
    expect: {
      after: {
        found: [
          directory("docker.io", "ours"),
          directory("b.example", null, ["ca.crt"]),
          directory("c.example", "foreign"),
        ],
      },
      also: {
        "path /etc/containerd/certs.d/a.example/hosts.toml": null,
        "path /etc/containerd/certs.d/b.example/hosts.toml": null,
      },
    },
  },
  {
    name: "unless nothing is to be pruned",
    module,
    args: { registries: [], prune: false },
    before: { found: [directory("a.example", "ours")] },
    expect: { unchanged: true },
  },
  {
    name: "certificates that are named count",
    module,
    args: {
      registries: [mirror("a.example", { hosts: [{ url: "https://a.example", ca: ["ca.crt"] }] })],
    },
    before: { found: [directory("a.example", null, ["ca.crt"])] },
    expect: { unchanged: true },
  },
  refused(
    "certificates beside that would be switched off",
    [{ name: "a.example" }],
    /has ca\.crt, which containerd no longer reads/,
    [directory("a.example", null, ["ca.crt"])],
  ),
  refused(
    "the same name twice",
    [mirror("a.example"), mirror("a.example")],
    /a\.example is in the list twice/,
  ),
  refused("a misspelt key", [{ name: "a.example", host: [{ url: "https://m" }] }], /host/),
  refused(
    "a misspelt key of a host",
    [{ name: "a.example", hosts: [{ url: "https://m", skip_verfy: true }] }],
    /skip_verfy/,
  ),
  refused(
    "a host that is wrong",
    [mirror("a.example", { hosts: [{ url: "m.example" }] })],
    /is not a URL/,
  ),
  {
    name: "refused: a relative directory",
    module,
    args: { registries: [], config_path: "certs.d" },
    before: {},
    expect: { failure: /config_path must be an absolute path/ },
  },
];
