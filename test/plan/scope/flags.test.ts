import { failureIn, shownLines } from "../../../src/plan/model/entry.ts";
import { describe, expect, test } from "vitest";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import { SPELLINGS } from "../../spellings.ts";
import { lines, testHost } from "../host.ts";

type Vars = { [name: string]: unknown };

// Plans a task `tell` of a play and answers whom it runs as, or what stopped it.
async function runsAs(playbook: string, vars: Vars, become = false): Promise<string | undefined> {
  const { run, session } = testHost(playbook, vars, { become });
  await run.plan();
  await (await session).close();
  const entry = run.walk!.entries.find(({ task }) => task === "tell")!;
  return failureIn(entry)?.message ?? entry.identity.user;
}

// A play whose task, or what is around it, becomes somebody as `how` says.
const PLACES: { [place: string]: (how: string) => string } = {
  play: (how) => `
- hosts: all
  gather_facts: false
  become: ${how}
  tasks: [{ name: tell, debug: { msg: hello } }]`,
  block: (how) => `
- hosts: all
  gather_facts: false
  tasks: [{ become: ${how}, block: [{ name: tell, debug: { msg: hello } }] }]`,
  task: (how) => `
- hosts: all
  gather_facts: false
  tasks: [{ name: tell, debug: { msg: hello }, become: ${how} }]`,
};
const PLAIN = PLACES["task"]!("false");

const refused = (name: string, written: unknown): string =>
  `"${name}" takes true or false, but here it is ${JSON.stringify(written)}`;
const user = (name: string, written: unknown, read: boolean | undefined): string => {
  if (read === undefined) return refused(name, written);
  return read ? "root" : "tester";
};

describe.each(Object.keys(PLACES))("become of a %s", (place) => {
  test.each(SPELLINGS)("that a variable says, %j", async (written, read) => {
    expect(await runsAs(PLACES[place]!('"{{ x }}"'), { x: written })).toBe(
      user("become", written, read),
    );
  });

  test.each(SPELLINGS)("as text, %j", async (written, read) => {
    const playbook = PLACES[place]!(JSON.stringify(written));
    if (read === undefined)
      expect(() =>
        loadPlaybook(playbook.slice(1), "/test/play.yml", {
          read: () => "",
          find: () => undefined,
        }),
      ).toThrow(/"become" takes true or false, but here it is/);
    else expect(await runsAs(playbook, {})).toBe(read ? "root" : "tester");
  });
});

describe("ansible_become", () => {
  test.each(SPELLINGS)("%j wins over the keyword", async (written, read) => {
    expect(await runsAs(PLAIN, { ansible_become: written })).toBe(
      user("ansible_become", written, read),
    );
  });

  test.each(SPELLINGS)("so does a template that gives %j", async (written, read) => {
    expect(await runsAs(PLAIN, { ansible_become: "{{ x }}", x: written })).toBe(
      user("ansible_become", written, read),
    );
  });

  test("nothing at all leaves it to the keyword, and that to the command line", async () => {
    expect(await runsAs(PLACES["task"]!("true"), { ansible_become: null })).toBe("root");
    expect(
      await runsAs(
        PLACES["task"]!('"{{ omit }}"'),
        { omit: "__omit_place_holder__hullwright" },
        true,
      ),
    ).toBe("root");
    expect(await runsAs(PLACES["task"]!("~"), {}, true)).toBe("tester");
  });
});

test("what is omitted is as what is around it says", async () => {
  const playbook = (around: string): string => `
- hosts: all
  gather_facts: false
  tasks:
    - become: ${around}
      become_user: daemon
      block: [{ name: tell, debug: { msg: hello }, become: "{{ omit }}", become_user: "{{ omit }}" }]`;
  const vars = { omit: "__omit_place_holder__hullwright" };
  expect(await runsAs(playbook("true"), vars)).toBe("daemon");
  expect(await runsAs(playbook("false"), vars)).toBe("tester");
});

/** The other keywords that are true or false: what the run comes to where they are true, and where they are false. */
const KEYWORDS: {
  keyword: string;
  playbook: (how: string) => string;
  whenTrue: string[];
  whenFalse: string[];
}[] = [
  {
    keyword: "ignore_errors",
    playbook: (how) => `
- hosts: all
  gather_facts: false
  tasks: [{ name: fail, fail: { msg: no }, ignore_errors: ${how} }, { name: tell, debug: { msg: hello } }]`,
    whenTrue: ["failed fail", "ok tell"],
    whenFalse: ["failed fail"],
  },
  {
    keyword: "check_mode",
    playbook: (how) => `
- hosts: all
  gather_facts: false
  tasks: [{ name: tell, command: echo hello, check_mode: ${how} }]`,
    whenTrue: ["skipped tell"],
    whenFalse: ["changed tell"],
  },
  {
    keyword: "force_handlers",
    playbook: (how) => `
- hosts: all
  gather_facts: false
  force_handlers: ${how}
  tasks: [{ name: change, command: echo hello, notify: handle }, { name: fail, fail: { msg: no } }]
  handlers: [{ name: handle, debug: { msg: hello } }]`,
    whenTrue: ["changed change", "failed fail", "ok handle"],
    whenFalse: ["changed change", "failed fail"],
  },
];

describe.each(KEYWORDS)("$keyword", ({ keyword, playbook, whenTrue, whenFalse }) => {
  const planned = async (how: string, vars: Vars): Promise<string[]> => {
    const { run, session } = testHost(
      playbook(how).replace("gather_facts", `vars: ${JSON.stringify(vars)}\n  gather_facts`),
      vars,
    );
    await run.plan();
    await (await session).close();
    return lines(run);
  };
  test.each(SPELLINGS.filter(([, read]) => read !== undefined))(
    "is as %j says",
    async (written, read) => {
      expect(await planned('"{{ x }}"', { x: written })).toEqual(read ? whenTrue : whenFalse);
      expect(await planned(JSON.stringify(written), {})).toEqual(read ? whenTrue : whenFalse);
    },
  );
  test.each(["maybe", ""])("refuses %j", async (written) => {
    const { run, session } = testHost(
      playbook('"{{ x }}"').replace(
        "gather_facts",
        `vars: ${JSON.stringify({ x: written })}\n  gather_facts`,
      ),
      { x: written },
    );
    const failure = await run.plan().then(
      () =>
        run
          .walk!.entries.map((entry) => failureIn(entry)?.message)
          .find((message) => message?.includes(keyword)),
      (error: Error) => error.message,
    );
    await (await session).close();
    expect(failure).toBe(refused(keyword, written));
  });
});

test.each(["no", "False", "off", "n"])(
  "a play whose gather_facts is a template that gives %j gathers none",
  async (written) => {
    const { run, session } = testHost(`
- hosts: all
  gather_facts: "{{ gather }}"
  vars: { gather: "${written}" }
  tasks: [{ name: tell, debug: { msg: "{{ ansible_system | default('none') }}" } }]`);
    await run.plan();
    await (await session).close();
    expect(shownLines(run.walk!.entries[0]!)).toBe("none");
  },
);

test.each(["n", "f", "no"])(
  "changed_when: %s is a variable, and no word for false",
  async (name) => {
    const { run, session } = testHost(
      `
- hosts: all
  gather_facts: false
  vars: { ${name}: true }
  tasks: [{ name: touch, command: echo hello, changed_when: "${name}" }]`.replace(
        "{ no:",
        '{ "no":',
      ),
    );
    await run.plan();
    await (await session).close();
    expect(lines(run)).toEqual(["changed touch"]);
  },
);
