import { service } from "../../../src/modules/system/service.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";
import { cases as units } from "./systemd_service.cases.ts";

// service is systemd_service by its general name: what both take comes out the same. Of its parameters it lacks our own.
const OWN = ["files", "keep_processes"];

export const cases: readonly Case[] = units
  .filter(
    ({ args }) =>
      !Object.keys(args).some((name) => OWN.includes(name)) &&
      ["state", "enabled", "masked", "daemon_reload", "daemon_reexec"].some((name) => name in args),
  )
  .map((one, index) => ({
    ...one,
    args: index === 0 ? { ...one.args, use: "service" } : one.args,
    module: service as unknown as AnyModule,
  }));
