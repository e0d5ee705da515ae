import { expect, test } from "vitest";
import { machineAddress } from "../../../src/cli/connection/address.ts";
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
