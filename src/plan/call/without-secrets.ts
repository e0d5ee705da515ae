import type { Change, Diff, LocalFile } from "../../modules/contract/module.ts";
import { hideSecrets, hideSecretText } from "../../secrets.ts";

// A diff as it may be shown and kept: what looks like a password, token or key
// is hidden, on both sides.
export function withoutSecrets(diff: Diff): Diff {
  if (diff.kind === "note") return { ...diff, title: hideSecretText(diff.title) };
  if (diff.kind === "field") return { ...diff, ...hideSecrets(diff) };
  const { before, after } = hideSecrets(diff);
  return { ...diff, before: before ?? "", after: after ?? "" };
}

// The diff as it may be shown.
export function shownDiff(
  { diff }: Change<unknown>,
  files: readonly LocalFile[],
  noLog: boolean,
): Diff[] {
  const secret = files.some((file) => file.secret) ? "its source is encrypted" : undefined;
  const hidden = noLog ? "no_log is set" : secret;
  if (hidden !== undefined) return [{ kind: "note", title: `hidden, as ${hidden}` }];
  return diff.map(withoutSecrets);
}
