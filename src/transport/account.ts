import { userInfo } from "node:os";

// The account that this process runs as; undefined: its user id has none, as in some containers.
export function account(): { name: string; home: string } | undefined {
  try {
    const { username, homedir } = userInfo();
    return { name: username, home: homedir };
  } catch {
    return undefined;
  }
}

// Its name, or what stands for it where there is none: its user id.
export function accountName(): string {
  return account()?.name ?? String(process.getuid?.() ?? "");
}
