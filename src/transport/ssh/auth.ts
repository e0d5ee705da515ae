import { join } from "node:path";
import type { AnyAuthMethod, BaseAgent, ParsedKey, Prompt } from "ssh2";
import { UnreachableError } from "../../errors.ts";
import type { Connection } from "../transport.ts";
import { agentKey, type Agents, agentSocket, lateKey, parseBlob } from "./agent.ts";
import { configIs, configValue } from "./config/config.ts";
import type { KeyFile, KeyRing } from "./keys.ts";
import { keyType } from "./host-keys/known-hosts.ts";
import { expandTokens } from "./config/tokens.ts";
import { homePath, sshHome } from "./home-path.ts";

/** The usual key files, in ssh's order. */
const DEFAULT_KEYS = ["id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"];
const METHODS = "publickey,keyboard-interactive,password";
/** The ways of ssh's that are not here. */
const FOREIGN_METHODS = ["gssapi-with-mic", "hostbased"];

export type MethodName = "publickey" | "keyboard-interactive" | "password";

/** One way to log in, and how it is called in messages. */
export interface LoginAttempt {
  label: string;
  type: MethodName;
  /** What ssh2 should do; undefined: this method turns out not to be possible. */
  make(): Promise<AnyAuthMethod | undefined>;
  /** Whether the host has received the password with it, so that it is not sent twice. */
  hasToldPassword?(): boolean;
}

/** All that can be tried on a host. */
export interface LoginMeans {
  attempts: LoginAttempt[];
  /** Keys that cannot be used, and why; worth reporting if no other method works. */
  problems: UnreachableError[];
  /** What only the system's ssh could try beside: certificates, security keys. */
  beyond: string[];
}

/** What all hosts share. */
export interface AuthShared {
  keys: KeyRing;
  agents: Agents;
}

/** A key that may be tried: from a file, an agent, or both. */
interface Candidate {
  file?: string | undefined;
  key: ParsedKey | undefined;
  blob?: Buffer | undefined;
  isInAgent: boolean;
}

/**
 * The ways to log in, in ssh's order: keys that an agent holds for a file that was named or is
 * usual, the agent's others, the files' own; then what is asked for interactively, then the
 * password. The key that the host's variables name goes first.
 */
export async function loginMeans(
  connection: Connection,
  shared: AuthShared,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<LoginMeans> {
  const { config, password } = connection;
  const means: LoginMeans = { attempts: [], problems: [], beyond: [] };
  const socket = agentSocket(config?.values.get("identityagent")?.[0], environment);
  const keys = await candidates(connection, shared, socket === "none" ? undefined : socket, means);
  const ways: Record<MethodName, LoginAttempt[]> = {
    publickey: keys.map((candidate) => keyAttempt(connection, candidate, shared.keys, socket)),
    "keyboard-interactive": password === undefined ? [] : [answering(connection.user, password)],
    password: password === undefined ? [] : [telling(connection.user, password)],
  };
  means.attempts = methodsOf(connection).flatMap((method) => ways[method] ?? []);
  if (means.attempts.length === 0 && means.beyond.length === 0)
    throw nothing(connection, means.problems);
  return means;
}

function nothing(
  { user, host }: Connection,
  problems: readonly UnreachableError[],
): UnreachableError {
  if (problems[0]) return problems[0];
  const hint =
    "give a key with ansible_ssh_private_key_file or --private-key, load one with ssh-add, or set ansible_password";
  return new UnreachableError(
    "auth",
    `there are no credentials to log in as ${user} on ${host}: no key file, no agent, no password`,
    hint,
  );
}

// The methods that the configuration leaves, in its order.
function methodsOf({ config }: Connection): MethodName[] {
  const wanted = ((config && configValue(config, "preferredauthentications")) ?? METHODS).split(
    ",",
  );
  const off = (key: string): boolean =>
    config !== undefined && config.values.has(key) && !configIs(config, key);
  const isOff: Record<string, boolean> = {
    publickey: off("pubkeyauthentication"),
    "keyboard-interactive": off("kbdinteractiveauthentication"),
    password: off("passwordauthentication"),
  };
  return wanted.filter(
    (method): method is MethodName => METHODS.split(",").includes(method) && !isOff[method],
  );
}

// The keys to try, in order.
async function candidates(
  connection: Connection,
  { keys, agents }: AuthShared,
  socket: string | undefined,
  means: LoginMeans,
): Promise<Candidate[]> {
  const { config, privateKeyFile } = connection;
  const isUsual = privateKeyFile === undefined && config?.values.get("identityfile") === undefined;
  const files = keyFiles(connection).map((file) => ({ file, found: keys.look(file) }));
  for (const { file, found } of files) note(found, file === privateKeyFile || !isUsual, means);
  const held = socket === undefined ? [] : await agents.keys(socket);
  const ofFiles = files.flatMap(({ file, found }): Candidate[] =>
    found.state === "open" || found.state === "locked" || found.state === "public"
      ? [{ file, key: found.key, blob: found.key?.getPublicSSH(), isInAgent: false }]
      : [],
  );
  const inAgent = held.flatMap((blob): Candidate[] => {
    const key = parseBlob(blob);
    if (!key) means.beyond.push(`${keyType(blob)} of the agent`);
    return key
      ? [{ file: ofFiles.find((one) => one.blob?.equals(blob))?.file, key, blob, isInAgent: true }]
      : [];
  });
  const isNamed = ({ file }: Candidate): boolean => file !== undefined && file === privateKeyFile;
  const others =
    config && configIs(config, "identitiesonly")
      ? []
      : inAgent.filter(({ file }) => file === undefined);
  const own = ofFiles.filter(
    (one) =>
      !inAgent.some(({ file }) => file === one.file) && keys.look(one.file!).state !== "public",
  );
  const ordered = [...inAgent.filter(({ file }) => file !== undefined), ...others, ...own];
  return [...ordered.filter(isNamed), ...ordered.filter((one) => !isNamed(one))];
}

// Notes what is wrong with a key file. One that is merely usual need not be there.
function note(found: KeyFile, isWanted: boolean, means: LoginMeans): void {
  if (found.state === "beyond") means.beyond.push(found.why);
  if (found.state === "unusable" || (found.state === "missing" && isWanted))
    means.problems.push(found.error);
}

// The key files: that of the host's variables, those of ssh's configuration or the usual ones.
function keyFiles(connection: Connection): string[] {
  const { privateKeyFile, config } = connection;
  const configured = config?.values.get("identityfile");
  const named = privateKeyFile === undefined ? [] : [privateKeyFile];
  if (configured === undefined)
    return named.length > 0 ? named : DEFAULT_KEYS.map((name) => join(sshHome(), ".ssh", name));
  const files = configured
    .filter((file) => file !== "none")
    .map((file) => expandTokens(file, connection));
  return [...new Set([...named, ...files].map(homePath))];
}

function keyAttempt(
  { user: username }: Connection,
  { file, key, isInAgent }: Candidate,
  ring: KeyRing,
  socket: string | undefined,
): LoginAttempt {
  const label =
    file === undefined ? `the agent's ${key!.type} ${key!.comment || "key"}`.trim() : `key ${file}`;
  const late = (agent: BaseAgent): Promise<AnyAuthMethod> =>
    Promise.resolve({ type: "agent", username, agent });
  if (isInAgent)
    return {
      label: file === undefined ? label : `${label} (by the agent)`,
      type: "publickey",
      make: () => late(agentKey(socket!, key!)),
    };
  const found = ring.look(file!);
  if (found.state === "open")
    return {
      label,
      type: "publickey",
      make: () => Promise.resolve({ type: "publickey", username, key: found.key }),
    };
  const unlock = async (): Promise<ParsedKey> => {
    const unlocked = await ring.unlock(file!);
    if (!unlocked) throw new Error(`no passphrase was given for ${file!}`);
    return unlocked;
  };
  if (key)
    return {
      label,
      type: "publickey",
      make: () =>
        late(lateKey(key, async (_one, data, { hash }) => signed(await unlock(), data, hash))),
    };
  // Its public half is not known, so the passphrase must be asked for before the host says
  // whether it takes the key.
  return {
    label,
    type: "publickey",
    make: async () =>
      unlock().then(
        (open) => ({ type: "publickey", username, key: open }),
        () => undefined,
      ),
  };
}

function signed(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer {
  const signature = key.sign(data, hash);
  if (signature instanceof Error) throw signature;
  return signature;
}

/** Questions that are about a password to come, not the one that there is. */
const ABOUT_ANOTHER = /\b(new|retype|again|repeat)\b/i;
/** Questions whose answer is no password. */
const ABOUT_A_CODE = /code|token|otp|verification|pin\b/i;

function telling(username: string, password: string): LoginAttempt {
  return {
    label: "the password",
    type: "password",
    hasToldPassword: () => true,
    make: () => Promise.resolve({ type: "password", username, password }),
  };
}

// A password is also the answer where the host asks for it as a question.
function answering(username: string, password: string): LoginAttempt {
  let isTold = false;
  const answer = ({ prompt }: Prompt): string => {
    if (ABOUT_ANOTHER.test(prompt) || ABOUT_A_CODE.test(prompt)) return "";
    isTold = true;
    return password;
  };
  return {
    hasToldPassword: () => isTold,
    label: "the password as an answer",
    type: "keyboard-interactive",
    make: () =>
      Promise.resolve({
        type: "keyboard-interactive",
        username,
        prompt: (_name, _text, _language, prompts, done) => done(prompts.map(answer)),
      }),
  };
}

// The ways to log in that a host takes, and that only the system's ssh knows.
export function foreignMethods(offered: readonly string[], { config }: Connection): string[] {
  if (!config || !configIs(config, "gssapiauthentication")) return [];
  return offered.filter((method) => FOREIGN_METHODS.includes(method));
}
