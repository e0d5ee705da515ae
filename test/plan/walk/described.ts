import { LazyDict } from "../../../src/jinja/template.ts";
import type { Pass, Walk } from "../../../src/plan/model/state.ts";
import { noticeName } from "../../../src/plan/entry/notify.ts";
import type { Playbook } from "../../../src/playbook/play.ts";
import { handlersOf } from "../../../src/playbook/visit.ts";
import type { Probe } from "../../../src/probes/probe.ts";
import type { Seeded } from "../../jinja/seeded.ts";
import { Unknown, type Json } from "../../../src/value.ts";

// All that others see of a pass.
export function describePass({ walks, over, ends, coupled, added, once }: Pass): unknown {
  const known = [...walks].map(([name, walk]) => [name, describeWalk(walk)]);
  return {
    walks: Object.fromEntries(known) as object,
    ...(plain({ over, ends, coupled, added, once: [...once.keys()] }) as object),
  };
}

function describeWalk(walk: Walk): unknown {
  const { registered, madeFacts, loops, gathered, hasPendingChange, ended, stopped, cut } = walk;
  const { failed, clearedFailure, factsCleared, guessed, rescueDepth, suffix, play } = walk;
  const { missing, wanted, retry, notified, leftOver } = walk;
  const keys = [missing, wanted, retry, notified, leftOver].map((map) => [...map.keys()].sort());
  return {
    entries: walk.entries.map(plain),
    ...(plain({ registered, madeFacts, loops, gathered, hasPendingChange, keys }) as object),
    ...(plain({ ended, stopped, cut, failed: failed?.id, cleared: clearedFailure?.id }) as object),
    ...(plain({ factsCleared, guessed, rescueDepth, suffix, play }) as object),
  };
}

// A value as it can be compared: no class of ours, no function, places left out.
export function plain(value: unknown): unknown {
  if (value instanceof Unknown) return `unknown: ${value.why}`;
  if (value instanceof LazyDict) return "lazy";
  if (value instanceof Map) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => key !== "place" && part !== undefined)
      .map(([key, part]) => [key, key === "kind" ? "kind" : plain(part)]),
  );
}

// What a host answers.
export function answerTo({ kind }: Probe<unknown>, { plays }: Playbook, draw: Seeded): Json {
  const facts = { hostname: draw.pick(["lab", "home"]), os_family: "Debian" };
  switch (kind.name) {
    case "facts":
    case "basics":
      return facts;
    case "links":
      return {};
    case "cwd":
      return "/home/tester";
    case "command":
      return outputOf(draw);
    case "notices":
      return plays
        .flatMap((play) => handlersOf(play).map((handler) => noticeName(play, handler)))
        .filter(() => draw.chance(0.1))
        .map((name) => ({ name, task: "an earlier task", run: "" }));
    case "leave":
      return { writes: true, directory: "/", owns: true };
    case "path":
      return draw.chance(0.7)
        ? null
        : { type: "directory", mode: 0o755, owner: "root", group: "root", uid: 0, gid: 0 };
    default:
      return null;
  }
}

// What a command of a host came to.
export function outputOf(draw: Seeded): { code: number; stdout: string; stderr: string } {
  return { code: draw.chance(0.85) ? 0 : 2, stdout: draw.pick(["a", "b", "c"]), stderr: "" };
}
