import CONNECT from "./connect.sh?raw";
import { TaskFailure } from "../../../errors.ts";
import { isThere, socketPattern } from "../../../probes/system/wait-for.ts";
import { UPTIME } from "../../../script/clock.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { hostPath } from "../../shared/files/ownership.ts";
import { CONNECTION_STATES, type WaitArgs } from "./schema.ts";

// Whether an address is the host itself, so that the kernel's tables say who listens.
export function isLocal(host: string): boolean {
  return ["127.0.0.1", "localhost", "::1", "0.0.0.0"].includes(host);
}

// Looks until it is as wanted, or the time is up.
export function waitScript(args: WaitArgs): Script {
  const begin = sh`hw_s=${UPTIME}; sleep ${args.delay}`;
  const end = sh`printf 'elapsed %s\n' "$((${UPTIME} - hw_s))"`;
  if (args.port === undefined && args.path === undefined)
    return lines([begin, sh`sleep ${args.timeout}`, end]);
  const gone = args.state === "absent" || args.state === "stopped";
  return lines([
    begin,
    ...tools(args),
    sh`until ${gone ? sh`! ` : sh``}${conditionTest(args)}; do
  [ "${UPTIME}" -lt "$((hw_s + ${args.timeout}))" ] || { ${end}; hw_fail ${args.msg ?? timeoutMessage(args)}; exit 1; }
  sleep ${args.sleep}
done`,
    ...(args.search_regex === undefined || gone ? [] : [tellMatch(args)]),
    ...(args.path === undefined || gone ? [] : [tellPath(args.path)]),
    end,
  ]);
}

// Prints what was found, for its groups; what a port said was read already.
function tellMatch({ path, search_regex: pattern }: WaitArgs): Script {
  const again =
    path === undefined
      ? sh`:`
      : sh`hw_m=$(grep -osaPz -e ${`(?m)${pattern}`} -- ${path} | head -z -n 1 | tr -d '\\0')`;
  return lines([again, sh`printf 'match %s\n' "$(printf %s "$hw_m" | base64 -w0)"`]);
}

// Prints what came at a path.
function tellPath(path: string): Script {
  return sh`stat -c 'at %a %u %g %s %U %G %h %F' -- ${hostPath(path)}`;
}

// What `tellPath` printed, as Ansible's result keys; nothing, if it did not.
export function readPath(stdout: string): { [key: string]: unknown } {
  const [, mode, uid, gid, size, owner, group, links, kind] =
    /^at (\d+) (\d+) (\d+) (\d+) (\S+) (\S+) (\d+) (.*)$/m.exec(stdout) ?? [];
  if (mode === undefined) return {};
  const named = { "symbolic link": "link", directory: "directory" }[kind!];
  return {
    state: named ?? (Number(links) > 1 ? "hard" : "file"),
    mode: `0${mode.padStart(3, "0")}`,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    owner,
    group,
  };
}

// One look at what is waited for.
function conditionTest(args: WaitArgs): Script {
  const { port, path, host, search_regex: pattern } = args;
  if (path !== undefined)
    return pattern === undefined
      ? isThere({ path: hostPath(path) })
      : sh`grep -qsaPz -e ${`(?m)${pattern}`} -- ${path}`;
  if (args.state === "drained")
    return sh`! grep -qsE ${socketPattern(port!, `[0-9A-F:]+ (${stateNumbers(args).join("|")})`)} /proc/net/tcp /proc/net/tcp6`;
  if (pattern !== undefined)
    return sh`hw_m=$(timeout ${args.connect_timeout} bash -c ${'exec 3<>"/dev/tcp/$0/$1" && grep -m 1 -oaP -e "$2" <&3'} ${host} ${port!} ${pattern} 2>/dev/null)`;
  return isLocal(host)
    ? isThere({ port: port! })
    : sh`hw_connect ${host} ${port!} ${args.connect_timeout}`;
}

// The kernel's numbers of the states that count.
function stateNumbers(args: WaitArgs): string[] {
  return args.active_connection_states.map((state) => `0${CONNECTION_STATES.indexOf(state) + 1}`);
}

// What the look needs from the host.
function tools({ host, port, state, search_regex: pattern }: WaitArgs): Script[] {
  if (pattern?.includes("\n"))
    throw new TaskFailure("search_regex contains a line break", "write it as \\n");
  const knows = sh`echo | grep -qP -e ${pattern ?? ""} || [ "$?" = 1 ] || { hw_fail 'search_regex needs a grep that knows -P, and an expression that it understands'; exit 1; }`;
  const bash = sh`command -v bash >/dev/null || { hw_fail 'search_regex on a port needs bash on the host'; exit 1; }`;
  if (pattern !== undefined) return port === undefined ? [knows] : [knows, bash];
  return port === undefined || isLocal(host) || state === "drained" ? [] : [{ sh: CONNECT }];
}

// Ansible's words for it.
function timeoutMessage({ port, path, host, search_regex: pattern, state }: WaitArgs): string {
  const what = path ?? `${host}:${port}`;
  if (state === "drained") return `Timeout when waiting for ${what} to drain`;
  if (state === "absent" || state === "stopped")
    return path === undefined
      ? `Timeout when waiting for ${what} to stop.`
      : `Timeout when waiting for ${what} to be absent.`;
  if (pattern !== undefined) return `Timeout when waiting for search string ${pattern} in ${what}`;
  return `Timeout when waiting for ${path === undefined ? what : `file ${what}`}`;
}
