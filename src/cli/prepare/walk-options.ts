import type { RunFlags } from "../settings/options.ts";
import type { WalkOptions } from "../../plan/model/host.ts";
import { defined } from "../../defined.ts";

// What the command line says about the walk.
export function walkOptions(flags: RunFlags, becomePassword: string | undefined): WalkOptions {
  return {
    tags: flags.tags ?? [],
    skipTags: flags.skipTags ?? [],
    checkMode: flags.check ?? false,
    isInteractive: process.stdin.isTTY === true,
    dropHandlers: flags.dropHandlers ?? false,
    ignoreFailures: flags.ignoreFailures ?? false,
    become: flags.become ?? false,
    becomeMethod: flags.becomeMethod,
    becomeExe: flags.becomeExe,
    becomeFlags: flags.becomeFlags,
    ansibleManaged: flags.ansibleManaged,
    ...defined({
      becomeUser: flags.becomeUser,
      becomePassword,
      becomeMethods: flags.becomeMethods,
    }),
  };
}
