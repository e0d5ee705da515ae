import { writeFileSync } from "node:fs";
import { must, run } from "./command.ts";

/** A bridge of its own for one lab; the outer machine is `.1` on it, the hosts are `.11` and up. */
export interface Network {
  bridge: string;
  prefix: string;
}

// Takes the first test network that no other lab has; making the bridge is what takes it.
export async function takeNetwork(): Promise<Network> {
  for (let number = 1; number < 255; number += 1) {
    const bridge = `hwlab${String(number)}`;
    const prefix = `10.213.${String(number)}`;
    const made = await run(["ip", "link", "add", bridge, "type", "bridge", "forward_delay", "0"]);
    if (made.code !== 0 && made.stderr.includes("File exists")) continue;
    if (made.code !== 0) throw new Error(`no bridge can be made here: ${made.stderr}`);
    await must(["ip", "address", "add", `${prefix}.1/24`, "dev", bridge]);
    await must(["ip", "link", "set", bridge, "up"]);
    // else the kernel asks only once a second where a booting host is
    writeFileSync(`/proc/sys/net/ipv4/neigh/${bridge}/retrans_time_ms`, "20");
    return { bridge, prefix };
  }
  throw new Error("all 254 test networks are taken");
}

// Gives the network back; a bridge that is gone already is no fault.
export async function dropNetwork({ bridge }: Network): Promise<void> {
  await run(["ip", "link", "delete", bridge]);
}
