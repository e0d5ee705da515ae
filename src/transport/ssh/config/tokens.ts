import { hostname } from "node:os";
import { accountName } from "../../account.ts";
import type { Connection } from "../../transport.ts";
import { sshHome } from "../home-path.ts";
import { configValue } from "./config.ts";

// A path of ssh's configuration with its tokens and variables of the environment filled in, as
// ssh does it only once it needs the path. What is not known stays as it is, and is told with
// the path that is not there.
export function expandTokens(
  path: string,
  { host, port, user, config, name }: Connection,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const original = config?.question.destination ?? name;
  const machine = hostname();
  const values: Readonly<Record<string, string>> = {
    "%": "%",
    d: sshHome(),
    h: host,
    i: String(process.getuid?.() ?? ""),
    k: (config && configValue(config, "hostkeyalias")) ?? original,
    L: machine.split(".")[0] ?? machine,
    l: machine,
    n: original,
    p: String(port),
    r: user,
    u: accountName(),
  };
  return path.replace(
    /%(.)|\$\{(\w+)\}/g,
    (whole, token: string | undefined, variable: string) =>
      (token === undefined ? environment[variable] : values[token]) ?? whole,
  );
}
