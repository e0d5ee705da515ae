import { shownLines } from "../../../src/plan/model/entry.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { walkFleet } from "../../../src/plan/walk/pass.ts";
import { lines, testHost } from "../host.ts";

/** What a play comes to on a real sh: its tasks, the vars, the plan and what apply makes of it. */
interface Case {
  name: string;
  tasks: string;
  handlers?: string;
  vars?: Record<string, unknown>;
  plan: string[];
  applied?: string[];
  tags?: string[];
  skipTags?: string[];
}

const cases: Case[] = [
  {
    name: "a read-only command is asked while planning, and decides what stands after it",
    tasks: `
    - {name: look, command: echo yes, register: out, changed_when: false}
    - {name: act, command: "true", when: out.stdout == 'yes'}
    - {name: rest, command: "true", when: out.stdout == 'no'}`,
    plan: ["ok look", "changed act", "skipped rest"],
    applied: ["ok look", "changed act", "skipped rest"],
  },
  {
    name: "a condition is false where one part of it is, whatever the others will be",
    tasks: `
    - {name: act, command: echo yes, register: out}
    - {name: never, command: "true", when: out.stdout == 'yes' and 1 == 2}
    - {name: perhaps, command: "true", when: out.stdout == 'yes' and 1 == 1}`,
    plan: ["changed act", "skipped never", "deferred perhaps"],
    applied: ["changed act", "skipped never", "changed perhaps"],
  },
  {
    name: "a read-only command after a change waits for apply",
    tasks: `
    - {name: act, command: "true"}
    - {name: look, command: echo yes, register: out, changed_when: false}
    - {name: then, command: "true", when: out.stdout == 'yes'}`,
    plan: ["changed act", "deferred look", "deferred then"],
    applied: ["changed act", "ok look", "changed then"],
  },
  {
    name: "a failure goes to rescue, and always is done in any case",
    tasks: `
    - block:
        - {name: bad, shell: "echo oh no >&2; exit 3"}
        - {name: never, command: "true"}
      rescue:
        - {name: mend, debug: {msg: "{{ ansible_failed_task.name }} {{ ansible_failed_result.rc }}"}}
      always:
        - {name: tidy, command: "true"}
    - {name: after, command: "true"}`,
    plan: ["changed bad", "changed never", "changed tidy", "changed after"],
    applied: ["failed bad", "ok mend", "changed tidy", "changed after"],
  },
  {
    name: "a rescue knows the whole loop that failed, and so do the tasks after it",
    tasks: `
    - block: [{name: bad, assert: {that: item == 'a'}, loop: [a, b, c]}]
      rescue: [{name: mend, debug: {msg: in the rescue}}]
    - name: after
      assert:
        that:
          - ansible_failed_task.name == 'bad'
          - ansible_failed_result.results | selectattr('failed') | map(attribute='item') | list == ['b', 'c']
          - ansible_failed_result.msg == 'One or more items failed'`,
    plan: ["ok bad [a]", "failed bad [b]", "failed bad [c]", "ok mend", "ok after"],
  },
  {
    name: "a question whose until never holds tells how often it was asked again",
    tasks: `
    - {name: vain, command: echo 1, register: r, changed_when: false, until: r.stdout == '2', retries: 2, delay: 0, ignore_errors: true}
    - {name: told, assert: {that: [r.attempts == 2, r is failed, r.stdout == '1']}}`,
    plan: ["deferred vain", "deferred told"],
    applied: ["failed vain", "ok told"],
  },
  {
    name: "what failed last is known in always, too",
    tasks: `
    - block:
        - block: [{name: one, fail: {msg: one}}]
          rescue: [{name: two, fail: {msg: two}}]
          always: [{name: tidy, assert: {that: ansible_failed_result.msg == 'two'}}]
      rescue: [{name: mend, assert: {that: ansible_failed_task.name == 'two'}}]`,
    plan: ["failed one", "failed two", "ok tidy", "ok mend"],
  },
  {
    name: "a failure that is known when planning goes to rescue in the plan too",
    tasks: `
    - block:
        - {name: bad, fail: {msg: known}}
        - {name: never, command: "true"}
      rescue:
        - {name: mend, command: "true"}`,
    plan: ["failed bad", "changed mend"],
    applied: ["failed bad", "changed mend"],
  },
  {
    name: "what is not supported is passed by where it is not to be done",
    tasks: `
    - {name: module, rpm_key: {key: x}, when: false}
    - {git: {repo: x, dest: /y}, when: 1 == 2}
    - {name: loop, community.general.ufw: {rule: "{{ item }}"}, loop: []}
    - {name: filter, debug: {msg: "{{ 1 | json_query(2) }}"}, when: false}
    - {name: half, debug: {msg: "{{ 1 | json_query(2) if false else 3 }}"}, when: true}
    - {name: parameter, uri: {url: "http://127.0.0.1/", dest: /x}, when: false}
    - {name: file, include_tasks: nothing.yml, when: false}
    - {name: after, debug: {msg: x}}
  handlers:
    - {name: never, firewalld: {state: enabled}}`,
    plan: [
      "skipped module",
      "skipped git",
      "skipped loop",
      "skipped filter",
      "ok half",
      "skipped parameter",
      "skipped file",
      "ok after",
    ],
  },
  {
    name: "what is not supported fails the host that comes to it, whatever ignores or rescues failures",
    tasks: `
    - block:
        - {name: module, rpm_key: {key: x}, when: true, ignore_errors: true}
      rescue:
        - {name: mend, debug: {msg: x}}
    - {name: after, debug: {msg: x}}`,
    plan: ["failed module"],
  },
  {
    name: "whether it is come to may be known only after apply",
    tasks: `
    - {name: act, command: echo yes, register: out}
    - {name: module, rpm_key: {key: x}, when: out.stdout == 'no'}
    - {name: filter, debug: {msg: "{{ 1 | json_query(2) }}"}, when: out.stdout == 'yes'}
    - {name: after, debug: {msg: x}}`,
    plan: ["changed act", "deferred module", "deferred filter", "ok after"],
    applied: ["changed act", "skipped module", "failed filter"],
  },
  {
    name: "async work that is polled is waited for; none goes on by itself",
    tasks: `
    - {name: polled, command: echo done, async: 60, poll: "{{ seconds | default(5) }}", register: out}
    - {name: after, command: "true", when: out.stdout == 'done'}
    - {name: passed, command: sleep 9, async: 60, poll: 0, when: false}
    - {name: alone, command: sleep 9, async: 60, poll: "{{ none | default(0) }}"}`,
    plan: ["changed polled", "deferred after", "skipped passed", "failed alone"],
  },
  {
    name: "a failure ends the host's part, unless it is ignored",
    tasks: `
    - {name: one, command: "false", ignore_errors: true}
    - {name: two, command: "false"}
    - {name: three, command: "true"}`,
    plan: ["changed one", "changed two", "changed three"],
    applied: ["failed one", "failed two"],
  },
  {
    name: "failed_when and changed_when judge what a command did",
    tasks: `
    - {name: fine, shell: "exit 3", register: a, failed_when: a.rc != 3}
    - {name: same, shell: echo unchanged, register: b, changed_when: "'unchanged' not in b.stdout"}
    - {name: bad, shell: echo ERROR, register: c, failed_when: "'ERROR' in c.stdout"}`,
    plan: ["changed fine", "changed same", "changed bad"],
    applied: ["changed fine", "ok same", "failed bad"],
  },
  {
    name: "a loop plans each item, and register holds them all",
    tasks: `
    - {name: each, shell: "echo {{ item }}", loop: [a, b], register: out}
    - {name: tell, debug: {msg: "{{ out.results | map(attribute='stdout') | join(',') }}"}}`,
    plan: ["changed each [a]", "changed each [b]", "deferred tell"],
    applied: ["changed each [a]", "changed each [b]", "ok tell"],
  },
  {
    name: "a label that is known only after apply stops nothing",
    tasks: `
    - {name: act, command: echo word, register: out}
    - {name: each, debug: {msg: "{{ item }}"}, loop: [a], loop_control: {label: "{{ item }} {{ out.stdout }}"}}
    - {name: none, command: "true", loop: [a], when: false, loop_control: {label: "{{ out.stdout }}"}}`,
    plan: ["changed act", "ok each [(known after apply)]", "skipped none [(known after apply)]"],
    applied: ["changed act", "ok each [a word]", "skipped none [word]"],
  },
  {
    name: "a loop_control that is known only after apply defers its task, and one that is wrong fails it",
    tasks: `
    - {name: act, command: echo 0, register: out}
    - {name: each, debug: {msg: "{{ item }}"}, loop: [a], loop_control: {pause: "{{ out.stdout }}"}}
    - {name: label, debug: {msg: x}, loop: [a], loop_control: {label: "{{ nope }}"}, ignore_errors: true}`,
    plan: ["changed act", "deferred each", "failed label [a]"],
    applied: ["changed act", "ok each [a]", "failed label [a]"],
  },
  {
    name: "a handler runs once, after the tasks, if a task that changed notified it",
    tasks: `
    - {name: one, command: "true", notify: restart}
    - {name: two, command: "true", notify: [restart, topic]}
    - {name: quiet, command: "true", changed_when: false, notify: unused}
    - {name: last, command: "true"}`,
    handlers: `
    - {name: unused, command: "true"}
    - {name: restart, command: "true"}
    - {name: other, command: "true", listen: topic}`,
    plan: [
      "changed one",
      "changed two",
      "deferred quiet",
      "changed last",
      "changed restart",
      "changed other",
    ],
    applied: [
      "changed one",
      "changed two",
      "ok quiet",
      "changed last",
      "changed restart",
      "changed other",
    ],
  },
  {
    name: "a handler that only looks is no change, and one that fails fails the host",
    tasks: `
    - {name: one, command: "true", notify: [tell, check, never]}`,
    handlers: `
    - {name: tell, debug: {msg: "{{ item }}"}, loop: [a, b]}
    - {name: check, assert: {that: 1 > 2}}
    - {name: never, command: "true"}`,
    plan: ["changed one", "ok tell [a]", "ok tell [b]", "failed check"],
    applied: ["changed one", "ok tell [a]", "ok tell [b]", "failed check"],
  },
  {
    name: "ansible_facts is there, and empty, before facts are gathered",
    tasks: `
    - {name: check, assert: {that: ["ansible_facts == {}", hostvars.here.ansible_facts == ansible_facts]}}
    - {name: some, set_fact: {colour: red, cacheable: true}}
    - {name: then, assert: {that: ansible_facts.colour == 'red'}}`,
    plan: ["ok check", "ok some", "ok then"],
  },
  {
    name: "set_fact renders the names that it sets",
    tasks: `
    - {name: set, set_fact: {"{{ item }}_port": "{{ item }}!"}, loop: [web, db]}
    - {name: text, set_fact: "a_{{ 'b' }}={{ web_port }}"}
    - {name: check, assert: {that: "[web_port, db_port, a_b] == ['web!', 'db!', 'web!']"}}`,
    plan: ["ok set [web]", "ok set [db]", "ok text", "ok check"],
  },
  {
    name: "a loop of set_fact adds up, turn by turn",
    tasks: `
    - {name: add, set_fact: {sum: "{{ sum | default([]) + [item * 2] }}"}, loop: [1, 2, 3]}
    - {name: check, assert: {that: "sum == [2, 4, 6]"}}`,
    plan: ["ok add [1]", "ok add [2]", "ok add [3]", "ok check"],
  },
  {
    name: "meta: flush_handlers runs them in the midst, meta: end_host ends the host's part",
    tasks: `
    - {name: one, command: "true", notify: restart}
    - meta: flush_handlers
    - {name: two, command: "true"}
    - meta: end_host
    - {name: three, command: "true"}`,
    handlers: `
    - {name: restart, command: "true"}`,
    plan: ["changed one", "ok meta", "changed restart", "changed two", "ok meta"],
    applied: ["changed one", "ok meta", "changed restart", "changed two", "ok meta"],
  },
  {
    name: "set_fact, assert and templates in names see what came before",
    tasks: `
    - {name: "set {{ who }}", set_fact: {greeting: "hi {{ who }}", n: 3}}
    - {name: check, assert: {that: [greeting == 'hi ho', n > 2]}}
    - {name: wrong, assert: {that: n > 3, fail_msg: "n is {{ n }}"}}`,
    vars: { who: "ho" },
    plan: ["ok set ho", "ok check", "failed wrong"],
  },
  {
    name: "tags choose tasks; always and never keep their meaning",
    tasks: `
    - {name: a, command: "true", tags: x}
    - {name: b, command: "true", tags: [y, z]}
    - {name: c, command: "true"}
    - {name: d, command: "true", tags: always}
    - {name: e, command: "true", tags: [never, x2]}
    - block:
        - {name: f, command: "true"}
      tags: x`,
    tags: ["x"],
    plan: ["changed a", "changed d", "changed f"],
  },
  {
    name: "skip-tags leaves tasks out",
    tasks: `
    - {name: a, command: "true", tags: x}
    - {name: c, command: "true"}`,
    skipTags: ["x"],
    plan: ["changed c"],
  },
  {
    name: "check_mode: true is planned and shown, but never done; of a command nobody knows what it would do",
    tasks: `
    - {name: dry, file: {path: /no/such/folder, state: directory}, check_mode: true}
    - {name: command, command: "false", check_mode: true, register: c}
    - {name: told, assert: {that: [c is skipped, c is not changed]}}`,
    plan: ["changed dry", "skipped command", "ok told"],
    applied: ["changed dry", "skipped command", "ok told"],
  },
  {
    name: "a command with check_mode: true is a change where creates or removes says so, and is not run",
    tasks: `
    - {name: needed, command: touch /no, args: {creates: "{{ file }}"}, check_mode: true, register: a}
    - {name: needed shell, shell: touch /no, args: {removes: /}, check_mode: true, register: b}
    - {name: needless, command: touch /no, args: {creates: /}, check_mode: true, register: c}
    - {name: raw, raw: touch /no, check_mode: true, register: d}
    - name: told
      assert:
        that:
          - a is changed and a is not skipped and a.msg == "Command would have run if not in check mode"
          - b is changed and b.rc == 0 and b.stdout == ""
          - c is not changed and c is not skipped and c.msg == "Would not run command since '/' exists"
          - d is skipped`,
    plan: ["changed needed", "changed needed shell", "ok needless", "skipped raw", "ok told"],
    applied: ["changed needed", "changed needed shell", "ok needless", "skipped raw", "ok told"],
  },
  {
    name: "a command whose directory is not there fails also where it would not run",
    tasks: `
    - {name: checked, command: touch no, args: {chdir: "{{ file }}"}, check_mode: true, register: a, ignore_errors: true}
    - {name: needless, shell: touch no, args: {chdir: "{{ file }}", creates: /}, register: b, ignore_errors: true}
    - name: told
      assert:
        that: [a is failed, a.rc is none, b is failed, "'[Errno 2]' in b.msg"]`,
    plan: ["failed checked", "failed needless", "ok told"],
    applied: ["failed checked", "failed needless", "ok told"],
  },
  {
    name: "what cannot be while a command may still bring it about is known after apply",
    tasks: `
    - {name: bring, shell: "echo x > {{ file }}"}
    - {name: there, file: {path: "{{ file }}", state: file}}
    - {name: gone, file: {path: "{{ file }}", state: absent}}`,
    plan: ["changed bring", "deferred there", "ok gone"],
    applied: ["changed bring", "ok there", "changed gone"],
  },
  {
    name: "until runs a command again until it holds, and puts a question again",
    tasks: `
    - {name: count, shell: "echo x >> {{ file }}; wc -l < {{ file }}", register: a, until: a.stdout | int >= 3, retries: 5, delay: 0}
    - {name: look, shell: "echo x >> {{ file }}; wc -l < {{ file }}", register: b, until: b.stdout | int >= 6, retries: 5, delay: 0, changed_when: false}
    - {name: tell, assert: {that: [a.stdout == '3', b.stdout == '6']}}
    - {name: vain, command: "false", register: c, until: c.rc == 0, retries: 1, delay: 0}`,
    plan: ["changed count", "deferred look", "deferred tell", "changed vain"],
    applied: ["changed count", "ok look", "ok tell", "failed vain"],
  },
  {
    name: "check_mode: true registers what is known without doing it, and skips what Ansible does not check",
    tasks: `
    - {name: get, get_url: {url: "http://127.0.0.1:1/x", dest: /hw-none, checksum: "sha256:{{ 'a' * 64 }}"}, check_mode: true, register: a, ignore_errors: true}
    - {name: wait, wait_for: {path: /hw-none, timeout: 600}, check_mode: true, register: b}
    - {name: temporary, tempfile: {}, check_mode: true, register: c}
    - {name: told, assert: {that: [a is failed, a.status_code is not defined, b is skipped, c is skipped, "'check mode' in c.msg", c.path is not defined]}}`,
    plan: ["failed get", "skipped wait", "skipped temporary", "ok told"],
    applied: ["failed get", "skipped wait", "skipped temporary", "ok told"],
  },
  {
    name: "tries are registered as Ansible counts them, also of what fails before it is done",
    tasks: `
    - {name: absent, file: {path: /hw-none, state: file}, register: a, until: a is succeeded, retries: 2, delay: 0, ignore_errors: true}
    - {name: wanted, file: {path: /hw-none, state: file}, register: b, until: b is failed, retries: 2, delay: 0, ignore_errors: true}
    - {name: command, command: "false", register: c, until: c is succeeded, retries: 1, delay: 0, ignore_errors: true}
    - {name: told, assert: {that: [a.attempts == 2, b.attempts == 1, c.attempts == 1]}}`,
    plan: ["failed absent", "failed wanted", "changed command", "deferred told"],
    applied: ["failed absent", "failed wanted", "failed command", "ok told"],
  },
  {
    name: "values of environment are written as Python writes them",
    tasks: `
    - {name: env, shell: 'echo "$A $B $C $D"', environment: {A: true, B: null, C: 1.0, D: [1, x]}, register: out, changed_when: false}
    - {name: told, assert: {that: 'out.stdout == "True None 1.0 [1, ''x'']"'}}`,
    plan: ["ok env", "ok told"],
  },
  {
    name: "variables of environment stand in paths, HOME in homes too",
    tasks: `
    - {name: home, stat: {path: ~/x}, register: a, environment: &env {HOME: /no/home, DATA: data}}
    - {name: file, file: {path: ~/x, state: absent}, register: b, environment: *env}
    - {name: variable, file: {path: "/$DATA/\${DATA}x", state: absent}, register: c, environment: *env}
    - {name: told, assert: {that: [not a.stat.exists, b.path == '/no/home/x', c.path == '/data/datax']}}`,
    plan: ["ok home", "ok file", "ok variable", "ok told"],
  },
  {
    name: "of a list of environments the later wins",
    tasks: `
    - {name: env, shell: 'echo "$A $B"', environment: [{A: 1, B: 1}, {B: 2}], register: out, changed_when: false}
    - {name: told, debug: {msg: x}, when: out.stdout == '1 2'}`,
    plan: ["ok env", "ok told"],
  },
  {
    name: "a failed assert tells which assertion, and a variable that is not there is printed as that",
    tasks: `
    - {name: bad, assert: {that: [1 == 1, 1 == 2], fail_msg: [one, two]}, ignore_errors: true, register: r}
    - {name: told, debug: {msg: x}, when: "r.assertion == '1 == 2' and not r.evaluated_to and r.msg == ['one', 'two']"}
    - {name: undefined, debug: {var: nope}, register: d}
    - {name: said, debug: {msg: x}, when: d.nope == 'VARIABLE IS NOT DEFINED!'}`,
    plan: ["failed bad", "ok told", "ok undefined", "ok said"],
  },
  {
    name: "null is a value: it is what debug and fail were told to say, and a switch that is off",
    tasks: `
    - {name: one, debug: {msg: null}, register: a}
    - {name: two, debug: {msg: "{{ nothing }}"}, register: b}
    - {name: three, fail: {msg: null}, ignore_errors: true, register: c}
    - {name: four, fail: {msg: [d, e]}, ignore_errors: true, register: d}
    - {name: five, debug: {}, register: e}
    - {name: six, shell: {cmd: "printf 'a\\n\\n'", strip_empty_ends: null}, changed_when: false, register: f}
    - name: all
      assert:
        that: "a.msg is none and b.msg is none and c.msg is none and d.msg == ['d', 'e'] and e.msg == 'Hello world!' and f.stdout_lines == ['a', '']"`,
    vars: { nothing: null },
    plan: ["ok one", "ok two", "failed three", "failed four", "ok five", "ok six", "ok all"],
  },
  {
    name: "a command that is needless says why in Ansible's words",
    tasks: `
    - {name: act, command: {cmd: "true", removes: /no/such}, register: r}
    - {name: told, debug: {msg: x}, when: r.msg == "Did not run command since '/no/such' does not exist"}`,
    plan: ["ok act", "ok told"],
  },
  {
    name: "environment reaches the command, stdin too",
    tasks: `
    - {name: env, shell: 'echo "$GREETING"; cat', args: {stdin: there}, environment: {GREETING: "it's me"}, register: out, changed_when: false}
    - {name: tell, debug: {msg: "{{ out.stdout_lines }}"}}`,
    plan: ["ok env", "ok tell"],
  },
];

// The play of a case.
function playOf({ tasks, handlers }: Case): string {
  return `- hosts: all\n  gather_facts: false\n  tasks:${tasks}\n${handlers ? `  handlers:${handlers}\n` : ""}`;
}

test.each(cases)("$name", async (one) => {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-"));
  const { run, session } = testHost(
    playOf(one),
    { file: join(folder, "count"), ...one.vars },
    { tags: one.tags ?? [], skipTags: one.skipTags ?? [] },
  );
  await run.plan();
  expect(run.broken).toBeUndefined();
  expect(lines(run)).toEqual(one.plan);
  if (one.applied) {
    await run.apply(0, () => {});
    expect(run.broken).toBeUndefined();
    expect(lines(run)).toEqual(one.applied);
  }
  await (await session).close();
  rmSync(folder, { recursive: true });
});

test("planning twice with the same knowledge gives the same plan: the walk is pure", () => {
  const { run } = testHost(playOf(cases[0]!));
  const walk = (): { walk: unknown } => ({
    walk: walkFleet(run, run.host.playbook, [run.host.name]).walks.get(run.host.name),
  });
  const first = walk();
  expect(lines(walk() as never)).toEqual(lines(first as never));
  expect(run.known.answers.size).toBe(0);
});

/** What `debug` shows for each form of `var`. */
const shown: [name: string, given: string, shows: unknown][] = [
  ["a name", "a.b", { "a.b": [1, "two"] }],
  ["an expression", '"a.b | length"', { "a.b | length": 2 }],
  ["nothing of that name", "nope", { nope: "VARIABLE IS NOT DEFINED!" }],
  ["a template that gives a name", '"{{ word }}"', { a: { b: [1, "two"] } }],
  ["a template that gives a value", '"{{ a }}"', { "<class 'dict'>": "VARIABLE IS NOT DEFINED!" }],
  ["a template that gives a number", '"{{ a.b[0] }}"', { 1: "VARIABLE IS NOT DEFINED!" }],
  [
    "a template that gives text that is no name",
    '"{{ word }} or b"',
    { "a or b": { b: [1, "two"] } },
  ],
];

test.each(shown)("debug of %s shows what Ansible shows", async (_name, given, shows) => {
  const { run } = testHost(
    `- hosts: all\n  gather_facts: false\n  vars: { word: a, a: { b: [1, two] } }\n  tasks: [{ debug: { var: ${given} } }]`,
  );
  await run.plan();
  expect(JSON.parse(shownLines(run.walk!.entries[0]!)!)).toEqual(shows);
});

test("debug is skipped where the run shall say less", async () => {
  const { run } = testHost(
    "- hosts: all\n  gather_facts: false\n  tasks: [{ name: much, debug: { var: nope + 1, verbosity: 2 } }]",
  );
  await run.plan();
  expect(lines(run)).toEqual(["skipped much"]);
});

test("a no_log that is a template hides what it says, also while nobody knows it", async () => {
  const { run } = testHost(
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - {name: act, command: "true", register: r}\n    - {name: hidden, debug: {msg: x}, no_log: "{{ yes_please }}"}\n    - {name: perhaps, debug: {msg: x}, no_log: "{{ r.rc == 0 }}"}\n    - {name: open, debug: {msg: x}, no_log: "{{ not yes_please }}"}',
    { yes_please: true },
  );
  await run.plan();
  expect(run.walk!.entries.map((one) => [one.task, one.noLog, shownLines(one)])).toEqual([
    ["act", false, undefined],
    ["hidden", true, undefined],
    ["perhaps", true, undefined],
    ["open", false, "x"],
  ]);
});

test("a check_mode that is a template is heeded", async () => {
  const { run } = testHost(
    '- hosts: all\n  gather_facts: false\n  tasks: [{name: act, command: "true", check_mode: "{{ only_look }}"}]',
    { only_look: true },
  );
  await run.plan();
  expect(lines(run)).toEqual(["skipped act"]);
});

test.each([
  [
    "an until that cannot be decided",
    "until: out.nothing.deeper == 1",
    ["failed act", "ok goes on"],
  ],
  ["a throttle that is no number", 'throttle: "{{ word }}"', ["failed act", "ok goes on"]],
  [
    "a run_once of what is not there",
    'run_once: "{{ word.nothing.deeper }}"',
    ["failed act", "ok goes on"],
  ],
])("%s fails the task and not the run", async (_name, keyword, applied) => {
  const { run } = testHost(
    `- hosts: all\n  gather_facts: false\n  vars: { word: many }\n  tasks:\n    - block: [{name: act, command: "true", register: out, ${keyword}}]\n      rescue: [{name: goes on, debug: }]`,
  );
  await run.plan();
  await run.apply(0, () => {});
  expect(lines(run)).toEqual(applied);
});
