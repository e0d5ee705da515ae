/** Where a playbook may hold a secret, each place with a secret of its own, and how a text is searched for them. */
import { randomBytes } from "node:crypto";
import { seal } from "../../src/vault/cipher.ts";
import { writeEnvelope } from "../../src/vault/envelope.ts";

export const VAULT_PASSWORD = "the password of the vault";

/** A place: a task, variables of an encrypted or an open file, files, or words of the command line. */
export interface Planted {
  where: string;
  task?: object;
  /** Variables of an encrypted file. */
  vault?: object;
  /** Variables of the host in the inventory. */
  host?: { readonly [name: string]: string };
  vars?: { readonly [name: string]: unknown };
  files?: { readonly [name: string]: string };
  words?: readonly string[];
  /** The user's own words are the arguments of a process. */
  isArgument?: true;
  /** The name of a file on the host, which whoever looks there sees. */
  isPath?: true;
}

/** What goes into a task: a secret as it is, one that headers and URLs carry, the directory of the test, and its web server. */
export interface Ground {
  secret: string;
  word: string;
  at: string;
  port: number;
}

/** Other runs of the test write their secrets to the same places. */
const RUN = randomBytes(5)
  .toString("hex")
  .replace(/\d/g, (digit) => "ghijklmnop"[Number(digit)]!);

// What nobody else writes; it is the same in JSON, in a URL and in a quoted word of the shell.
export function coreOf(number: number): string {
  return `Zq${String(number).padStart(2, "0")}${RUN}`;
}

// What of a text is the same in base64, wherever it begins.
function inBase64(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bits = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    return bits
      .toString("base64")
      .slice(Math.ceil((offset * 8) / 6), Math.floor((bits.length * 8) / 6));
  });
}

// All forms of a secret's core.
export function formsOf(core: string): string[] {
  return [core, ...inBase64(core)];
}

// What ansible-vault makes of a text.
export function encrypted(text: string): string {
  return writeEnvelope(
    seal(Buffer.from(text), Buffer.from(VAULT_PASSWORD), randomBytes(32), undefined),
  );
}

/** The secret in a variable that ansible-vault encrypted. */
const vaulted = (make: (ground: Ground) => object) => (ground: Ground) => ({
  vault: { NAME: ground.secret },
  task: make(ground),
});

const hidden = (make: (ground: Ground) => object) => (ground: Ground) => ({
  task: { no_log: true, ...make(ground) },
});

export const PLACES: readonly (readonly [
  where: string,
  plant: (ground: Ground) => Omit<Planted, "where">,
])[] = [
  // a variable of an encrypted file, and where it goes
  [
    "vault file: content",
    vaulted(({ at }) => ({ copy: { content: "a {{ NAME }} b", dest: `${at}/FILE` } })),
  ],
  [
    "vault file: line",
    vaulted(({ at }) => ({
      lineinfile: { path: `${at}/FILE`, line: "x={{ NAME }}", create: true },
    })),
  ],
  [
    "vault file: block",
    vaulted(({ at }) => ({
      blockinfile: { path: `${at}/FILE`, block: "x={{ NAME }}", create: true },
    })),
  ],
  [
    "vault file: replaced",
    vaulted(({ at }) => ({
      replace: { path: `${at}/there`, regexp: "^here.*", replace: "here {{ NAME }}" },
    })),
  ],
  [
    "vault file: option",
    vaulted(({ at }) => ({
      ini_file: { path: `${at}/FILE`, section: "a", option: "b", value: "{{ NAME }}" },
    })),
  ],
  ["vault file: message", vaulted(() => ({ debug: { msg: "it is {{ NAME }}" } }))],
  ["vault file: base64", vaulted(() => ({ debug: { msg: "{{ ('user:' ~ NAME) | b64encode }}" } }))],
  [
    "vault file: URL and JSON",
    vaulted(() => ({
      debug: {
        msg: ["{{ NAME | urlencode }}", "{{ {'a': NAME} | to_json }}", "{{ NAME | quote }}"],
      },
    })),
  ],
  ["vault file: key", vaulted(() => ({ debug: { msg: "{{ {'a': {NAME: 1}} }}" } }))],
  ["vault file: key of a fact", vaulted(() => ({ set_fact: { keyed_NAME: "{{ {NAME: 1} }}" } }))],
  [
    "vault file: name of a file",
    ({ word, at }) => ({
      vault: { NAME: word },
      isPath: true,
      task: { copy: { content: "x", dest: `${at}/{{ NAME }}` } },
    }),
  ],
  [
    "vault file: name of a task",
    vaulted(() => ({ name: "about {{ NAME }}", command: "true", register: "later" })),
  ],
  [
    "vault file: a word of a command",
    (ground) => ({
      ...vaulted(() => ({ command: { argv: ["true", "{{ NAME }}"] } }))(ground),
      isArgument: true,
    }),
  ],
  [
    "vault file: a failing command",
    (ground) => ({
      ...vaulted(() => ({ shell: "echo {{ NAME | quote }} >&2; false" }))(ground),
      isArgument: true,
    }),
  ],
  [
    "vault file: standard input",
    vaulted(() => ({ command: { cmd: "cat", stdin: "in {{ NAME }}" } })),
  ],
  [
    "vault file: environment",
    vaulted(() => ({ command: "env", environment: { TOLD: "{{ NAME }}" } })),
  ],
  ["vault file: set_fact", vaulted(() => ({ set_fact: { fact_NAME: { deep: ["{{ NAME }}"] } } }))],
  [
    "vault file: an assertion fails",
    vaulted(() => ({ assert: { that: ["NAME == 'x'"], fail_msg: "not {{ NAME }}" } })),
  ],
  ["vault file: fails", vaulted(() => ({ fail: { msg: "no {{ NAME }}" } }))],
  [
    "vault file: a wrong value fails",
    vaulted(() => ({
      wait_for: { timeout: "{{ NAME if later is defined else 1 }}" },
    })),
  ],
  [
    "vault file: loop and label",
    vaulted(() => ({
      command: "true",
      loop: ["{{ NAME }}"],
      loop_control: { label: "l {{ NAME }}" },
    })),
  ],
  [
    "vaulted string",
    ({ secret, at }) => ({
      vars: { NAME: { __vault: secret } },
      task: { copy: { content: "{{ NAME }}\n", dest: `${at}/FILE` } },
    }),
  ],
  [
    "encrypted file that is copied",
    ({ secret, at }) => ({
      files: { "files/NAME": encrypted(`${secret}\n`) },
      task: { copy: { src: "NAME", dest: `${at}/FILE` } },
    }),
  ],
  [
    "encrypted template",
    ({ secret, at }) => ({
      files: { "templates/NAME": encrypted(`${secret} {{ 1 + 1 }}\n`) },
      task: { template: { src: "NAME", dest: `${at}/FILE` } },
    }),
  ],
  [
    "encrypted file that is looked up",
    ({ secret }) => ({
      files: { "files/NAME": encrypted(secret) },
      task: { debug: { msg: "{{ lookup('file', 'NAME') | b64encode }}" } },
    }),
  ],
  [
    "template with a vaulted value",
    ({ secret, at }) => ({
      vault: { NAME: secret },
      files: { "templates/NAME": "k = {{ NAME }}\n" },
      task: { template: { src: "NAME", dest: `${at}/FILE` } },
    }),
  ],
  // no_log
  [
    "no_log: command",
    (ground) => ({
      ...hidden(({ secret }) => ({ command: { argv: ["echo", secret] } }))(ground),
      isArgument: true,
    }),
  ],
  [
    "no_log: content",
    hidden(({ secret, at }) => ({ copy: { content: secret, dest: `${at}/FILE` } })),
  ],
  ["no_log: standard input", hidden(({ secret }) => ({ command: { cmd: "cat", stdin: secret } }))],
  ["no_log: environment", hidden(({ word }) => ({ command: "env", environment: { TOLD: word } }))],
  [
    "no_log: items",
    hidden(({ word, at }) => ({
      copy: { content: "{{ item.key }}", dest: `${at}/FILE` },
      loop: [{ key: word }],
    })),
  ],
  [
    "no_log: label",
    hidden(({ secret }) => ({ command: "true", loop: [1], loop_control: { label: secret } })),
  ],
  ["no_log: fails", hidden(({ secret }) => ({ fail: { msg: secret } }))],
  [
    "no_log: a failing command",
    (ground) => ({
      ...hidden(({ word }) => ({ shell: `echo ${word} >&2; exit 3` }))(ground),
      isArgument: true,
    }),
  ],
  [
    "no_log: a wrong value fails",
    hidden(({ word, at }) => ({
      copy: {
        content: "x",
        dest: `${at}/FILE`,
        mode: `{{ '${word}' if later is defined else '0644' }}`,
      },
    })),
  ],
  [
    "no_log: a condition",
    hidden(({ word }) => ({ command: "true", when: `'${word}' == other_word | default('')` })),
  ],
  // logins, tokens, addresses
  [
    "become password",
    ({ word }) => ({
      host: { ansible_become_password: word },
      task: { debug: { msg: "{{ ansible_become_password }}" } },
    }),
  ],
  [
    "login password",
    ({ word }) => ({
      host: { ansible_password: word },
      task: { debug: { msg: "{{ ansible_password | b64encode }}" } },
    }),
  ],
  [
    "-e password",
    ({ word, at }) => ({
      words: ["-e", `NAME_password=${word}`],
      task: { copy: { content: "login {{ NAME_password }}\n", dest: `${at}/FILE` } },
    }),
  ],
  [
    "-e token in JSON",
    ({ secret }) => ({
      words: ["-e", JSON.stringify({ NAME: { api_token: secret } })],
      task: { debug: { msg: "it is {{ NAME.api_token }} {{ NAME.api_token | b64encode }}" } },
    }),
  ],
  [
    "-e of an encrypted file",
    ({ secret, at }) => ({
      files: { "NAME.yml": encrypted(`of_a_file: ${JSON.stringify(secret)}\n`) },
      words: ["-e", `@${at}/../NAME.yml`],
      task: { debug: { msg: "{{ of_a_file }}" } },
    }),
  ],
  [
    "login of a URL",
    ({ word, at, port }) => ({
      task: { get_url: { url: `http://bob:${word}%2F@127.0.0.1:${port}/`, dest: `${at}/FILE` } },
    }),
  ],
  [
    "login of a URL that fails",
    ({ word, at }) => ({
      task: { get_url: { url: `http://bob:${word}%2F@127.0.0.1:9/`, dest: `${at}/FILE` } },
    }),
  ],
  [
    "login of a URL that is asked",
    ({ word, port }) => ({
      task: { uri: { url: `http://bob:${word}@127.0.0.1:${port}/`, return_content: true } },
    }),
  ],
  [
    "token of a header",
    ({ word, port }) => ({
      task: {
        uri: {
          url: `http://127.0.0.1:${port}/`,
          headers: { Authorization: `Bearer ${word}` },
          return_content: true,
        },
      },
    }),
  ],
  [
    "cookie of a download",
    ({ word, at, port }) => ({
      task: {
        get_url: {
          url: `http://127.0.0.1:${port}/`,
          dest: `${at}/FILE`,
          headers: { Cookie: `a=${word}` },
        },
      },
    }),
  ],
  [
    "password of a request",
    ({ secret, port }) => ({
      task: {
        uri: {
          url: `http://127.0.0.1:${port}/`,
          url_username: "bob",
          url_password: secret,
          force_basic_auth: true,
          return_content: true,
        },
      },
    }),
  ],
  [
    "key in a body",
    ({ secret, port }) => ({
      task: {
        uri: {
          url: `http://127.0.0.1:${port}/`,
          method: "POST",
          body_format: "json",
          body: { client_secret: secret },
          return_content: true,
        },
      },
    }),
  ],
  [
    "registry login",
    ({ word, at }) => ({
      task: {
        containerd_registry: {
          name: "reg.example",
          config_path: `${at}/certs.d`,
          hosts: [{ url: "https://m.example", header: { Authorization: `Basic ${word}` } }],
        },
      },
    }),
  ],
  [
    "login of a mirror, which fails",
    ({ word, at }) => ({
      task: {
        containerd_registry: {
          name: "other.example",
          config_path: `${at}/certs.d`,
          hosts: [{ url: `https://bob:${word}@m.example` }],
        },
      },
    }),
  ],
  [
    "registry login in a config",
    ({ secret, at }) => ({
      task: {
        copy: {
          dest: `${at}/FILE`,
          content: JSON.stringify({
            auths: {
              "reg.example": {
                auth: Buffer.from(`bob:${secret}`).toString("base64"),
                password: secret,
              },
            },
          }),
        },
      },
    }),
  ],
  [
    "another login",
    ({ word }) => ({ task: { add_host: { name: "other.example", ansible_password: word } } }),
  ],
];

// Puts a place's own names into what it says.
export function planted(
  [where, plant]: (typeof PLACES)[number],
  number: number,
  ground: Omit<Ground, "secret" | "word">,
): Planted & { core: string } {
  const core = coreOf(number);
  const text = JSON.stringify(plant({ ...ground, word: core, secret: `${core} "b"/c d'e` }))
    .replaceAll("NAME", `name_${number}`)
    .replaceAll("FILE", `file_${number}`);
  return { where, core, ...(JSON.parse(text) as Omit<Planted, "where">) };
}
