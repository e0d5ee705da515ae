import { momentAt } from "../python/moment-at.ts";
import type { Outside } from "../template-io.ts";

/** What a task calls a template, and where its text goes on the host, if it goes to one. */
export interface TemplateNames {
  name: string;
  destination?: string;
}

/** The same with where it was found. */
interface TemplateFile extends TemplateNames {
  fullPath: string;
}

/** Variables that a template sees of itself, each worked out where it is used. */
const VARIABLES: {
  readonly [name: string]: (file: TemplateFile, outside: Outside) => unknown;
} = {
  template_host: (_, outside) => outside.hostname(),
  template_path: ({ name }) => name,
  template_fullpath: ({ fullPath }) => fullPath,
  template_destpath: ({ destination }) => destination ?? null,
  template_uid: ({ fullPath }, outside) => outside.written(fullPath).owner,
  template_mtime: ({ fullPath }, outside) => momentAt(outside.written(fullPath).at),
  template_run_date: (_, outside) => momentAt(outside.now()),
};

// What a template sees of itself by a name; undefined: nothing. The time of the run is never the
// same twice, as in Ansible.
export function templateVariable(name: string, file: TemplateFile, outside: Outside): unknown {
  return Object.hasOwn(VARIABLES, name) ? VARIABLES[name]!(file, outside) : undefined;
}

/** The names of these variables. */
export const TEMPLATE_VARIABLES: readonly string[] = Object.keys(VARIABLES);
