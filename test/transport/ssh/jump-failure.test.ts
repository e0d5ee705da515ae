import { expect, test } from "vitest";
import { jumpFailure } from "../../../src/transport/ssh/jump-failure.ts";

test.each([
  ["Connection refused", "refused", "sshd is running there"],
  ["Temporary failure in name resolution", "dns", "the jump host that resolves it"],
  ["Name or service not known", "dns", "the jump host that resolves it"],
  ["No route to host", "timeout", "the host is up"],
  ["Connection timed out", "timeout", "the host is up"],
  ["open failed", "refused", "AllowTcpForwarding"],
])("a jump host says: %s", (said, kind, hint) => {
  const error = jumpFailure("me@gate", "node1 port 22", `(SSH) Channel open failure: ${said}`);
  expect(error).toMatchObject({
    kind,
    message: `the jump host me@gate cannot reach node1 port 22: ${said}`,
    hint: expect.stringContaining(hint) as string,
  });
});
