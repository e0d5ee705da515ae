import { expect, test } from "vitest";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";

// The module and the arguments of the one task of a playbook.
function taskOf(task: string): unknown {
  const item = loadPlaybook(`- hosts: all\n  tasks:\n    - ${task}\n`, "site.yml", {
    read: () => "",
    find: () => undefined,
  }).plays[0]!.sections[1]!.items[0]!;
  return item.kind === "task"
    ? [
        item.module.name,
        ...item.args.entries.map(
          ({ key, value }) =>
            `${String(key.value)}=${value.kind === "scalar" ? String(value.value) : ""}`,
        ),
      ]
    : item.kind;
}

test.each([
  ["{action: debug msg=hello}", ["debug", "msg=hello"]],
  ["{action: shell echo a=b}", ["shell", "cmd=echo a=b"]],
  ["{action: ping}", ["ping"]],
  ["{action: {module: debug, msg: hello}}", ["debug", "msg=hello"]],
  ["{action: ansible.builtin.debug, args: {msg: x}}", ["debug", "msg=x"]],
])("%s", (task, said) => {
  expect(taskOf(task)).toEqual(said);
});

test.each([
  "{local_action: command echo x}",
  "{local_action: {module: command, cmd: echo x}, delegate_to: other}",
])("%s is done on this machine", (task) => {
  expect(taskOf(task)).toEqual(["command", "cmd=echo x"]);
  const item = loadPlaybook(`- hosts: all\n  tasks:\n    - ${task}\n`, "site.yml", {
    read: () => "",
    find: () => undefined,
  }).plays[0]!.sections[1]!.items[0]!;
  expect(item.keywords.get("delegate_to")).toMatchObject({ value: "localhost" });
});

test.each([
  ["{local_action: {msg: x}}", /this local_action does not say/],
  ["{action: ping, local_action: ping}", /both name a module/],
  ["{action: {msg: x}}", /does not say which "module"/],
  ["{action: [x]}", /action names a module/],
  ["{action: debugg}", /unknown module "debugg"/],
])("refuses %s", (task, says) => {
  expect(() => taskOf(task)).toThrow(says);
});
