import { sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/** The lists of sources that apt reads, by path: each file's text. */
export type SourcesState = { [path: string]: string };

/** apt's lists of sources in the one-line style. */
export const sources: ProbeKind<null, SourcesState> = {
  name: "apt_sources",
  subject: () => "",
  script: () => sh`for hw_p in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  if [ -f "$hw_p" ]; then printf '\n--%s--\n' "$hw_p"; base64 -w0 -- "$hw_p"; fi
done; :`,
  parse(output, args) {
    const parts = output.split(/\n--(\/.*)--\n/).slice(1);
    const found = parts.flatMap((path, i) =>
      i % 2 === 0
        ? [[path, Buffer.from(parts[i + 1] ?? "", "base64").toString("utf8")] as const]
        : [],
    );
    return args.map(() => Object.fromEntries(found));
  },
};

// Asks for all lists of sources.
export function askSources(): Probe<SourcesState> {
  return ask(sources, null);
}
