import { readFileSync, renameSync, rmSync } from "node:fs";
import { defined } from "../../../src/defined.ts";
import { linkLocalAddress, type Need } from "../../requires.ts";
import { host, type Setup, usual, withJumps, withKey } from "./setup-parts.ts";
import { type SetupWorld, USER } from "./setup-world.ts";

/** Hands a connection to ssh as an open file, which ProxyUseFdpass wants. */
const HAND_OVER =
  "import array,socket,sys; s=socket.create_connection((sys.argv[1],int(sys.argv[2]))); socket.socket(fileno=1).sendmsg([b'x'],[(socket.SOL_SOCKET,socket.SCM_RIGHTS,array.array('i',[s.fileno()]))])";

// The usual, with the configuration changed as a text.
async function changed(w: SetupWorld, change: (config: string) => string): Promise<void> {
  await usual(w);
  w.write("config", change(readFileSync(w.file("config"), "utf8")));
}

// A set-up with these lines in the configuration, and settings of the server.
const withLines = (
  what: string,
  works: boolean,
  lines: string[],
  { settings = [], by, needs }: { settings?: string[]; by?: "openssh"; needs?: Need } = {},
): Setup => {
  const setup: Setup = {
    what,
    works,
    make: async (w) =>
      void (await usual(
        w,
        lines.map((line) => line.replaceAll("SSH_DIR", w.file(""))),
        settings,
      )),
  };
  return { ...setup, ...defined({ by, needs }) };
};

/** What people keep in their configurations beside addresses and keys. */
export const HABITS: Setup[] = [
  {
    what: "Match host and user, behind HostName and User",
    works: true,
    make: (w) =>
      changed(w, (config) =>
        config.replace("IdentityFile", `Match host 127.0.0.1 user ${USER}\nIdentityFile`),
      ),
  },
  {
    what: "Match of another user",
    works: false,
    make: (w) =>
      changed(w, (config) => config.replace("IdentityFile", "Match user nobody\nIdentityFile")),
  },
  {
    what: "Match exec that fails",
    works: false,
    make: (w) =>
      changed(w, (config) => config.replace("Host target", 'Match host target exec "false"')),
  },
  {
    what: "Match final",
    works: true,
    make: (w) =>
      changed(w, (config) =>
        config.replace("IdentityFile", "Match final host 127.0.0.1\nIdentityFile"),
      ),
  },
  {
    what: "an Include within a Host block, and one of nothing",
    works: true,
    make: async (w) => {
      const sshd = await usual(w);
      w.write(
        "included",
        `IdentityFile ${w.file("good")}\nUserKnownHostsFile ${w.file("known")}\nHost *\nPort 1\n`,
      );
      w.write(
        "config",
        host(sshd, `Include ${w.file("included")}`, `Include ${w.file("nothing*")}`),
      );
    },
  },
  {
    what: "tokens for the host, the port and the user in IdentityFile",
    works: true,
    make: async (w) => {
      const sshd = await usual(w);
      renameSync(w.file("good"), w.file(`target-${sshd.port}-${USER}`));
      rmSync(w.file("good.pub"), { force: true });
      w.write(
        "config",
        host(sshd, `IdentityFile ${w.file("%n-%p-%r")}`, `UserKnownHostsFile ${w.file("known")}`),
      );
    },
  },
  {
    what: "a variable of the environment in paths",
    works: true,
    make: async (w) => {
      await changed(w, (config) => config.replaceAll(w.file(""), "${HOME}/.ssh/"));
    },
  },
  {
    what: "blanks, quotes, equals signs and upper case",
    works: true,
    make: (w) =>
      changed(w, (config) =>
        config
          .replace("Host target", 'HOST="other" "target"')
          .replace(/Port (\d+)/, "\tport = $1   ")
          .replace(/IdentityFile (.*)/, 'identityfile="$1"'),
      ),
  },
  {
    what: "a configuration with the line ends of Windows",
    works: true,
    make: (w) => changed(w, (config) => config.replaceAll("\n", "\r\n")),
  },
  {
    what: "two jump hosts with users and keys of their own",
    works: true,
    make: async (w) => {
      await withJumps(w, ["jump", "jump2"], ["ProxyJump jump,jump2"]);
      const second = w.trustedKey("second");
      const config = readFileSync(w.file("config"), "utf8");
      const [before = "", jump2 = ""] = config.split("Host jump2\n");
      w.write(
        "config",
        `${before}Host jump2\n${jump2
          .replace("hwt-free", "hwt-bash")
          .replace(w.file("good"), second)}`,
      );
    },
  },
  {
    what: "a jump host with another user in front of its name",
    works: true,
    make: (w) => withJumps(w, ["jump"], ["ProxyJump hwt-bash@jump"]),
  },
  {
    what: "a jump host to which nobody has a key",
    works: false,
    make: async (w) => {
      await withJumps(w, ["jump"], ["ProxyJump jump"]);
      const config = readFileSync(w.file("config"), "utf8");
      const [before = "", jump = ""] = config.split("Host jump\n");
      w.write("config", `${before}Host jump\n${jump.replace(w.file("good"), w.key("stranger"))}`);
    },
  },
  withLines(
    "ProxyUseFdpass",
    true,
    [`ProxyCommand python3 -c "${HAND_OVER}" %h %p`, "ProxyUseFdpass yes"],
    { by: "openssh", needs: "python3" },
  ),
  {
    what: "CanonicalizeHostname that finds nothing, and no fallback",
    works: false,
    make: async (w) =>
      changed(
        w,
        (config) =>
          `CanonicalizeHostname always\nCanonicalDomains nosuch.invalid\nCanonicalizeFallbackLocal no\nHost *\n${config.replace(/Host target\nHostName .*\n/, "")}`,
      ),
  },
  {
    what: "CanonicalizeHostname that finds nothing, and a HostName",
    works: true,
    make: async (w) =>
      changed(
        w,
        (config) => `CanonicalizeHostname yes\nCanonicalDomains nosuch.invalid\n${config}`,
      ),
  },
  {
    what: "IPv6",
    works: true,
    needs: "IPv6",
    make: async (w) => {
      const sshd = await w.server("ListenAddress ::1");
      w.write("known", w.knownLine(sshd, `[::1]:${sshd.port}`));
      const good = w.trustedKey("good");
      w.write(
        "config",
        host(sshd, `IdentityFile ${good}`, `UserKnownHostsFile ${w.file("known")}`).replace(
          "127.0.0.1",
          "::1",
        ),
      );
    },
  },
  {
    what: "a link-local address with its interface",
    works: true,
    needs: "a link-local address",
    make: async (w) => {
      const address = linkLocalAddress()!;
      const sshd = await w.server(`ListenAddress ${address}`);
      w.write("known", w.knownLine(sshd, `[${address}]:${sshd.port}`));
      const good = w.trustedKey("good");
      w.write(
        "config",
        host(sshd, `IdentityFile ${good}`, `UserKnownHostsFile ${w.file("known")}`).replace(
          "127.0.0.1",
          address.replace("%", "%%"),
        ),
      );
    },
  },
  {
    what: "a host with a banner",
    works: true,
    make: async (w) => {
      const banner = w.write("banner", "Authorized\u0007 use only.\nusing nothing\n", 0o644);
      await usual(w, [], [`Banner ${banner}`]);
    },
  },
  {
    what: "ServerAliveInterval of a second",
    works: true,
    make: async (w) => void (await usual(w, ["ServerAliveInterval 1", "ServerAliveCountMax 2"])),
  },
  {
    what: "MaxAuthTries 2, and the key is the second of the configuration",
    works: true,
    make: async (w) =>
      void (await usual(w, [`IdentityFile ${w.key("stranger")}`], ["MaxAuthTries 2"])),
  },
  {
    what: "MaxAuthTries 2, and the key is the third",
    works: false,
    make: async (w) =>
      void (await usual(
        w,
        [`IdentityFile ${w.key("stranger")}`, `IdentityFile ${w.key("other")}`],
        ["MaxAuthTries 2"],
      )),
  },
  {
    what: "IdentityAgent that names a variable of the environment",
    works: true,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, w.file("nosuch"), ["IdentityAgent $MY_AGENT"]);
      await w.agent(good);
      w.environment = { MY_AGENT: w.file("agent.sock") };
    },
  },
  {
    what: "AddKeysToAgent",
    works: true,
    make: async (w) => {
      await usual(w, ["AddKeysToAgent yes"]);
      await w.agent();
    },
  },
  {
    what: "a security key that the configuration names",
    works: true,
    by: "openssh",
    needs: "gcc",
    make: async (w) => {
      const library = w.securityKey();
      const key = w.trustedKey("touched", "-t", "ed25519-sk", "-w", library);
      await withKey(w, key, [`SecurityKeyProvider ${library}`]);
    },
  },
  {
    what: "a security key in the agent",
    works: true,
    by: "openssh",
    needs: "gcc",
    make: async (w) => {
      const library = w.securityKey();
      const key = w.trustedKey("touched", "-t", "ed25519-sk", "-w", library);
      await withKey(w, w.file("nosuch"));
      w.environment["SSH_SK_PROVIDER"] = library;
      await w.agent(key);
    },
  },
  withLines("algorithms with + - and ^", true, [
    "Ciphers ^aes256-ctr",
    "MACs -hmac-sha1*,umac-64*",
    "KexAlgorithms -curve25519*",
    "HostKeyAlgorithms ^ssh-ed25519",
  ]),
  withLines("Ciphers that nobody has", false, ["Ciphers none-such"]),
  withLines("an old cipher that the configuration adds", true, ["Ciphers +aes128-cbc"], {
    settings: ["Ciphers aes128-cbc"],
  }),
  withLines("host keys of another type alone", false, ["HostKeyAlgorithms ecdsa-sha2-nistp256"], {
    by: "openssh",
  }),
  withLines(
    "PubkeyAcceptedAlgorithms of one type",
    true,
    ["PubkeyAcceptedAlgorithms ssh-ed25519"],
    {
      by: "openssh",
    },
  ),
  withLines(
    "PubkeyAcceptedAlgorithms without the key's",
    false,
    ["PubkeyAcceptedAlgorithms rsa-sha2-512"],
    {
      by: "openssh",
    },
  ),
  {
    what: "RequiredRSASize beyond the key",
    works: false,
    by: "openssh",
    make: async (w) => withKey(w, w.trustedKey("good-rsa", "-t", "rsa"), ["RequiredRSASize 8192"]),
  },
  withLines("RekeyLimit, Compression, IPQoS and no TCPKeepAlive", true, [
    "RekeyLimit 16K 10",
    "Compression yes",
    "IPQoS throughput",
    "TCPKeepAlive no",
  ]),
  withLines("LogLevel DEBUG3, VisualHostKey and EscapeChar", true, [
    "LogLevel DEBUG3",
    "VisualHostKey yes",
    "EscapeChar none",
    "UpdateHostKeys yes",
  ]),
  withLines("LogLevel QUIET", true, ["LogLevel QUIET"]),
  {
    what: "UserKnownHostsFile none, and a key that is known elsewhere",
    works: false,
    make: (w) =>
      changed(w, (config) => config.replace(/UserKnownHostsFile .*/, "UserKnownHostsFile none")),
  },
  {
    what: "UserKnownHostsFile none, and accept-new",
    works: false,
    make: (w) =>
      changed(w, (config) =>
        config.replace(
          /UserKnownHostsFile .*/,
          "UserKnownHostsFile none\nStrictHostKeyChecking accept-new",
        ),
      ),
  },
  {
    what: "UserKnownHostsFile none, and StrictHostKeyChecking no",
    works: false,
    make: (w) =>
      changed(w, (config) =>
        config.replace(
          /UserKnownHostsFile .*/,
          "UserKnownHostsFile none\nStrictHostKeyChecking no",
        ),
      ),
  },
  {
    what: "HashKnownHosts with accept-new, twice",
    works: true,
    make: async (w) => {
      await usual(w, ["HashKnownHosts yes", "StrictHostKeyChecking accept-new"]);
      w.write("known", "");
      w.judge([], undefined);
    },
  },
  {
    what: "a key that known_hosts revokes",
    works: false,
    make: async (w) => {
      const sshd = await usual(w);
      w.write("known", `${w.knownLine(sshd)}@revoked * ${w.knownLine(sshd).replace(/^\S+ /, "")}`);
    },
  },
  withLines("CheckHostIP", true, ["CheckHostIP yes"], { by: "openssh" }),
  withLines("SendEnv and SetEnv", true, ["SendEnv LANG LC_*", "SetEnv HULLWRIGHT_A=b"], {
    settings: ["AcceptEnv LANG HULLWRIGHT_*"],
  }),
  withLines("LocalCommand", true, ["PermitLocalCommand yes", "LocalCommand true"], {
    by: "openssh",
  }),
  withLines("LocalCommand without PermitLocalCommand", true, ["LocalCommand false"]),
  withLines("forwardings, X11 and a tunnel", true, [
    "LocalForward 127.0.0.1:47113 127.0.0.1:1",
    "ForwardX11 yes",
    "ForwardX11Trusted yes",
  ]),
  withLines(
    "HostbasedAuthentication and GSSAPIAuthentication beside a key",
    true,
    ["HostbasedAuthentication yes", "GSSAPIAuthentication yes"],
    { by: "openssh" },
  ),
  withLines("ControlMaster and ControlPath", true, [
    "ControlMaster auto",
    "ControlPath SSH_DIRcm-%C",
    "ControlPersist no",
  ]),
  withLines("Tag, StreamLocalBindUnlink and ExitOnForwardFailure", true, [
    "StreamLocalBindUnlink yes",
    "ExitOnForwardFailure yes",
    "ConnectionAttempts 3",
  ]),
];
