/** Hosts that are done apart until the result of a command shows that they look at each other. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { call } from "./call.ts";

/** An ssh that leads to this machine: local connections share the controller's files, so that their hosts are together from the start. */
const SSH = `#!/bin/sh
for word; do case $word in -G|-V) PATH=\${PATH#*:}; exec ssh "$@" ;; esac; done
for word; do last=$word; done
exec sh -c "$last"
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
  writeFileSync(join(folder, "ssh"), SSH);
  chmodSync(join(folder, "ssh"), 0o755);
  writeFileSync(
    join(folder, "hosts"),
    `h[1:3] ansible_connection=openssh ansible_host=127.0.0.1\n`,
  );
});
beforeEach(() => {
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
});
afterEach(() => vi.unstubAllEnvs());
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SAY = "command: echo more, register: said";
const LEFT = (more: string): string =>
  `{name: keep, copy: {content: "${more}", dest: "${"FOLDER"}/of.{{ inventory_hostname }}"}}`;

test.each<[what: string, tasks: string[], more: string[], files: { [name: string]: string }]>([
  [
    "run_once in a file whose name a command prints",
    [`{name: say, ${SAY}}`, `include_tasks: "FOLDER/{{ said.stdout }}.yml"`],
    [`{name: once, shell: "echo x >> FOLDER/of.once", run_once: true}`],
    { "of.once": "x\n" },
  ],
  [
    "what a command printed on another host",
    [
      `{name: say, command: "echo {{ inventory_hostname }}", register: said}`,
      LEFT("{{ 'none' if said.stdout == 'h0' else hostvars['h3'].said.stdout }}"),
    ],
    [],
    { "of.h1": "h3", "of.h2": "h3", "of.h3": "h3" },
  ],
  [
    "what only one host looks at",
    [
      `{name: say, command: "echo {{ inventory_hostname }}", register: said}`,
      `{name: include, include_tasks: "FOLDER/more.yml", when: said.stdout == 'h2'}`,
      LEFT("done"),
    ],
    [`{name: other, copy: {content: "{{ hostvars['h3'].said.stdout }}", dest: "FOLDER/of.other"}}`],
    { "of.h1": "done", "of.h2": "done", "of.h3": "done", "of.other": "h3" },
  ],
])("%s is as if they had been together", async (_what, tasks, more, files) => {
  const lines = (items: string[], indent: string): string =>
    items.map((item) => `${indent}- ${item.replaceAll("FOLDER", folder)}\n`).join("");
  writeFileSync(join(folder, "more.yml"), lines(more, ""));
  const play = join(folder, "play.yml");
  writeFileSync(play, `- hosts: all\n  gather_facts: false\n  tasks:\n${lines(tasks, "    ")}`);
  const { code, said } = await call("apply", play, "-i", join(folder, "hosts"), "--yes");
  expect(said).not.toMatch(/cannot be determined/);
  expect(code, said).toBe(0);
  const made = readdirSync(folder).filter((name) => name.startsWith("of."));
  expect(
    Object.fromEntries(made.map((name) => [name, readFileSync(join(folder, name), "utf8")])),
  ).toEqual(files);
});
