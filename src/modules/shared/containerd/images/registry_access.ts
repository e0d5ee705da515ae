import { TaskFailure } from "../../../../errors.ts";
import { ctrCall, type CtrArg } from "../../../../probes/containerd/ctr.ts";
import { sh, type Script } from "../../../../script/sh.ts";
import { refuseRelative } from "../paths.ts";

/** How a registry is reached by ctr. It reads nothing of what is set for CRI. */
export interface RegistryAccess {
  plain_http: boolean;
  skip_verify: boolean;
  hosts_dir?: string;
  ca?: string;
  client_cert?: string;
  client_key?: string;
  user?: string;
  password?: string;
}

// The parameters for it.
export const ACCESS_ARGUMENTS = {
  plain_http: {
    type: "bool",
    default: false,
    description: "Speaks plain HTTP with the registry.",
  },
  skip_verify: {
    type: "bool",
    default: false,
    description: "Does not check the registry's certificate.",
  },
  hosts_dir: {
    type: "path",
    description:
      "Where hosts.toml of each registry is looked for, such as /etc/containerd/certs.d; ctr does not look there by itself.",
  },
  ca: { type: "path", description: "The certificate of the registry's CA, a file on the host." },
  client_cert: { type: "path", description: "A certificate to log in with, a file on the host." },
  client_key: { type: "path", description: "Its key, a file on the host." },
  user: { type: "str", description: "The user to log in as." },
  password: {
    type: "str",
    description: "The user's password or token. It does not appear in process lists.",
  },
} as const;

// Refuses an access that cannot be meant.
export function refuseAccess(args: RegistryAccess): void {
  refuseRelative(args, ["hosts_dir", "ca", "client_cert", "client_key"]);
  if ((args.user === undefined) !== (args.password === undefined))
    throw new TaskFailure('"user" and "password" go together');
  if (args.user !== undefined && (args.user === "" || args.user.includes(":")))
    throw new TaskFailure(`"${args.user}" is no user`, "it holds no colon, and is not empty");
  if (args.password !== undefined && (args.password === "" || /[\r\n\0]/.test(args.password)))
    throw new TaskFailure("the password is empty, or contains a line break");
  if ((args.client_cert === undefined) !== (args.client_key === undefined))
    throw new TaskFailure('"client_cert" and "client_key" go together');
  if (args.plain_http && (args.ca ?? args.client_cert) !== undefined)
    throw new TaskFailure(
      "plain_http knows no certificates",
      "leave out plain_http, or ca and client_cert",
    );
}

// Whether something of it was said.
export function hasAccess(args: RegistryAccess): boolean {
  return (
    args.plain_http ||
    args.skip_verify ||
    [args.hosts_dir, args.ca, args.client_cert, args.user].some((one) => one !== undefined)
  );
}

/**
 * Pulls or pushes. ctr reads a password only from a terminal, so it gets one (util-linux's
 * `script`), and the password comes through its standard input. From 2.0 on a pull goes through the
 * daemon, which accepts no certificates: with certificates ctr pulls by itself.
 */
export function withRegistry(
  arg: CtrArg,
  args: RegistryAccess,
  verb: "pull" | "push",
  rest: readonly string[],
  failure: string,
): Script {
  const tls = [
    ...(args.skip_verify ? ["--skip-verify"] : []),
    ...(args.ca === undefined ? [] : ["--tlscacert", args.ca]),
    ...(args.client_cert === undefined ? [] : ["--tlscert", args.client_cert]),
    ...(args.client_key === undefined ? [] : ["--tlskey", args.client_key]),
  ];
  const flags = [
    ...tls,
    ...(args.plain_http ? ["--plain-http"] : []),
    ...(args.hosts_dir === undefined ? [] : ["--hosts-dir", args.hosts_dir]),
    ...(args.user === undefined ? [] : ["--user", args.user]),
    ...rest,
  ];
  const head = ctrCall(arg, "images", verb).sh;
  const tail = sh`${flags}`.sh;
  const local =
    tls.length === 0
      ? sh`hw_local=`
      : sh`case $(${{ sh: head }} --help) in *--local*) hw_local=--local ;; *) hw_local= ;; esac`;
  if (args.password === undefined)
    return sh`${local}
hw_o=$(${{ sh: head }} \${hw_local:+--local} ${{ sh: tail }} 2>&1) || { hw_fail ${`${failure}:`} "$(printf '%s\n' "$hw_o" | tail -n 3)"; exit 1; }`;
  return sh`${local}
command -v script >/dev/null || { hw_fail "ctr asks for a password only on a terminal, and the host has no script(1) to provide one; hint: install util-linux, or log in by a header in hosts.toml (hosts_dir)"; exit 1; }
hw_o=$(printf '%s\n' ${args.password} | SHELL=/bin/sh script -qec ${head}" $hw_local "${tail} /dev/null 2>&1) || { hw_fail ${`${failure}:`} "$(printf '%s\n' "$hw_o" | tr -d '\r' | grep '^ctr: ' | tail -n 3)"; exit 1; }`;
}
