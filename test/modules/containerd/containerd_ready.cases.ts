import { containerd_ready } from "../../../src/modules/containerd/containerd_ready.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";
import { defined } from "../../../src/defined.ts";

const module = containerd_ready as unknown as AnyModule;
const noted = { state: "noted", invocation: "ab12" };
const seen = (state: string, why?: string): object => ({
  ready: { state, invocation: "ab12", ...defined({ why }) },
});

export const cases: Case[] = [
  {
    name: "a start that was found good is not looked at again",
    module,
    args: {},
    before: seen("noted"),
    expect: { unchanged: true },
  },
  {
    name: "a daemon that is good, and nobody knew",
    module,
    args: {},
    before: seen("ready"),
    expect: { after: { ready: noted } },
  },
  {
    name: "a daemon that was started just now",
    module,
    args: {},
    before: seen("starting", "there is no socket"),
    expect: { after: { ready: noted } },
  },
  {
    name: "a daemon that is not ready",
    module,
    args: { runc: "/usr/local/sbin/runc" },
    before: seen("not ready", "grpc.v1/cri is error;"),
    expect: { after: { ready: noted } },
  },
  {
    name: "a systemd that does not tell starts apart",
    module,
    args: {},
    before: { ready: { state: "ready", invocation: null } },
    expect: {},
  },
  {
    name: "a relative socket",
    module,
    args: { address: "containerd.sock" },
    before: {},
    expect: { failure: /address must be an absolute path/ },
  },
];
