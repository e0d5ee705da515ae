import { Seeded } from "../../jinja/seeded.ts";

/** A random run: a playbook with the files that its includes name, and its hosts. */
export interface RandomRun {
  plays: object[];
  files: { [path: string]: object[] };
  hosts: string[];
}

const FILES = ["one.yml", "two.yml", "three.yml"];
const HANDLERS = ["handler 0", "handler 1", "handler 2", "topic"];

/** What tasks make known, and what others look at. */
const NAMES = ["r0", "r1", "r2", "x0", "x1"];

/** Conditions, of which some are false, some are known after a command ran, and some ask for facts or other hosts. */
const CONDITIONS = [
  "true",
  "false",
  "(r0 | default({})).rc | default(0) == 0",
  "(r1 | default({})).changed | default(false)",
  "(r2 | default({})) is failed",
  "x0 | default('a') == 'a'",
  "'b' in x1 | default('a') | string",
  "ansible_hostname == 'lab'",
  "inventory_hostname != 'b'",
  "hostvars['a'].x0 | default('none') != 'none'",
  "ansible_play_hosts | length > 1",
];

/** What variables are set to. */
const VALUES = [
  "a",
  "{{ (r0 | default({})).stdout | default('a') }}",
  "{{ x1 | default('b') }}",
  "{{ ansible_hostname }}",
  "{{ hostvars['b'].x1 | default('none') }}",
  "{{ (r2 | default({})).results | default([]) | length }}",
];

// Draws a run: mostly of one host, else of three that look at each other.
export function randomRun(seed: number): RandomRun {
  const draw = new Seeded(seed);
  const hosts = draw.chance(0.6) ? ["a"] : ["a", "b", "c"];
  const drawing = new Drawing(draw, hosts.length > 1);
  const files = Object.fromEntries(
    FILES.map((name, level) => [`/test/${name}`, drawing.tasks(3, 2, level)]),
  );
  const plays = Array.from({ length: 1 + Math.floor(draw.random() * 2) }, () => drawing.play());
  return { plays, files, hosts };
}

/** Draws the parts of a playbook; tasks are numbered, so that a failure can be found. */
class Drawing {
  private readonly draw: Seeded;
  private readonly isFleet: boolean;
  private count = 0;
  /** What tasks may notify; those of files not the handler that brings files, lest it goes on for ever. */
  private handlers = HANDLERS.filter((name) => name !== "handler 2");

  constructor(draw: Seeded, isFleet: boolean) {
    this.draw = draw;
    this.isFleet = isFleet;
  }

  play(): object {
    const { draw } = this;
    this.handlers = HANDLERS;
    return {
      hosts: "all",
      gather_facts: draw.chance(0.5),
      ...this.sometimes(0.2, { force_handlers: true }),
      ...this.sometimes(this.isFleet ? 0.2 : 0, { serial: draw.pick([1, 2, [1, 2]]) }),
      ...this.sometimes(this.isFleet ? 0.1 : 0, { any_errors_fatal: true }),
      ...this.sometimes(this.isFleet ? 0.1 : 0, { max_fail_percentage: 40 }),
      ...this.sometimes(0.3, { pre_tasks: this.tasks(3, 1) }),
      tasks: this.tasks(8, 0),
      ...this.sometimes(0.2, { post_tasks: this.tasks(3, 1) }),
      handlers: [0, 1].map((number) => this.handler(number)).concat(this.including(2)),
    };
  }

  // Some tasks; includes only name files of a higher level, so that none goes in a circle.
  tasks(most: number, depth: number, level = -1): object[] {
    return [this.task(depth, level), ...this.draw.several(most - 1, () => this.task(depth, level))];
  }

  private handler(number: number): object {
    const { name: _name, ...task } = this.single() as { name: string };
    const listen = this.sometimes(number === 0 ? 1 : 0.4, { listen: "topic" });
    return { name: `handler ${number}`, ...task, ...listen };
  }

  private including(number: number): object {
    return { name: `handler ${number}`, include_tasks: this.draw.pick(FILES) };
  }

  private task(depth: number, level: number): object {
    const { draw } = this;
    if (depth < 3 && draw.chance(0.15)) return this.block(depth + 1, level);
    if (level < FILES.length - 1 && draw.chance(0.12)) return this.include(level);
    return this.single();
  }

  private block(depth: number, level: number): object {
    return {
      block: this.tasks(3, depth, level),
      ...this.sometimes(0.5, { rescue: this.tasks(2, depth, level) }),
      ...this.sometimes(0.4, { always: this.tasks(2, depth, level) }),
      ...this.condition(),
      ...this.sometimes(0.2, { vars: { x0: "block" } }),
    };
  }

  private include(level: number): object {
    const files = FILES.slice(level + 1);
    const file = this.draw.pick(files);
    const isLoop = this.draw.chance(0.3);
    return {
      name: `t${this.count++}`,
      include_tasks: isLoop ? "{{ item }}" : file,
      ...(isLoop && { loop: [file, this.draw.pick(files)] }),
      ...this.condition(),
      ...this.sometimes(this.isFleet ? 0.1 : 0, { run_once: true }),
    };
  }

  private single(): object {
    const { draw } = this;
    return {
      name: `t${this.count++}`,
      ...draw.pick(this.kinds)(),
      ...this.condition(),
      ...this.sometimes(0.2, { ignore_errors: true }),
      ...this.sometimes(0.3, { notify: draw.pick(this.handlers) }),
      ...this.sometimes(0.1, { check_mode: true }),
      ...(this.isFleet && this.together()),
    };
  }

  private together(): object {
    return {
      ...this.sometimes(0.1, { delegate_to: this.draw.pick(["a", "b", "other"]) }),
      ...this.sometimes(0.1, { run_once: true }),
      ...this.sometimes(0.05, { throttle: 1 }),
    };
  }

  private readonly kinds: readonly (() => object)[] = [
    () => this.command(),
    () => this.command(),
    () => this.command(),
    () => ({ command: "look", changed_when: false, ...this.register() }),
    () => ({ set_fact: { [this.draw.pick(["x0", "x1"])]: this.draw.pick(VALUES) } }),
    () => ({ set_fact: { x1: "{{ item }}" }, ...this.loop() }),
    () => ({ debug: { msg: this.draw.pick(VALUES) }, ...this.register() }),
    () => ({ debug: { msg: "{{ item }}" }, ...this.loop(), ...this.register() }),
    () => ({ file: { path: `/made/${this.draw.pick(["p", "p/q", "s"])}`, state: "directory" } }),
    () => ({ copy: { content: this.draw.pick(VALUES), dest: "/made/file" }, ...this.register() }),
    () => ({ fail: { msg: "failed" } }),
    () => ({ assert: { that: [this.draw.pick(CONDITIONS)] } }),
    () => ({ meta: this.draw.pick(METAS) }),
    () => (this.draw.chance(0.3) ? { wait_for_connection: {} } : this.command()),
    () => (this.draw.chance(0.3) ? { group_by: { key: this.draw.pick(VALUES) } } : this.command()),
  ];

  private command(): object {
    const { draw } = this;
    return {
      command: draw.pick(["do", "do {{ x0 | default('') }}", "do {{ inventory_hostname }}"]),
      ...this.register(),
      ...this.sometimes(0.2, { args: { creates: "/made/by" } }),
      ...this.sometimes(0.2, { changed_when: draw.pick(CONDITIONS) }),
      ...this.sometimes(0.2, { failed_when: draw.pick(CONDITIONS) }),
      ...this.sometimes(0.1, { register: "r0", until: "r0.rc == 0", retries: 2, delay: 0 }),
      ...(draw.chance(0.15) && this.loop()),
    };
  }

  private register(): object {
    return this.sometimes(0.7, { register: this.draw.pick(NAMES.slice(0, 3)) });
  }

  private loop(): object {
    const loops = [
      ["k", "l"],
      "{{ (r2 | default({})).results | default(['m']) }}",
      "{{ [x0 | default('n'), 'o'] }}",
    ];
    return { loop: this.draw.pick<unknown>(loops) };
  }

  private condition(): object {
    return this.sometimes(0.35, { when: this.draw.pick(CONDITIONS) });
  }

  private sometimes(share: number, keywords: object): object {
    return this.draw.chance(share) ? keywords : {};
  }
}

/** Rare ones that end something, and the common one. */
const METAS = [
  "flush_handlers",
  "flush_handlers",
  "flush_handlers",
  "clear_facts",
  "clear_host_errors",
  "end_host",
  "end_play",
  "end_batch",
];
