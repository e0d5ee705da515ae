import { expect, test } from "vitest";
import { loadPlaybook } from "../../src/playbook/load.ts";

// The module and the arguments of the one task of a playbook.
function taskOf(task: string): unknown {
  const item = loadPlaybook(`- hosts: all\n  tasks:\n    - ${task}\n`, "site.yml", { read: () => "", find: () => undefined }).plays[0]!.sections[1]!.items[0]!;
  return item.kind === "task" ? [item.module.name, ...item.args.entries.map(({ key, value }) => `${String(key.value)}=${value.kind === "scalar" ? String(value.value) : ""}`)] : item.kind;
}

test.each([
  ["{action: debug msg=hello}", ["debug", "msg=hello"]], ["{action: shell echo a=b}", ["shell", "cmd=echo a=b"]], ["{action: ping}", ["ping"]],
  ["{action: {module: debug, msg: hello}}", ["debug", "msg=hello"]], ["{action: ansible.builtin.debug, args: {msg: x}}", ["debug", "msg=x"]],
])("%s", (task, said) => {
  expect(taskOf(task)).toEqual(said);
});

test.each([["{action: {msg: x}}", /does not say which "module"/], ["{action: [x]}", /action names a module/], ["{action: debugg}", /unknown module "debugg"/]])("refuses %s", (task, says) => {
  expect(() => taskOf(task)).toThrow(says);
});
