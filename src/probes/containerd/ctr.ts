import { sh, type Script, type ShValue } from "../../script/sh.ts";
import { attempt } from "../../instead-of.ts";

/** Which containerd is spoken to, by which program, about which of its namespaces. */
export interface CtrArg {
  ctr: string;
  address: string;
  namespace: string;
}

// A call of ctr. A daemon that does not take connections is given up after ten seconds.
export function ctrCall({ ctr, address, namespace }: CtrArg, ...words: ShValue[]): Script {
  const head = sh`${ctr} -a ${address} --connect-timeout 10s -n ${namespace}`;
  return words.reduce<Script>((call, word) => sh`${call} ${word}`, head);
}

// The key that distinguishes calls for one containerd and namespace from those for another.
export function ctrSubject({ address, namespace }: CtrArg): string {
  return `${address} ${namespace}`;
}

// Sets a variable to what a call prints, and hw_up to whether containerd answered.
export function listed(variable: string, arg: CtrArg, ...words: ShValue[]): Script {
  return sh`${{ sh: variable }}=; hw_up=no; [ -S ${arg.address} ] && ${{ sh: variable }}=$(${ctrCall(arg, ...words)} 2>/dev/null) && hw_up=yes`;
}

// Puts the questions of one containerd and namespace together, so that what
// they share is asked once.
export function perNamespace<A extends CtrArg>(
  args: readonly A[],
  share: (arg: A) => Script,
  question: (arg: A, index: number) => Script,
): Script[] {
  const groups = new Map<string, Script[]>();
  args.forEach((arg, index) => {
    const key = `${arg.ctr} ${ctrSubject(arg)}`;
    const group = groups.get(key) ?? [share(arg)];
    groups.set(key, [...group, question(arg, index)]);
  });
  return [...groups.values()].flat();
}

// The answers by the number of their question; each begins with a line "WORD NUMBER ...".
export function numbered(output: string, word: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const part of output.split(new RegExp(`^(?=${word} \\d+ )`, "m"))) {
    const head = new RegExp(`^${word} (\\d+) `).exec(part);
    if (head) found.set(Number(head[1]), part.slice(head[0].length).split("\n").filter(Boolean));
  }
  return found;
}

// JSON as a host sent it in base64; undefined: it is none.
export function readJson(base64: string): unknown {
  return attempt(() => JSON.parse(Buffer.from(base64, "base64").toString("utf8")) as unknown);
}

// Labels as ctr prints them: "a=b,c=d", or "-".
export function readLabels(text: string): { [name: string]: string } {
  if (text === "-" || text === "") return {};
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
