import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** What is asked about a chain: whether a rule is in it; without a rule, only about the chain. */
export interface RuleArg {
  /** iptables or ip6tables. */
  program: string;
  table: string;
  chain: string;
  rule?: string[];
}

/** What is known of a chain; null: the host does not have the program. */
export type RuleState = null | {
  /** The chain exists. */
  chain: boolean;
  /** The rule is in it. */
  rule: boolean;
  /** What happens to packets that no rule matches; null: user-defined chains have no policy. */
  policy: string | null;
  /** How many rules the chain has. */
  rules: number;
};

/** Two or three processes of iptables for each rule. */
export const ruleKind: ProbeKind<RuleArg, RuleState> = {
  name: "iptables",
  subject: ({ program, table, chain, rule }) =>
    JSON.stringify([program, table, chain, rule ?? null]),
  script: (args) => lines(args.map(lookAt)),
  parse(output, args) {
    const rows = output.split("\n");
    return args.map((_arg, index) => {
      const row = rows[index] ?? "";
      if (row === "-") return null;
      const [, chain, rule, policy, rules] =
        /^chain=(\d) rule=(\d) policy=(\S*) rules=(\d+)$/.exec(row) ?? [];
      if (rules === undefined) throw new ProbeError(`iptables answered ${row}`);
      return {
        chain: chain === "1",
        rule: rule === "1",
        policy: policy || null,
        rules: Number(rules),
      };
    });
  },
  holds: { unknownBehind: "commands" },
  planned: {
    implied(subject, changed) {
      const [program, table, chain, rule] = JSON.parse(subject) as unknown[];
      const flushed = changed.get(JSON.stringify([program, table, chain, FLUSHED]));
      return flushed === undefined || rule === null ? undefined : { after: flushed };
    },
    madeOf: (_arg, kind, subject, answer) =>
      answer === null && (["package", "deb"].includes(kind) || /\/ip6?tables$/.test(subject)),
  },
  look: {
    script: (arg) => sh`${lookAt(arg)} | cut -d' ' -f${arg.rule === undefined ? "1,3" : "2"}`,
    words: (state, { rule }) => [state === null ? "-" : lookWord(state, rule !== undefined)],
  },
};

/** The subject under which a chain that was emptied is noted. */
export const FLUSHED = "flushed";

// What the host prints of a chain, or of a rule in it.
function lookWord({ chain, rule, policy }: NonNullable<RuleState>, isRule: boolean): string {
  return isRule ? `rule=${Number(rule)}` : `chain=${Number(chain)} policy=${policy ?? ""}`;
}

// One line: whether chain and rule exist, the policy, and the number of rules. Waits
// for others that change them.
function lookAt({ program, table, chain, rule }: RuleArg): Script {
  const check =
    rule === undefined
      ? sh`hw_r=0`
      : sh`hw_r=0; ${program} -w -t ${table} -C ${chain} ${rule} >/dev/null 2>&1 && hw_r=1`;
  return sh`if command -v ${program} >/dev/null; then
  hw_t=$(${program} -w -t ${table} -S ${chain} 2>/dev/null) && hw_c=1 || hw_c=0
  hw_p=; case $hw_t in "-P "*) hw_p=${{ sh: "${hw_t#-P * }" }}; hw_p=${{ sh: "${hw_p%%[!A-Z]*}" }} ;; esac
  ${check}
  echo "chain=$hw_c rule=$hw_r policy=$hw_p rules=$(printf '%s\\n' "$hw_t" | grep -c '^-A')"
else echo -; fi`;
}

// Asks about a rule, or a chain.
export function askRule(arg: RuleArg): Probe<RuleState> {
  return ask(ruleKind, arg);
}
