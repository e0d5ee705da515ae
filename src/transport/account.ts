import { userInfo } from "node:os";
import { attempt } from "../instead-of.ts";

/** A name and a home directory. */
interface Account {
  name: string;
  home: string;
}

/** Found once: a run asks for every host, and the system reads its users each time. */
let found: { account: Account | undefined } | undefined;

// The account that this process runs as; undefined: its user id has none, as in some containers.
export function account(): Account | undefined {
  return (found ??= { account: findAccount() }).account;
}

function findAccount(): Account | undefined {
  const user = attempt(() => userInfo());
  return user && { name: user.username, home: user.homedir };
}

// Its name, or its user id if there is none.
export function accountName(): string {
  return account()?.name ?? String(process.getuid?.() ?? "");
}
