import { TaskFailure } from "../../../errors.ts";
import type { ContainerFacts, ContainerMount } from "../../../probes/containerd/container.ts";
import type { Script } from "../../../script/sh.ts";
import { labelPairs, must, pairs, labelWords } from "../../shared/containerd/ctr.ts";
import type { ContainerArgs } from "./schema.ts";
import { sha256Hex } from "../../../sha256.ts";
import { canonical } from "../../../canonical.ts";

/** The label by which we recognise a container of ours: a digest of its description. */
const DESCRIPTION = "hullwright.description";

// The mounts in ctr's notation, in which a comma or a colon in a path would be ambiguous.
export function mountsOf({ mounts }: ContainerArgs): ContainerMount[] {
  return mounts.map((one) => {
    const mount = (one instanceof Map ? Object.fromEntries(one) : one) as unknown as ContainerMount;
    const { type, src, dst, options } = mount;
    if (
      [type, src, dst].some((text) => /[,"\n]/.test(text)) ||
      options.some((text) => /[,:"\s]/.test(text))
    )
      throw new TaskFailure(`mounts: ctr can take no comma or quote in ${src}:${dst}`);
    if (!dst.startsWith("/") || (type === "bind" && !src.startsWith("/")))
      throw new TaskFailure(`mounts: ${src}:${dst} must be absolute paths`);
    return { type, src, dst, options };
  });
}

// What the container is made of, as a digest.
function descriptionOf(args: ContainerArgs): string {
  const { image, cwd, snapshotter, runtime, net_host, privileged, read_only, memory_limit } = args;
  const described = {
    ...{ image, cwd, snapshotter, runtime, net_host, privileged, read_only, memory_limit },
    args: args.args ?? null,
    env: pairs("env", args.env),
    mounts: mountsOf(args),
  };
  return sha256Hex(canonical(described));
}

// How a container differs from its description, by parameter. One that we
// created shows it by its label.
export function differences(args: ContainerArgs, found: ContainerFacts): string[] {
  const known = found.labels[DESCRIPTION];
  if (known === descriptionOf(args)) return [];
  const sameMount = (wanted: ContainerMount): boolean =>
    found.mounts.some(
      (one) =>
        one.dst === wanted.dst &&
        one.src === wanted.src &&
        wanted.options.every((option) => one.options.includes(option)),
    );
  const checks: [parameter: string, same: boolean][] = [
    ["image", found.image === args.image],
    ["args", args.args === undefined || canonical(found.args) === canonical(args.args)],
    ["env", pairs("env", args.env).every(([name, value]) => found.env[name] === value)],
    ["mounts", mountsOf(args).every(sameMount)],
    ["net_host", found.net_host === args.net_host],
    ["read_only", found.read_only === args.read_only],
    ["cwd", args.cwd === undefined || found.cwd === args.cwd],
    ["snapshotter", args.snapshotter === undefined || found.snapshotter === args.snapshotter],
    ["runtime", found.runtime === args.runtime],
  ];
  const each = checks.filter(([, same]) => !same).map(([parameter]) => parameter);
  return each.length === 0 && known !== undefined ? ["what is no longer described"] : each;
}

// The container as it will be, apart from what our label covers.
export function made(args: ContainerArgs): ContainerFacts {
  return {
    image: args.image!,
    labels: { ...Object.fromEntries(labelPairs(args.labels)), [DESCRIPTION]: descriptionOf(args) },
    snapshotter: args.snapshotter ?? "",
    runtime: args.runtime,
    args: args.args ?? [],
    env: Object.fromEntries(pairs("env", args.env)),
    cwd: args.cwd ?? "/",
    mounts: mountsOf(args),
    net_host: args.net_host,
    read_only: args.read_only,
  };
}

// All flags come first, and end with "--": flags after it are ctr's own in 1.4 and 1.6, and part
// of the command in 1.7 and 2.x. Flags without a value come before the others, because 1.6 would
// read the "--" as their value.
export function creation(args: ContainerArgs): Script {
  const { image, name, runtime, snapshotter, cwd, memory_limit } = args;
  const mounts = mountsOf(args).flatMap(({ type, src, dst, options }) => [
    "--mount",
    [
      `type=${type}`,
      `src=${src}`,
      `dst=${dst}`,
      ...(options.length > 0 ? [`options=${options.join(":")}`] : []),
    ].join(","),
  ]);
  const labels: [string, string][] = [
    ...labelPairs(args.labels),
    [DESCRIPTION, descriptionOf(args)],
  ];
  const flags = [
    ...(args.net_host ? ["--net-host"] : []),
    ...(args.privileged ? ["--privileged"] : []),
    ...(args.read_only ? ["--read-only"] : []),
    "--runtime",
    runtime,
    ...(snapshotter === undefined ? [] : ["--snapshotter", snapshotter]),
    ...mounts,
    ...labelWords(pairs("env", args.env)).flatMap((word) => ["--env", word]),
    ...labelWords(labels).flatMap((word) => ["--label", word]),
    ...(cwd === undefined ? [] : ["--cwd", cwd]),
    ...(memory_limit === undefined ? [] : ["--memory-limit", String(memory_limit)]),
  ];
  return must(
    args,
    `the container ${name} cannot be made`,
    "containers",
    "create",
    flags,
    "--",
    image!,
    name,
    args.args ?? [],
  );
}
