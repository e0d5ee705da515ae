import type { Argument } from "../../../contract/schema.ts";

/** A line of releases, such as 1.7. */
export type Line = `${number}.${number}`;

/** What the value must look like, beyond its type. */
export type FormName =
  | "duration"
  | "absolute path"
  | "address"
  | "port"
  | "natural number"
  | "fraction"
  | "size"
  | "oom score"
  | "platform"
  | "environment"
  | "image"
  | "positive number"
  | "category range"
  | "host address"
  | "seccomp profile";

/** One setting of config.toml: its type, its path, and which releases have it. */
export interface ConfigSetting extends Argument {
  /**
   * Its keys in a file of version 2 (containerd 1.x) and of version 3 (2.x), below the place of its
   * group; its own name unless given.
   */
  at?: { readonly 2?: readonly string[]; readonly 3?: readonly string[] };
  /** The first line of releases that has it, and the first that has it no more. */
  from?: Line;
  until?: Line;
  form?: FormName;
  /** What each value of a mapping is; anything unless given. */
  values?: "text" | "texts";
  /** The name of a table of its own: each item of the list becomes one. */
  named?: true;
  options?: { readonly [name: string]: ConfigSetting };
}

type More = Omit<ConfigSetting, "type" | "description" | "options" | "elements">;

// Makers of settings that keep their types.
export const text = <M extends More>(description: string, more: M = {} as M) => ({
  type: "str" as const,
  description,
  ...more,
});
export const flag = <M extends More>(description: string, more: M = {} as M) => ({
  type: "bool" as const,
  description,
  ...more,
});
export const whole = <M extends More>(description: string, more: M = {} as M) => ({
  type: "int" as const,
  description,
  ...more,
});
export const number = <M extends More>(description: string, more: M = {} as M) => ({
  type: "float" as const,
  description,
  ...more,
});
export const texts = <M extends More>(description: string, more: M = {} as M) => ({
  type: "list" as const,
  elements: "str" as const,
  description,
  ...more,
});
export const mapping = <M extends More>(description: string, more: M = {} as M) => ({
  type: "dict" as const,
  description,
  ...more,
});
export const group = <O extends { readonly [name: string]: ConfigSetting }, M extends More>(
  description: string,
  options: O,
  more: M = {} as M,
) => ({ type: "dict" as const, description, options, ...more });
export const tables = <O extends { readonly [name: string]: ConfigSetting }, M extends More>(
  description: string,
  options: O,
  more: M = {} as M,
) => ({
  type: "list" as const,
  elements: "dict" as const,
  named: true as const,
  description,
  options,
  ...more,
});

/** A place below a plugin that has the same name in all versions. */
export const plugin = (name: string, ...keys: string[]) => ({
  2: ["plugins", name, ...keys],
  3: ["plugins", name, ...keys],
});
