/** What changes while the question stands is not overwritten, also behind a command. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Desk, noTerminal } from "./terminal.ts";

const desk =
  noTerminal === undefined ? new Desk({ hosts: "a ansible_connection=local\n" }) : undefined;
afterAll(() => desk?.close());

describe.skipIf(noTerminal)("while the question stands", () => {
  test("somebody else writes the file of a task behind a command: nothing is done", async () => {
    const { folder } = desk!;
    desk!.file(
      "site.yml",
      `- hosts: all
  gather_facts: false
  tasks:
    - {name: run, command: touch ${folder}/ran}
    - {name: write, copy: {content: mine, dest: ${folder}/conf}}
`,
    );
    const terminal = desk!.open("hullwright apply site.yml -i hosts", { rows: 60 });
    await terminal.shows(/is accepted:$/m);
    expect(terminal.text()).toMatch(/It is not known what "run" will change/);
    writeFileSync(join(folder, "conf"), "theirs");
    terminal.type("yes", "Enter");
    const { code, text } = await terminal.ends();
    expect(text.replaceAll(/\s+/g, " ")).toMatch(
      /the host has changed since it was shown: "write"/,
    );
    expect(code).toBe(2);
    expect(readFileSync(join(folder, "conf"), "utf8")).toBe("theirs");
    expect(() => readFileSync(join(folder, "ran"))).toThrow("ENOENT");
  });
});

describe.skipIf(noTerminal)("a question", () => {
  test("is not answered by what was typed before it was shown", async () => {
    const folder = desk!.folder;
    desk!.file(
      "ahead.yml",
      `- hosts: all\n  gather_facts: false\n  tasks: [{command: touch ${folder}/ahead}]\n`,
    );
    const terminal = desk!.open("sleep 1; hullwright apply ahead.yml -i hosts", { rows: 60 });
    terminal.type("yes", "Enter", "ye");
    await terminal.shows(/is accepted:$/m);
    terminal.type("s", "Enter");
    const { text } = await terminal.ends();
    expect(text).toContain("is accepted: s\nnothing was done");
    expect(() => readFileSync(join(folder, "ahead"))).toThrow("ENOENT");
  });
});

describe.skipIf(noTerminal)("the vault", () => {
  test("says what became of a file, and what a wrong password is called", async () => {
    desk!.file("secrets.yml", "a: b\n");
    const terminal = desk!.open(
      "hullwright vault encrypt secrets.yml; hullwright vault view secrets.yml -J",
    );
    for (const [shown, typed] of [
      [/^New vault password:$/m, "one"],
      [/^Confirm new vault password:$/m, "one"],
      [/^secrets\.yml: encrypted$[\s\S]*^Vault password:$/m, "two"],
    ] as const) {
      await terminal.shows(shown);
      terminal.type(typed, "Enter");
    }
    const { code, text } = await terminal.ends();
    expect(text.replaceAll(/\s+/g, " ")).toMatch(
      /none of the passwords decrypts this.*those with the label "default" were tried; check what was typed/,
    );
    expect(code).toBe(1);
  });
});
