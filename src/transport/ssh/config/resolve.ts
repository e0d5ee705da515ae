import { account, accountName } from "../../account.ts";
import { join } from "node:path";
import type { Connection } from "../../transport.ts";
import {
  configValue,
  configWords,
  type SshConfig,
  type SshConfigs,
  type SshQuestion,
} from "./config.ts";
import { homePath, sshHome } from "../home-path.ts";
import { timerMs } from "../../../timer.ts";

const TIMEOUT_MS = 10_000;

/**
 * What is said of a login, by variables and flags or by the jump that it is. What is left out is
 * left to ssh's configuration.
 */
export interface HostToResolve {
  /** The host's name, for messages. */
  name: string;
  destination: string;
  user?: string | undefined;
  port?: number | undefined;
  privateKeyFile?: string | undefined;
  password?: string | undefined;
  timeoutMs?: number | undefined;
  acceptNew: boolean;
  byOpenssh?: boolean | undefined;
  retries?: number | undefined;
  question: SshQuestion;
}

// How a host is reached, once ssh has said what its configuration adds. Throws InputError
// for one that ssh refuses.
export function resolve(wanted: HostToResolve, configs: SshConfigs): Connection {
  const config = configs.of(wanted.question);
  const said = (key: string): string | undefined => config && configValue(config, key);
  const seconds = Number(said("connecttimeout") ?? Number.NaN);
  return {
    name: wanted.name,
    kind: "ssh",
    host: said("hostname") ?? wanted.destination,
    port: Number(said("port") ?? wanted.port ?? 22),
    user: said("user") ?? wanted.user ?? accountName(),
    privateKeyFile: wanted.privateKeyFile,
    password: wanted.password,
    timeoutMs: wanted.timeoutMs ?? (Number.isNaN(seconds) ? TIMEOUT_MS : timerMs(seconds)),
    acceptNew: wanted.acceptNew,
    knownHostsFiles: knownHostsFiles(config),
    config,
    byOpenssh: wanted.byOpenssh,
    retries: wanted.retries,
  };
}

// The files of known keys: the user's, then the system's.
function knownHostsFiles(config: SshConfig | undefined): string[] {
  const usual = ["known_hosts", "known_hosts2"];
  if (!config)
    return [
      ...usual.map((name) => join(sshHome(), ".ssh", name)),
      ...usual.map((name) => `/etc/ssh/ssh_${name}`),
    ];
  // ssh answers with the home that the system knows; where HOME says another, its files are meant.
  const own = (file: string): string =>
    homePath(
      usual.some((name) => file === join(account()?.home ?? "", ".ssh", name))
        ? `~/.ssh/${file.split("/").at(-1)!}`
        : file,
    );
  return [
    ...configWords(config, "userknownhostsfile"),
    ...configWords(config, "globalknownhostsfile"),
  ].map(own);
}
