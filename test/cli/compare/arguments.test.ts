import { expect, test } from "vitest";
import { ansibleArguments } from "../../../src/cli/compare/arguments.ts";
import type { RunFlags } from "../../../src/cli/settings/options.ts";

test.each<[Partial<RunFlags>, string[]]>([
  [{}, []],
  [
    { inventory: ["a", "b"], extraVars: ["x=1", "@f"] },
    ["--inventory=a", "--inventory=b", "--extra-vars=x=1", "--extra-vars=@f"],
  ],
  [
    { become: true, becomeUser: "ops", becomeMethod: "su", askBecomePass: true },
    ["--become-method=su", "--become-user=ops", "--become", "--ask-become-pass"],
  ],
  [
    { becomePassFile: "p", connPassFile: "q", keyFile: "k" },
    ["--become-password-file=p", "--connection-password-file=q", "--private-key=k"],
  ],
  [
    { connection: "openssh", user: "-u", timeout: 3, forks: 7 },
    ["--forks=7", "--user=-u", "--timeout=3", "--connection=ssh"],
  ],
  [{ tags: ["a", "b"], skipTags: ["c"] }, ["--tags=a,b", "--skip-tags=c"]],
  [{ limit: "web:!w2" }, ["--limit=web:!w2"]],
  [{ limit: "@failed" }, ["--limit=h1,h2"]],
  [
    { vaultId: ["dev@f"], vaultPasswordFile: ["g"], askVaultPass: true },
    ["--ask-vault-pass", "--vault-id=dev@f", "--vault-password-file=g"],
  ],
])("%j", (flags, wanted) => {
  const words = ansibleArguments(["site.yml"], { verbose: 0, ...flags }, () => ["h1", "h2"]);
  expect(words).toEqual(["--check", "site.yml", ...wanted]);
});
