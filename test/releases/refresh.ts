/** One release that upstream has, and the sum of its archive. */
export interface FoundRelease {
  version: string;
  sha256: string;
}

/** How many numbers in a row may be missing before the end of a line is believed: upstream has left out some. */
const GAP = 3;

/** What an archive is called for whose sum is asked. */
const archiveOf = (version: string): string => `containerd-${version}-linux-amd64.tar.gz`;

// The newest release of a line that upstream has, from one that is known on; undefined: it does not have that one either.
export async function newestFrom(base: string, known: string): Promise<FoundRelease | undefined> {
  const [major = "", minor = "", patch = ""] = known.split(".");
  let newest: FoundRelease | undefined;
  for (let [number, missing] = [Number(patch), 0]; missing < GAP; number++) {
    const found = await askSum(base, `${major}.${minor}.${number}`);
    missing = found === undefined ? missing + 1 : 0;
    newest = found ?? newest;
  }
  return newest;
}

// The sum that upstream tells of a release; undefined: there is no such release.
async function askSum(base: string, version: string): Promise<FoundRelease | undefined> {
  const name = archiveOf(version);
  const url = `${base}/containerd/containerd/releases/download/v${version}/${name}.sha256sum`;
  const answer = await fetch(url);
  const text = await answer.text();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  const [sha256 = "", file = ""] = text.trim().split(/\s+\*?/);
  if (!/^[0-9a-f]{64}$/.test(sha256) || file !== name)
    throw new Error(`${url} is not the sum of ${name}: ${JSON.stringify(text.slice(0, 80))}`);
  return { version, sha256 };
}

// The table of releases (src/modules/shared/containerd/releases.ts) with other newest ones.
export function withNewest(table: string, newest: ReadonlyMap<string, string>): string {
  return table.replace(
    /(line: "([\d.]+)",\s+newest: )"[^"]*"/g,
    (all, head: string, line: string) =>
      newest.has(line) ? `${head}"${newest.get(line)!}"` : String(all),
  );
}

// The variables of the role with the same.
export function withNewestOfRole(vars: string, newest: ReadonlyMap<string, string>): string {
  return vars.replace(/^containerd_newest: .*$/m, (row) =>
    row.replace(/"([\d.]+)": "[^"]*"/g, (all, line: string) =>
      newest.has(line) ? `"${line}": "${newest.get(line)!}"` : String(all),
    ),
  );
}
