import { CONNECTION_VARIABLES } from "../../src/cli/connection/connection-variables.ts";
import { SSH_OPTIONS } from "../../src/transport/ssh/config/options.ts";
import { BECOME_SETUPS } from "../e2e/become-setups.ts";
import { SETUPS } from "../transport/ssh/setups.ts";

const WORDS = { honoured: "honoured", needless: "needless", refused: "**refused**" };
const BY = { here: "honoured", openssh: "honoured, by the system's `ssh`", needless: "needless" };

// The page of all variables and options that say how a host is reached.
export function connectionVariablesPage(): string {
  const variables = Object.entries(CONNECTION_VARIABLES).map(([name, { use, note }]) => `| \`${name}\` | ${WORDS[use]} | ${note} |`);
  const options = Object.entries(SSH_OPTIONS).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, { by, note }]) => `| \`${name}\` | ${BY[by]} | ${note} |`);
  return [
    "# Variables and options of connections",
    "",
    "Written by `npm run docs`. What a setting does is in [connecting](connecting.md).",
    "",
    "## Ansible's variables",
    "",
    "Every variable that the connection, become and shell plugins of ansible-core read. One that is refused ends the run before any host is asked.",
    "",
    "| Variable | Here | |",
    "|---|---|---|",
    ...variables,
    "",
    "## ssh's options",
    "",
    "Every option that `ssh -G` prints. What only the system's `ssh` can do makes it carry the connection.",
    "",
    "| Option | Here | |",
    "|---|---|---|",
    ...options,
    "",
  ].join("\n");
}

// The page of set-ups that are tried with the user's own ssh as the judge.
export function setupsPage(): string {
  const rows = SETUPS.map(({ what, works, by }) => `| ${what} | ${works ? "logs in" : "refuses"} | ${works ? "logs in" : "refuses"} | ${by === "openssh" ? "the system's `ssh`" : "Hullwright"} |`);
  return [
    "# Set-ups of ssh that are tested",
    "",
    "Written by `npm run docs`. Each of these is made on real sshd's by `npm test`, a half of them in CI. The user's own `ssh` says what is right; Hullwright must do the",
    "same, by its own SSH and by the system's `ssh` (`ansible_connection: openssh`). The last column says which of the two it chooses by itself.",
    `All ${SETUPS.length}, over both: \`npx vitest run --project unit test/transport/ssh/setups.test.ts\`.`,
    "",
    "| Set-up | `ssh` | Hullwright | carried by |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

// The page of ways to become another user that are tried on real hosts.
export function becomePage(): string {
  const rows = BECOME_SETUPS.map(({ what, login = "deploy", becomes, refused }) => {
    const outcome = becomes === undefined ? `refused: ${refused ?? ""}` : `works as ${becomes}`;
    return `| ${what} | ${login} | ${outcome} |`;
  });
  return [
    "# Ways to become another user that are tested",
    "",
    "Written by `npm run docs`. Each of these is set up on a real host, where a task of a play with `become: true` writes a file. Of those who log in, `deploy` has",
    "NOPASSWD, `secret` has to give a password, `nosudo` is in no policy but the one that is named, and `fishy` and `cshy` have fish and csh as their shell.",
    "What a method cannot do is refused with words like those below. [Connecting](connecting.md#becoming-another-user) says how it is done.",
    "",
    "| Set-up | Login | Hullwright |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
