import { createHash } from "node:crypto";
import { fromBytes } from "../../../src/modules/shared/edit/pattern.ts";
import { foldersAbove } from "../../../src/modules/shared/files/attributes.ts";
import type { Case } from "../case.ts";
import type { AnyModule } from "../../../src/modules/index.ts";

/** What a file holds before and after; null: it is not there. "same": nothing is done. */
export interface TextCase {
  name: string;
  args: object;
  before: string | null;
  after: string | null | "same" | RegExp;
  more?: object;
}

// A file with a text, as a probe answers.
export function textState(text: string | null): object | null {
  if (text === null) return null;
  const bytes = Buffer.from(text);
  return {
    type: "file",
    mode: 0o644,
    uid: 0,
    gid: 0,
    owner: "root",
    group: "root",
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    content: bytes.toString("base64"),
  };
}

// Cases of a module that edits one text, as the law's table has them.
export function textCases(
  module: AnyModule,
  directory: string,
  table: readonly TextCase[],
): readonly Case[] {
  return table.map(({ name, args, before, after, more }) => {
    const state = textState(before);
    const folders = foldersAbove(`${directory}/file`);
    const above = Object.fromEntries(
      folders.map((folder) => [folder, { type: "directory", mode: 0o755, uid: 0, gid: 0 }]),
    );
    return {
      name,
      module,
      args,
      before: { file: state, real: state, above, ...more },
      expect: expectationOf(after),
    };
  });
}

function expectationOf(after: TextCase["after"]): Case["expect"] {
  if (after instanceof RegExp) return { failure: after };
  if (after === "same") return { unchanged: true };
  return { becomes: after };
}

// The text that a change makes.
export function madeText(after: { [question: string]: unknown }): string | null {
  const real = after["real"] as { content?: string } | null;
  return real === null
    ? null
    : fromBytes(Buffer.from(real.content ?? "", "base64").toString("latin1"));
}
