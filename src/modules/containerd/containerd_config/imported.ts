import { TaskFailure } from "../../../errors.ts";
import type { GlobbedFile } from "../../../probes/files/globbed.ts";
import { parseToml, TomlError } from "../../../toml/parse.ts";
import { at, type TomlTable } from "../../../toml/value.ts";

// The patterns of the files that a config imports.
export function importPatterns(tree: TomlTable): string[] {
  const imports = at(tree, "imports");
  return Array.isArray(imports) ? imports.map(String) : [];
}

// Refuses files that containerd could not read: with them it does not start, whoever wrote them.
export function refuseBroken(files: readonly GlobbedFile[], config: string): void {
  const broken = files.flatMap(({ path, content }) => {
    const fault = content === undefined ? undefined : faultOf(content);
    return fault === undefined ? [] : [`  ${path}: ${fault}`];
  });
  if (broken.length === 0) return;
  throw new TaskFailure(
    `containerd would not start, as ${config} imports files that are not TOML:\n${broken.join("\n")}`,
    "correct or remove it: containerd reads it at its next start, also at that of the host",
  );
}

// Why a text is no TOML. What was cut short is not judged.
function faultOf(base64: string): string | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length >= 65536) return undefined;
  try {
    parseToml(bytes.toString("utf8"));
    return undefined;
  } catch (error) {
    if (error instanceof TomlError) return error.message;
    throw error;
  }
}
