import type { LabHost } from "../lab/host.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { startRegistry, type Registry } from "../lab/registry.ts";
import { Desk } from "./cli.ts";
import type { Daemon } from "./daemons.ts";

/** The series of containerd that are tried beside each other. */
export const SERIES = ["1.4", "1.6", "1.7", "2.1"];

/** One real host with several daemons, and registries of every kind that it can pull from. */
export class RegistryLab {
  readonly host: LabHost;
  readonly registry: Registry;
  readonly desk = new Desk();
  readonly inventory: string;
  daemons: readonly Daemon[] = [];
  private readonly lab: Lab;

  private constructor(lab: Lab, registry: Registry, variables?: { [name: string]: unknown }) {
    [this.lab, this.registry, this.host] = [lab, registry, lab.hosts[0]!];
    this.inventory = this.desk.file("inventory.yml", lab.inventory(variables));
  }

  // Starts host and registries, and lets the host get its daemons meanwhile.
  static async start<T>(
    getDaemons: (host: LabHost) => Promise<T>,
    variables?: { [name: string]: unknown },
  ): Promise<[RegistryLab, T]> {
    const lab = await startLab({ hosts: 1 });
    const [registry, got] = await Promise.all([
      startRegistry(lab.address),
      getDaemons(lab.hosts[0]!),
    ]);
    return [new RegistryLab(lab, registry, variables), got];
  }

  daemon(series: string): Daemon {
    return this.daemons.find((one) => one.series === series)!;
  }

  // A text in which PLAIN, LOGIN, TLS and CLIENT stand for the addresses of the registries.
  filled(text: string): string {
    return text.replaceAll(
      /\b(PLAIN|LOGIN|TLS|CLIENT)\b/g,
      (word) => this.registry[word.toLowerCase() as "plain"],
    );
  }

  async stop(): Promise<void> {
    await this.registry.close();
    await this.lab.stop();
  }
}
