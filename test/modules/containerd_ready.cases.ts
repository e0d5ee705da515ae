import { containerd_ready } from "../../src/modules/containerd_ready.ts";
import type { AnyModule } from "../../src/modules/index.ts";
import type { Case } from "./case.ts";

const module = containerd_ready as unknown as AnyModule;
const requires = ["snapshotter.v1/overlayfs", "metadata.v1/bolt", "runtime.v2/task", "grpc.v1/cri"];
const address = "/run/containerd/containerd.sock";
const record = { requires, invocation: "ab12", address };
const daemon = { invocation: "ab12", socket: true };

export const cases: Case[] = [
  { name: "a start that was found good is not asked again", module, args: {}, before: { daemon, record }, expect: { unchanged: true } },
  { name: "a daemon that nobody looked at", module, args: {}, before: { daemon, record: null }, expect: { after: { daemon, record } } },
  { name: "another start", module, args: {}, before: { daemon: { ...daemon, invocation: "cd34" }, record }, expect: {} },
  { name: "other needs", module, args: { requires: ["grpc.v1/cri"] }, before: { daemon, record }, expect: {} },
  { name: "another snapshotter", module, args: { snapshotter: "native" }, before: { daemon, record }, expect: {} },
  { name: "a daemon that does not run yet", module, args: {}, before: { daemon: { invocation: null, socket: false }, record }, expect: {} },
  { name: "a socket that is gone", module, args: {}, before: { daemon: { ...daemon, socket: false }, record }, expect: {} },
  { name: "a systemd that does not tell starts apart", module, args: {}, before: { daemon: { ...daemon, invocation: null }, record: { ...record, invocation: "" } }, expect: {} },
];
