import { noteUnrepeatable } from "../../disk/reading.ts";
import { screen } from "../../report/screen.ts";
import type { HostRunOptions } from "../../run/machine.ts";
import { createTransport } from "../../transport/connect.ts";
import type { SshConfigs } from "../../transport/ssh/config/config.ts";
import type { Transport } from "../../transport/transport.ts";
import { Logins } from "../connection/logins.ts";
import { askPassphrase } from "../connection/passphrase.ts";
import { Gates } from "./gates.ts";
import { HostOpener } from "./hosts/open-hosts.ts";
import { hostRunOptions } from "./run-options.ts";
import type { RunRequest } from "./run-request.ts";
import type { Sources } from "./sources.ts";
import { traced } from "./trace.ts";

/** How the hosts of a run are reached. */
export interface HostReach {
  gates: Gates;
  logins: Logins;
  /** What the runs of all hosts have in common. */
  options: HostRunOptions;
  opener: HostOpener;
}

// Gets ready to reach hosts, without reaching any.
export function reachHosts(request: RunRequest, sources: Sources): HostReach {
  const gates = new Gates();
  const logins = new Logins(watched(request, transportOf(request, sources.configs, gates)));
  const options = hostRunOptions(request);
  const opener = new HostOpener({ request, sources, logins, options });
  return { gates, logins, options, opener };
}

function transportOf(
  { flags, part, vault, warn }: RunRequest,
  configs: SshConfigs,
  { logIn, askPeople }: Gates,
): Transport {
  const ask = part?.askPassphrase ?? askPassphrase;
  return createTransport(configs, {
    mayLogIn: logIn.opened,
    ask: async (prompt) => askPeople.opened.then(() => ask(prompt)),
    warn(message) {
      noteUnrepeatable("a warning about a connection");
      warn(message);
    },
    say(message) {
      if (flags.verbose > 0) screen.tell("stderr", `${vault.mask.hide(message)}\n`);
    },
  });
}

// The transport, heard by what remembers the run, and with -vvv by the user.
function watched({ remembering, flags, vault }: RunRequest, plain: Transport): Transport {
  const transport = remembering?.over(plain) ?? plain;
  if (flags.verbose < 3) return transport;
  return traced(transport, vault.mask, (text) => screen.tell("stderr", text));
}
