import { expect, test } from "vitest";
import { machineAddress, shareMachines } from "../../../src/cli/connection/address.ts";
import type { WantedLogin } from "../../../src/cli/connection/connection.ts";
import type { Connection } from "../../../src/transport/transport.ts";

type Login = Pick<Connection, "host" | "port" | "user" | "kind">;

const ssh: Login = { host: "10.0.0.1", port: 22, user: "ann", kind: "ssh" };
const local: Login = { host: "localhost", port: 22, user: "ann", kind: "local" };

function addressOf(login: Login): string {
  return machineAddress({ ...login, name: "n" } as Connection);
}

test.each<[string, boolean, Login, Login]>([
  ["the same address and port", true, ssh, { ...ssh, user: "ben" }],
  ["two ports", false, ssh, { ...ssh, port: 2222 }],
  ["two addresses", false, ssh, { ...ssh, host: "10.0.0.2" }],
  ["local connections of two names", true, local, { ...local, host: "other" }],
  ["an address and a local connection", false, ssh, { ...local, host: ssh.host }],
])("one machine or not: %s", (_, isOne, one, other) =>
  expect(addressOf(one) === addressOf(other)).toBe(isOne),
);

const to = (destination: string, port?: number): WantedLogin =>
  ({ destination, port }) as unknown as WantedLogin;

test.each<[string, boolean, WantedLogin[]]>([
  ["no login", false, []],
  ["names with addresses of their own", false, [to("a"), to("b"), to("a", 2222)]],
  ["one address twice", true, [to("a"), to("b"), to("a")]],
  ["two local names", true, [{ name: "a", isLocal: true }, to("b"), { name: "c", isLocal: true }]],
])("whether names share machines, before ssh is asked: %s", (_, doShare, logins) =>
  expect(shareMachines(logins)).toBe(doShare),
);
