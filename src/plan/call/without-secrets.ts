import type { Change, Diff, LocalFile } from "../../modules/contract/module.ts";
import { setDiff } from "../entry/write-entry.ts";
import type { Entry } from "../model/entry.ts";
import type { Invocation } from "../model/invocation.ts";
import { flagOf } from "../scope/flags.ts";
import { hideSecrets, hideSecretText } from "../../secrets.ts";

// A diff as it may be shown and kept: what looks like a password, token or key
// is hidden, on both sides.
export function withoutSecrets(diff: Diff): Diff {
  if (diff.kind === "note") return { ...diff, title: hideSecretText(diff.title) };
  if (diff.kind === "field") return { ...diff, ...hideSecrets(diff) };
  const { before, after } = hideSecrets(diff);
  return { ...diff, before: before ?? "", after: after ?? "" };
}

// Takes the diff of a change into its entry, as it may be shown.
export function showDiff(
  item: Invocation,
  entry: Entry,
  { diff }: Change<unknown>,
  files: readonly LocalFile[],
): void {
  const wanted = flagOf(item, "diff");
  const reasons = [
    entry.noLog && "no_log is set",
    files.some((file) => file.secret) && "its source is encrypted",
    wanted === false && "diff is false",
  ];
  const hidden = reasons.find((reason) => reason !== false);
  const shown: Diff[] =
    hidden === undefined
      ? diff.map(withoutSecrets)
      : [{ kind: "note", title: `hidden, as ${hidden}` }];
  setDiff(entry, shown, wanted === true);
}
