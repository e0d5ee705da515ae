import { expect, test } from "vitest";
import { secretValues } from "../../../src/plan/call/secret-values.ts";

const secret: [what: string, args: unknown, secrets: string[]][] = [
  ["a password", { name: "ann", password: "hunter2" }, ["hunter2"]],
  ["the password of a URL's argument", { url_username: "a", url_password: "pw" }, ["pw"]],
  [
    "a login of a URL, as it is written and as it is meant",
    { url: "http://u:a%2Fb@h/x" },
    ["a%2Fb", "a/b"],
  ],
  [
    "what headers carry",
    { headers: { Authorization: "Bearer abc", "X-Vault": "t" } },
    ["Bearer abc", "abc", "t", "t"],
  ],
  [
    "headers with several values",
    { header: { Cookie: ["a=1", "b=2"] } },
    ["a=1", "a=1", "b=2", "b=2"],
  ],
  ["deep in a body", { body: { login: [{ user: "a", client_secret: "s" }] } }, ["s"]],
  ["a list under the name of a secret", { tokens: ["no"], token: ["a", "b"] }, ["a", "b"]],
];

test.each(secret)("tells %s", (_what, args, secrets) => {
  expect(secretValues(args)).toEqual(secrets);
});

test.each([
  { update_password: "always", password: null },
  { password: "{{ later }}", auth: "basic" },
  { private_key: "/etc/ssl/private/host.key" },
  { url: "ssh://git@example.org/x", src: "http://h:80/x@1" },
  { headers: { Accept: "text/plain", "User-Agent": "x", "Content-Type": "application/json" } },
  { force_basic_auth: true },
])("tells nothing of %j", (args) => {
  expect(secretValues(args)).toEqual([]);
});
