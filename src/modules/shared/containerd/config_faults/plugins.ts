import { didYouMean } from "../../../../suggest.ts";
import { writeKey, writeValue } from "../../../../toml/stringify.ts";
import { at, isTable } from "../../../../toml/value.ts";
import { placeOf } from "../config_tree.ts";
import { allDefaults } from "../known_keys.ts";
import { BUILT_IN, snapshotterFault } from "../snapshotters.ts";
import { keysOf, listOf, type Rule } from "./look.ts";

/** The plugins of some types, all of them; those of other types are not known here. */
const PLUGINS: { readonly [type: string]: readonly string[] } = {
  "io.containerd.grpc.v1": [
    ...["containers", "content", "cri", "diff", "events", "healthcheck", "images"],
    ...["introspection", "leases", "mounts", "namespaces", "sandbox-controllers", "sandboxes"],
    ...["snapshots", "streaming", "tasks", "transfer", "version"],
  ],
  "io.containerd.snapshotter.v1": BUILT_IN,
  "io.containerd.cri.v1": ["images", "runtime"],
  "io.containerd.nri.v1": ["nri"],
  "io.containerd.runtime.v2": ["task", "shim"],
  "io.containerd.runtime.v1": ["linux"],
  "io.containerd.metadata.v1": ["bolt"],
  "io.containerd.content.v1": ["content"],
  "io.containerd.gc.v1": ["scheduler"],
  "io.containerd.internal.v1": ["opt", "restart", "tracing", "cri"],
};

/** What nothing works without. */
const NEEDED = [
  "io.containerd.metadata.v1.bolt",
  "io.containerd.content.v1.content",
  "io.containerd.runtime.v2.task",
];

// Names of plugins in lists are whole: a short one keeps containerd from starting, a misspelled one
// does nothing or the same.
const names: Rule = (tree) =>
  ["disabled_plugins", "required_plugins"].flatMap((key) =>
    listOf(tree, key).flatMap((name) => {
      const fault = nameFault(name);
      return fault === undefined ? [] : [`${key}: ${writeValue(name)} ${fault}`];
    }),
  );

function nameFault(name: string): string | undefined {
  const [, type, id] = /^(io\.containerd\.[\w.-]+\.v\d+)\.([\w.-]+)$/.exec(name) ?? [];
  if (type === undefined || id === undefined)
    return `is not the whole name of a plugin: write it as io.containerd.grpc.v1.${name === "cri" ? "cri" : "NAME"}`;
  const known = PLUGINS[type];
  if (known === undefined) {
    const meant = didYouMean(type, Object.keys(PLUGINS));
    return meant !== undefined && !isKnownType(type)
      ? `is not a plugin of containerd: ${meant}`
      : undefined;
  }
  if (known.includes(id)) return undefined;
  return `is not a plugin of containerd: ${didYouMean(id, known) ?? `${type} has ${known.join(", ")}`}`;
}

function isKnownType(type: string): boolean {
  return /^io\.containerd\.(service|monitor|monitor\.task|monitor\.container|event|lease|streaming|sandbox\.\w+|podsandbox\.\w+|transfer|image-verifier|tracing\.processor|ttrpc|warning|shim|diff|differ|mount|mount-manager|server|http)\.v1$/.test(
    type,
  );
}

// Plugins that are needed may not be disabled: some packages leave
// disabled_plugins = ["cri"] behind.
const disabled: Rule = (tree, file) => {
  const off = listOf(tree, "disabled_plugins");
  const snapshotter = at(tree, ...placeOf("snapshotter", file));
  const needed = [
    ...listOf(tree, "required_plugins"),
    `io.containerd.snapshotter.v1.${String(snapshotter)}`,
    ...NEEDED,
  ];
  return [...new Set(needed)]
    .filter((name) => off.includes(name) || (name.endsWith(".grpc.v1.cri") && off.includes("cri")))
    .map(
      (name) => `${name} is needed, and disabled_plugins switches it off: take it out of the list`,
    );
};

// devmapper keeps its snapshots in a thin pool that somebody else makes.
const pool: Rule = (tree, file) => {
  const used = at(tree, ...placeOf("snapshotter", file)) === "devmapper";
  const table = ["plugins", "io.containerd.snapshotter.v1.devmapper"];
  const [name, size] = [at(tree, ...table, "pool_name"), at(tree, ...table, "base_image_size")];
  const isUsed = used || isTable(at(tree, ...table));
  return [
    ...(isUsed && (name === undefined || name === "")
      ? [
          "the devmapper snapshotter has no pool_name: name its thin pool in snapshotters.devmapper, and give it a base_image_size",
        ]
      : []),
    ...(isUsed && (size === undefined || size === "")
      ? ["the devmapper snapshotter has no base_image_size: write it with its unit, such as 10GB"]
      : []),
    ...(typeof size === "string" && size !== "" && !/^\d+(\.\d+)? ?([kmgtp]i?)?b$/i.test(size)
      ? [`base_image_size cannot be ${writeValue(size)}: write it with its unit, such as 10GB`]
      : []),
  ];
};

// Plugins that are programs of their own.
const proxies: Rule = (tree, file) =>
  keysOf(tree, "proxy_plugins").flatMap((name) => {
    const where = `proxy_plugins.${writeKey(name)}`;
    const [type, address] = [
      at(tree, "proxy_plugins", name, "type"),
      at(tree, "proxy_plugins", name, "address"),
    ];
    const isUsed = at(tree, ...placeOf("snapshotter", file)) === name;
    return [
      ...(type === undefined
        ? [`${where} has no type: write snapshot, content, diff or sandbox`]
        : []),
      ...(address === undefined ? [`${where} has no address: write the path of its socket`] : []),
      ...(isUsed && type !== undefined && type !== "snapshot"
        ? [
            `${where} has the type ${writeValue(type)}, but is to be the snapshotter: write type: snapshot`,
          ]
        : []),
      ...(BUILT_IN.includes(name) && type === "snapshot"
        ? [
            `${where} has the name of a snapshotter that containerd itself brings: give it another one`,
          ]
        : []),
    ];
  });

// Timeouts under names that containerd never reads.
const timeouts: Rule = (tree) => {
  // to read all defaults takes a good part of a short run
  if (keysOf(tree, "timeouts").length === 0) return [];
  const known = [...new Set(allDefaults().flatMap((one) => keysOf(one, "timeouts")))];
  return keysOf(tree, "timeouts")
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        `timeouts.${writeKey(name)} is not known: ${didYouMean(name, known) ?? `there are ${known.join(", ")}`}`,
    );
};

// Certificates that come in pairs.
const pairs: Rule = (tree) =>
  (
    [
      [["grpc"], "tcp_tls_cert", "tcp_tls_key"],
      [
        ["plugins", "io.containerd.grpc.v1.cri", "x509_key_pair_streaming"],
        "tls_cert_file",
        "tls_key_file",
      ],
    ] as const
  ).flatMap(([place, cert, key]) => {
    const [one, other] = [at(tree, ...place, cert) ?? "", at(tree, ...place, key) ?? ""];
    if ((one === "") === (other === "")) return [];
    return [
      `${place.at(-1)!}.${one === "" ? cert : key} is missing: certificate and key go together`,
    ];
  });

// Programs that layers are piped through.
const processors: Rule = (tree) =>
  keysOf(tree, "stream_processors").flatMap((name) =>
    ["accepts", "returns", "path"]
      .filter((key) => at(tree, "stream_processors", name, key) === undefined)
      .map(
        (key) =>
          `stream_processors.${writeKey(name)} has no ${key}: it needs accepts, returns and path`,
      ),
  );

// What the transfer service unpacks images with.
const unpacking: Rule = (tree, _file, containerd) => {
  const list = at(tree, "plugins", "io.containerd.transfer.v1.local", "unpack_config");
  return (Array.isArray(list) ? list : []).flatMap((one) => {
    const name = at(one, "snapshotter");
    const fault =
      typeof name === "string" && name !== ""
        ? snapshotterFault(name, containerd, tree)
        : undefined;
    return fault === undefined ? [] : [`unpack_config.snapshotter: ${fault.what}: ${fault.hint}`];
  });
};

/** What may be wrong with plugins. */
export const PLUGIN_RULES: readonly Rule[] = [
  names,
  disabled,
  pool,
  proxies,
  timeouts,
  pairs,
  processors,
  unpacking,
];
