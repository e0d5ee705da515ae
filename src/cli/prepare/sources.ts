import type { ControllerFiles } from "../../controller/files.ts";
import type { Inventory, VariableFolder } from "../../inventory/model.ts";
import type { Printed } from "../../inventory/program.ts";
import type { Environment } from "../../jinja/template.ts";
import type { Layer } from "../../plan/model/variables.ts";
import type { Playbook } from "../../playbook/play.ts";
import type { SshConfigs } from "../../transport/ssh/config/config.ts";
import type { FactMemory } from "./fact-memory.ts";
import { type NewFact } from "./fact-memory.ts";
import type { ReadFiles } from "./read-files.ts";

/**
 * What a run is made from: all that is read for it from this machine's disk
 * before its hosts are opened.
 */
export interface Sources {
  read: ReadFiles;
  files: ControllerFiles;
  /** What programs for inventories printed. */
  printed: Printed;
  inventory: Inventory;
  /** Variables next to the playbooks. */
  folders: VariableFolder[];
  extra: Layer;
  env: Environment;
  playbook: Playbook;
  configs: SshConfigs;
  memory: FactMemory;
}

/**
 * What a program that does several parts of one run, one after another, keeps from one to the next.
 */
export class KeptSources {
  /** Facts that are new; they are saved at the end, and not after each part. */
  readonly news: NewFact[] = [];
  sources: Promise<Sources> | undefined;

  // Keeps what the hosts have reported for the next run.
  async save(warn: (message: string) => void): Promise<void> {
    const sources = await this.sources?.catch(() => undefined);
    sources?.memory.save(this.news.splice(0), warn);
  }
}
