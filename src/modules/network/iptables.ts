import { TaskFailure } from "../../errors.ts";
import { defined } from "../../defined.ts";
import { askRule, FLUSHED, type RuleArg, type RuleState } from "../../probes/system/iptables.ts";
import { sh, type Script } from "../../script/sh.ts";
import type { Change, Module, Step } from "../contract/module.ts";
import { iptablesSchema, type IptablesArgs } from "./iptables/schema.ts";
import { ruleWords } from "./iptables/rule.ts";
import { fieldDiff } from "../contract/diff.ts";

/** The chain, and the rule in it if the task names one. */
type State = { chain: RuleState; rule?: RuleState };

/**
 * Rules of the firewall, one at a time; they are gone with the next boot unless
 * something saves them.
 */
export const iptables: Module<IptablesArgs, State> = {
  name: "iptables",
  schema: iptablesSchema,
  observe(args) {
    if (!args.flush && args.chain === undefined)
      throw new TaskFailure("Either chain or flush parameter must be specified.");
    if (args.flush && args.chain === undefined)
      throw new TaskFailure("flush of a whole table is not supported", "name its chains");
    const { rule, ...chain } = ruleArg(args);
    return {
      chain: askRule(chain),
      ...defined({ rule: rule ? askRule({ ...chain, rule }) : undefined }),
    };
  },
  plan,
  result: (args) => ({
    ...defined({ chain: args.chain }),
    ip_version: args.ip_version,
    table: args.table,
    flush: args.flush,
    rule: ruleWords(args).join(" "),
    state: args.state,
    chain_management: args.chain_management,
  }),
};

// What the host is asked: about the rule, or only about the chain.
function ruleArg(args: IptablesArgs): RuleArg {
  const words = ruleWords(args);
  const isAboutRule = !args.flush && args.policy === undefined && words.length > 0;
  return {
    program: args.ip_version === "ipv6" ? "ip6tables" : "iptables",
    table: args.table,
    chain: args.chain!,
    ...defined({ rule: isAboutRule ? words : undefined }),
  };
}

function plan(args: IptablesArgs, { chain, rule }: State): Change<State> | null {
  const { program } = ruleArg(args);
  if (chain === null || rule === null)
    throw new TaskFailure(`the host has no ${program}`, "install the package iptables before");
  if (args.flush) return planFlush(args, chain);
  if (args.policy !== undefined) return planPolicy(args, chain, args.policy);
  if (rule !== undefined) return planRule(args, chain, rule);
  return args.state === "absent" ? planChainGone(args, chain) : planChain(args, chain);
}

type Known = NonNullable<RuleState>;

// One call of the program, which waits for others.
function call(args: IptablesArgs, action: string, words: readonly string[] = []): Script {
  const { program, table, chain = "" } = { ...ruleArg(args) };
  const wait = args.wait === undefined ? ["-w"] : ["-w", args.wait];
  return sh`${program} ${[...wait, "-t", table, action, chain, ...words]}`;
}

function change(
  args: IptablesArgs,
  after: State,
  steps: Step[],
  what: readonly [before: string | null, after: string | null],
): Change<State> {
  const title = `${ruleArg(args).program} -t ${args.table} ${args.chain}`;
  return { after, steps, diff: [fieldDiff(title, what[0], what[1])] };
}

// Removes all rules of a chain. An empty chain stays as it is, where Ansible
// reports a change each time.
function planFlush(args: IptablesArgs, chain: Known): Change<State> | null {
  if (!chain.chain) throw new TaskFailure(`there is no chain ${args.chain}`);
  if (chain.rules === 0) return null;
  const { program, table, chain: name } = ruleArg(args);
  const after = { ...chain, rules: 0 };
  return {
    ...change(
      args,
      { chain: after },
      [{ run: call(args, "-F") }],
      [`${chain.rules} rules`, "no rules"],
    ),
    also: [{ kind: "iptables", subject: JSON.stringify([program, table, name, FLUSHED]), after }],
  };
}

function planPolicy(args: IptablesArgs, chain: Known, policy: string): Change<State> | null {
  if (chain.policy === null) throw new TaskFailure("Can't detect current policy");
  if (chain.policy === policy) return null;
  return change(
    args,
    { chain: { ...chain, policy } },
    [{ run: call(args, "-P", [policy]), undo: call(args, "-P", [chain.policy]) }],
    [`policy ${chain.policy}`, `policy ${policy}`],
  );
}

// A chain without a rule goes, or comes.
function planChainGone(args: IptablesArgs, chain: Known): Change<State> | null {
  if (!chain.chain || !args.chain_management) return null;
  return change(
    args,
    { chain: { ...chain, chain: false, rules: 0 } },
    [{ run: call(args, "-X"), undo: call(args, "-N") }],
    ["a chain", null],
  );
}

function planChain(args: IptablesArgs, chain: Known): Change<State> | null {
  if (chain.chain || !args.chain_management) return null;
  return change(args, { chain: { ...chain, chain: true } }, [makeChain(args)], [null, "a chain"]);
}

function makeChain(args: IptablesArgs): Step {
  return { run: call(args, "-N"), undo: call(args, "-X") };
}

// Removes a rule, also where it is in the chain more than once.
function removeRule(args: IptablesArgs, words: readonly string[]): Script {
  const [remove, check] = [call(args, "-D", words), call(args, "-C", words)];
  return sh`${remove} && while ${check} >/dev/null 2>&1; do ${remove} || break; done`;
}

function planRule(args: IptablesArgs, chain: Known, rule: Known): Change<State> | null {
  const words = ruleWords(args);
  const isWanted = args.state === "present";
  if (rule.rule === isWanted) return null;
  const shown = words.join(" ");
  if (!isWanted)
    return change(
      args,
      {
        chain: { ...chain, rules: Math.max(0, chain.rules - 1) },
        rule: { ...rule, rule: false },
      },
      [{ run: removeRule(args, words), undo: call(args, "-A", words) }],
      [shown, null],
    );
  const makes = !chain.chain && args.chain_management;
  if (!chain.chain && !makes)
    throw new TaskFailure(
      `there is no chain ${args.chain} in the table ${args.table}`,
      "chain_management: true makes it",
    );
  const place = args.rule_num !== undefined && args.action === "insert" ? [args.rule_num] : [];
  const put = call(args, args.action === "insert" ? "-I" : "-A", [...place, ...words]);
  return change(
    args,
    { chain: { ...chain, chain: true, rules: chain.rules + 1 }, rule: { ...rule, rule: true } },
    [...(makes ? [makeChain(args)] : []), { run: put, undo: call(args, "-D", words) }],
    [null, shown],
  );
}
