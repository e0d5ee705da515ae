import { askServices, type ServiceFact } from "../../probes/system/listing.ts";
import type { Module } from "../contract/module.ts";
import type { Schema } from "../contract/schema.ts";

const schema = {
  description: "Gathers which services the host has: ansible_facts.services, by name.",
  example: `name: See what services there are
service_facts:`,
  returns: ["ansible_facts.services: by name, each with state, status and source"],
  arguments: {},
} as const satisfies Schema;

/** The services of the host as facts. */
export const service_facts: Module<
  Record<never, never>,
  { services: { [name: string]: ServiceFact } | null }
> = {
  name: "service_facts",
  readOnly: true,
  onController: { kind: "facts", names: ["services"] },
  schema,
  observe: () => ({ services: askServices() }),
  plan: () => null,
  result: (_args, { services }) =>
    services
      ? { ansible_facts: { services } }
      : { msg: "systemd does not run on the host", skipped: true },
};
