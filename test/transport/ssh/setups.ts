import { chmodSync, readFileSync, rmSync } from "node:fs";
import { HABITS } from "./habits.ts";
import { host, type Setup, sign, usual, withJumps, withKey } from "./setup-parts.ts";
import { PASSWORD, USER } from "./setup-world.ts";

export const SETUPS: Setup[] = [
  {
    what: "HostName, Port, User and IdentityFile of the configuration",
    works: true,
    make: async (w) => void (await usual(w)),
  },
  {
    what: "no configuration for the name",
    works: false,
    make: async (w) => void w.write("config", "Host other\nUser x\n"),
  },
  {
    what: "a pattern with a negation",
    works: true,
    make: async (w) => {
      const sshd = await usual(w);
      w.write(
        "config",
        `Host !target *\nPort 1\n${host(sshd, `IdentityFile ${w.file("good")}`, `UserKnownHostsFile ${w.file("known")}`)}`,
      );
    },
  },
  {
    what: "Match exec",
    works: true,
    make: async (w) => {
      await usual(w);
      const text = readFileSync(w.file("config"), "utf8").replace(
        "Host target",
        'Match originalhost target exec "test 1 = 1"',
      );
      w.write("config", text);
    },
  },
  {
    what: "Include of another file",
    works: true,
    make: async (w) => {
      await usual(w);
      w.write("included", readFileSync(w.file("config"), "utf8"));
      w.write("config", `Include ${w.file("incl*")}\n`);
    },
  },
  {
    what: "tokens in IdentityFile",
    works: true,
    make: async (w) => {
      const sshd = await usual(w);
      w.write(
        "config",
        host(
          sshd,
          `IdentityFile ${w.home}/.ssh/%%%r`,
          `IdentityFile ${w.home}/.ssh/goo%%`.replace("%%", "d"),
          `UserKnownHostsFile ${w.file("known")}`,
        ),
      );
    },
  },
  {
    what: "a word that ssh does not know",
    works: false,
    make: async (w) => void (await usual(w, ["Bogus yes"])),
  },
  {
    what: "a value that ssh does not take",
    works: false,
    make: async (w) => void (await usual(w, ["StrictHostKeyChecking perhaps"])),
  },
  {
    what: "IgnoreUnknown",
    works: true,
    make: async (w) => void (await usual(w, ["IgnoreUnknown Bogus", "Bogus yes"])),
  },
  {
    what: "SetEnv, ServerAliveInterval, RequestTTY and LogLevel",
    works: true,
    make: async (w) =>
      void (await usual(w, [
        "SetEnv A=b",
        "ServerAliveInterval 5",
        "RequestTTY no",
        "LogLevel ERROR",
      ])),
  },
  {
    what: "RemoteCommand, which ssh refuses beside a command",
    works: false,
    by: "openssh",
    make: async (w) => void (await usual(w, ["RemoteCommand date"])),
  },
  {
    what: "the options of ssh in variables alone",
    works: true,
    make: async (w) => {
      const sshd = await usual(w);
      const good = w.file("good");
      rmSync(w.file("config"));
      return {
        words: [
          "-o",
          `UserKnownHostsFile=${w.file("known")}`,
          "-i",
          good,
          "-p",
          String(sshd.port),
          "-l",
          USER,
          "-o",
          "HostName=127.0.0.1",
        ],
      };
    },
  },
  {
    what: "a key named by a variable",
    works: true,
    make: async (w) => {
      const sshd = await usual(w);
      w.write("config", host(sshd, `UserKnownHostsFile ${w.file("known")}`));
      return { words: ["-i", w.file("good")] };
    },
  },
  {
    what: "an option that ssh does not know, in a variable",
    works: false,
    make: async (w) => {
      await usual(w);
      return { words: ["-o", "Bogus=yes"] };
    },
  },
  {
    what: "AddressFamily inet6 where the host has none",
    works: false,
    make: async (w) => void (await usual(w, ["AddressFamily inet6"])),
  },
  {
    what: "BindAddress of this machine",
    works: true,
    make: async (w) => void (await usual(w, ["BindAddress 127.0.0.2"])),
  },
  {
    what: "BindAddress of nobody",
    works: false,
    make: async (w) => void (await usual(w, ["BindAddress 192.0.2.1"])),
  },

  { what: "one jump host", works: true, make: (w) => withJumps(w, ["jump"], ["ProxyJump jump"]) },
  {
    what: "two jump hosts",
    works: true,
    make: (w) => withJumps(w, ["jump", "jump2"], ["ProxyJump jump,jump2"]),
  },
  {
    what: "a jump host that has a jump host of its own",
    works: true,
    make: async (w) => {
      await withJumps(w, ["jump", "jump2"], ["ProxyJump jump"]);
      w.write(
        "config",
        readFileSync(w.file("config"), "utf8").replace(
          "Host jump\n",
          "Host jump\nProxyJump jump2\n",
        ),
      );
    },
  },
  {
    what: "a jump host by user, address and port",
    works: true,
    make: async (w) => {
      const jump = await w.server("# jump");
      await withJumps(w, ["jump"], [`ProxyJump hwt-free@127.0.0.1:${jump.port}`]);
      w.write(
        "config",
        `${readFileSync(w.file("config"), "utf8")}\nHost 127.0.0.1\nIdentityFile ${w.file("good")}\nUserKnownHostsFile ${w.file("known")}\n`,
      );
    },
  },
  {
    what: "a jump host in a variable",
    works: true,
    make: async (w) => {
      await withJumps(w, ["jump"], []);
      return { words: ["-o", "ProxyJump=jump"] };
    },
  },
  {
    what: "a jump host that is not there",
    works: false,
    make: (w) => withJumps(w, [], ["ProxyJump nosuch.invalid"]),
  },
  {
    what: "a jump host whose key is not known",
    works: false,
    make: async (w) => {
      const target = await w.server();
      await withJumps(w, ["jump"], ["ProxyJump jump"]);
      w.write("known", w.knownLine(target));
    },
  },
  {
    what: "a jump host that forwards nothing",
    works: false,
    make: (w) => withJumps(w, ["jump"], ["ProxyJump jump"], ["AllowTcpForwarding no"]),
  },
  {
    what: "ProxyCommand",
    works: true,
    make: async (w) => {
      await withJumps(w, ["jump"], [`ProxyCommand ssh -F ${w.file("config")} -W %h:%p jump`]);
    },
  },
  {
    what: "ProxyCommand without ssh",
    works: true,
    make: async (w) =>
      void (await usual(w, [
        `ProxyCommand ${process.execPath} -e "const s=require('net').connect(+'%p','%h');process.stdin.pipe(s);s.pipe(process.stdout)"`,
      ])),
  },
  {
    what: "ProxyCommand that fails",
    works: false,
    make: async (w) => void (await usual(w, ["ProxyCommand false"])),
  },
  {
    what: "ProxyJump none over a ProxyJump for all",
    works: true,
    make: async (w) => {
      await usual(w, ["ProxyJump none"]);
      w.write(
        "config",
        `${readFileSync(w.file("config"), "utf8")}\nHost *\nProxyJump nosuch.invalid\n`,
      );
    },
  },

  ...(["rsa", "ecdsa"] as const).map((type): Setup => ({
    what: `a key of type ${type}`,
    works: true,
    make: async (w) => withKey(w, w.trustedKey(`good-${type}`, "-t", type)),
  })),
  {
    what: "an RSA key in PKCS8",
    works: true,
    make: async (w) => withKey(w, w.trustedKey("good-pkcs8", "-t", "rsa", "-m", "PKCS8")),
  },
  {
    what: "a key in PEM",
    works: true,
    make: async (w) => withKey(w, w.trustedKey("good-pem", "-t", "rsa", "-m", "PEM")),
  },
  {
    what: "a key with a passphrase that somebody knows",
    works: true,
    make: async (w) => {
      await withKey(w, w.trustedKey("locked", "-N", "a passphrase"));
      return { passphrase: "a passphrase", password: "a passphrase" };
    },
  },
  {
    what: "a key with a passphrase that nobody knows",
    works: false,
    make: async (w) => withKey(w, w.trustedKey("locked", "-N", "a passphrase")),
  },
  {
    what: "a PEM key with a passphrase",
    works: true,
    make: async (w) => {
      await withKey(w, w.trustedKey("locked-pem", "-t", "rsa", "-m", "PEM", "-N", "a passphrase"));
      return { passphrase: "a passphrase", password: "a passphrase" };
    },
  },
  {
    what: "a key that others can read",
    works: false,
    make: async (w) => {
      await withKey(w, w.trustedKey("open"));
      chmodSync(w.file("open"), 0o644);
    },
  },
  {
    what: "a key that is not there",
    works: false,
    make: async (w) => withKey(w, w.file("nosuch")),
  },
  {
    what: "two keys, of which the second fits",
    works: true,
    make: async (w) => {
      const stranger = w.key("stranger");
      await usual(w, [`IdentityFile ${stranger}`]);
    },
  },
  {
    what: "PubkeyAuthentication no",
    works: false,
    make: async (w) => void (await usual(w, ["PubkeyAuthentication no"])),
  },

  {
    what: "the agent's key",
    works: true,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, w.file("nosuch"));
      await w.agent(good);
    },
  },
  {
    what: "a public key file whose private half the agent has",
    works: true,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, `${good}.pub`, ["IdentitiesOnly yes"]);
      await w.agent(good);
    },
  },
  {
    what: "IdentitiesOnly, and the key is the agent's alone",
    works: false,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, w.key("stranger"), ["IdentitiesOnly yes"]);
      await w.agent(good);
    },
  },
  {
    what: "an agent with eight keys, the named one among them",
    works: true,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, good);
      await w.agent(
        ...["1", "2", "3", "4", "5", "6", "7"].map((name) => w.key(`many${name}`)),
        good,
      );
    },
  },
  {
    what: "an agent with eight keys, none of them named",
    works: false,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, w.file("nosuch"));
      await w.agent(
        ...["1", "2", "3", "4", "5", "6", "7"].map((name) => w.key(`many${name}`)),
        good,
      );
    },
  },
  {
    what: "IdentityAgent none",
    works: false,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, w.file("nosuch"), ["IdentityAgent none"]);
      await w.agent(good);
    },
  },
  {
    what: "IdentityAgent of the configuration",
    works: true,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, w.file("nosuch"), [`IdentityAgent ${w.file("agent.sock")}`]);
      await w.agent(good);
      w.environment = {};
    },
  },
  {
    what: "a named key that does not fit, where the agent's does",
    works: true,
    make: async (w) => {
      const good = w.trustedKey("good");
      await withKey(w, w.key("stranger"));
      await w.agent(good);
    },
  },

  {
    what: "a password",
    works: true,
    make: async (w) => {
      await withKey(w, w.file("nosuch"));
      return { password: PASSWORD };
    },
  },
  {
    what: "a wrong password",
    works: false,
    make: async (w) => {
      await withKey(w, w.file("nosuch"));
      return { password: "wrong" };
    },
  },
  {
    what: "a password that is asked for interactively",
    works: true,
    make: async (w) => {
      await usual(
        w,
        ["PubkeyAuthentication no"],
        ["UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes"],
      );
      return { password: PASSWORD };
    },
  },
  {
    what: "a key and a password, both wanted",
    works: true,
    make: async (w) => {
      await usual(w, [], ["AuthenticationMethods publickey,password"]);
      return { password: PASSWORD };
    },
  },
  {
    what: "the agent's key and a password, both wanted",
    works: true,
    make: async (w) => {
      await usual(w, [], ["AuthenticationMethods publickey,password"]);
      await w.agent(w.file("good"));
      return { password: PASSWORD };
    },
  },
  {
    what: "a key and an interactive answer, both wanted",
    works: true,
    make: async (w) => {
      await usual(
        w,
        [],
        [
          "UsePAM yes",
          "KbdInteractiveAuthentication yes",
          "AuthenticationMethods publickey,keyboard-interactive",
        ],
      );
      return { password: PASSWORD };
    },
  },
  {
    what: "two keys, both wanted",
    works: true,
    make: async (w) => {
      const second = w.trustedKey("second");
      await usual(w, [`IdentityFile ${second}`], ["AuthenticationMethods publickey,publickey"]);
    },
  },
  {
    what: "PreferredAuthentications without what the host takes",
    works: false,
    make: async (w) => {
      await withKey(w, w.trustedKey("good"), ["PreferredAuthentications password"]);
    },
  },

  {
    what: "a host key that is not known",
    works: false,
    make: async (w) => {
      await usual(w);
      w.write("known", "");
    },
  },
  {
    what: "StrictHostKeyChecking accept-new",
    works: true,
    make: async (w) => {
      await usual(w, ["StrictHostKeyChecking accept-new"]);
      w.write("known", "");
    },
  },
  {
    what: "StrictHostKeyChecking no and UserKnownHostsFile /dev/null",
    works: true,
    make: async (w) => {
      await usual(w, ["StrictHostKeyChecking no", "UserKnownHostsFile /dev/null"]);
    },
  },
  {
    what: "a host key that has changed",
    works: false,
    make: async (w) => {
      const sshd = await usual(w, ["StrictHostKeyChecking accept-new"]);
      w.write(
        "known",
        `[127.0.0.1]:${sshd.port} ${readFileSync(`${w.key("stranger")}.pub`, "utf8")}`,
      );
    },
  },
  {
    what: "a host key that has changed, and StrictHostKeyChecking no",
    works: true,
    make: async (w) => {
      const sshd = await usual(w, ["StrictHostKeyChecking no"]);
      w.write(
        "known",
        `[127.0.0.1]:${sshd.port} ${readFileSync(`${w.key("stranger")}.pub`, "utf8")}`,
      );
    },
  },
  {
    what: "a password for a host whose key has changed",
    works: false,
    make: async (w) => {
      const sshd = await usual(w, ["StrictHostKeyChecking no", "PubkeyAuthentication no"]);
      w.write(
        "known",
        `[127.0.0.1]:${sshd.port} ${readFileSync(`${w.key("stranger")}.pub`, "utf8")}`,
      );
      return { password: PASSWORD };
    },
  },
  {
    what: "HostKeyAlias",
    works: true,
    make: async (w) => {
      const sshd = await usual(w, ["HostKeyAlias alias"]);
      w.write("known", w.knownLine(sshd, "alias"));
    },
  },
  {
    what: "HostKeyAlias, known by the address alone",
    works: false,
    make: async (w) => void (await usual(w, ["HostKeyAlias alias"])),
  },
  {
    what: "the second of two UserKnownHostsFile",
    works: true,
    make: async (w) => {
      const sshd = await usual(w);
      w.write("known2", w.knownLine(sshd));
      w.write("known", "");
      w.write(
        "config",
        readFileSync(w.file("config"), "utf8").replace(
          /UserKnownHostsFile.*/,
          `UserKnownHostsFile ${w.file("known")} ${w.file("known2")}`,
        ),
      );
    },
  },
  {
    what: "a key of RevokedHostKeys",
    works: false,
    by: "openssh",
    make: async (w) => {
      const sshd = await usual(w, [`RevokedHostKeys ${w.file("revoked")}`]);
      w.write("revoked", w.knownLine(sshd).replace(/^\S+ /, ""));
    },
  },
  {
    what: "KnownHostsCommand",
    works: true,
    by: "openssh",
    make: async (w) => {
      const sshd = await usual(w);
      const text = w.knownLine(sshd);
      w.write("known", "");
      w.write("known2", text);
      w.write(
        "config",
        `${readFileSync(w.file("config"), "utf8")}KnownHostsCommand /usr/bin/cat ${w.file("known2")}\n`,
      );
    },
  },
  {
    what: "a host certificate and its authority",
    works: true,
    by: "openssh",
    make: async (w) => {
      const authority = w.key("authority");
      const key = w.key("host-certified");
      sign(authority, key, "-h", "-n", "127.0.0.1");
      const sshd = await usual(w, [], [`HostKey ${key}`, `HostCertificate ${key}-cert.pub`]);
      w.write(
        "known",
        `@cert-authority [127.0.0.1]:${sshd.port} ${readFileSync(`${authority}.pub`, "utf8")}`,
      );
    },
  },

  {
    what: "a user certificate beside the key",
    works: true,
    by: "openssh",
    make: async (w) => {
      const authority = w.key("authority");
      const key = w.key("certified");
      sign(authority, key, "-n", USER);
      const sshd = await w.server(`TrustedUserCAKeys ${authority}.pub`);
      w.trust("# nobody");
      w.write("known", w.knownLine(sshd));
      w.write("config", host(sshd, `IdentityFile ${key}`, `UserKnownHostsFile ${w.file("known")}`));
    },
  },
  {
    what: "a user certificate in the agent",
    works: true,
    by: "openssh",
    make: async (w) => {
      const authority = w.key("authority");
      const key = w.key("certified");
      sign(authority, key, "-n", USER);
      const sshd = await w.server(`TrustedUserCAKeys ${authority}.pub`);
      w.trust("# nobody");
      w.write("known", w.knownLine(sshd));
      w.write(
        "config",
        host(sshd, `IdentityFile ${w.file("nosuch")}`, `UserKnownHostsFile ${w.file("known")}`),
      );
      await w.agent(key);
    },
  },
  {
    what: "post-quantum key exchange alone",
    works: true,
    by: "openssh",
    make: async (w) =>
      void (await usual(w, [], ["KexAlgorithms sntrup761x25519-sha512@openssh.com"])),
  },
  {
    what: "group-exchange alone",
    works: true,
    by: "openssh",
    make: async (w) =>
      void (await usual(w, [], ["KexAlgorithms diffie-hellman-group-exchange-sha256"])),
  },
  {
    what: "umac alone",
    works: true,
    by: "openssh",
    make: async (w) =>
      void (await usual(w, [], ["Ciphers aes128-ctr", "MACs umac-128-etm@openssh.com"])),
  },
  {
    what: "KexAlgorithms of the configuration",
    works: true,
    make: async (w) =>
      void (await usual(
        w,
        ["KexAlgorithms ecdh-sha2-nistp256"],
        ["KexAlgorithms ecdh-sha2-nistp256"],
      )),
  },
  {
    what: "KexAlgorithms that the host lacks",
    works: false,
    by: "openssh",
    make: async (w) =>
      void (await usual(
        w,
        ["KexAlgorithms ecdh-sha2-nistp384"],
        ["KexAlgorithms ecdh-sha2-nistp256"],
      )),
  },
  {
    what: "an old key exchange that the configuration adds",
    works: true,
    make: async (w) =>
      void (await usual(
        w,
        ["KexAlgorithms +diffie-hellman-group14-sha1"],
        ["KexAlgorithms diffie-hellman-group14-sha1"],
      )),
  },
  {
    what: "ForwardAgent",
    works: true,
    by: "openssh",
    make: async (w) => {
      await usual(w, ["ForwardAgent yes"]);
      await w.agent(w.file("good"));
    },
  },
  {
    what: "MaxSessions 1",
    works: true,
    make: async (w) => void (await usual(w, [], ["MaxSessions 1"])),
  },
  ...HABITS,
];
