import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { FleetRun } from "../../src/run/fleet-run.ts";
import { HostRun } from "../../src/run/host-run.ts";
import type { HostRunOptions } from "../../src/run/machine.ts";
import { standardEnvironment } from "../../src/jinja/template.ts";
import { shownOf } from "../../src/plan/shown.ts";
import type { Entry, StepState } from "../../src/plan/model/entry.ts";
import type { Fleet, InventoryView } from "../../src/plan/model/fleet.ts";
import type { Layer } from "../../src/plan/model/variables.ts";
import type { ControllerFiles } from "../../src/controller/files.ts";
import { GeneratedFiles } from "../../src/controller/generated-files.ts";
import { loadPlaybook, type PlaybookFiles } from "../../src/playbook/load/load.ts";
import { createTransport } from "../../src/transport/connect.ts";
import { nodeOf } from "../../src/yaml/data.ts";
import type { Session } from "../../src/transport/transport.ts";
import type { OpenSession } from "../../src/plan/model/session.ts";
import type { WalkOptions, Host } from "../../src/plan/model/host.ts";

// Our own folder on the "host" is one of this test file alone, so that test files do not lock each other out.
const home = mkdtempSync(join(tmpdir(), "hullwright-home-"));
process.env["HOME"] = home;
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** No files on the controller: for playbooks that need none. */
export const noFiles: ControllerFiles = {
  find: () => undefined,
  loaded: () => undefined,
  load: async () => {},
  expected: () => undefined,
  expect: () => {},
  isExpecting: false,
  expectNothing: () => {},
  expectMany: () => {},
  forget: () => {},
  generated: new GeneratedFiles(),
} as unknown as ControllerFiles;

/** A host that is alone in its run: in the group `all`, in every play. */
export class TestRun extends HostRun implements Fleet {
  readonly size = 1;
  readonly extra: Layer = {};
  readonly env = standardEnvironment();
  readonly variables: Layer;
  private readonly alone: FleetRun;

  constructor(host: Host, variables: Layer, session: OpenSession, options: HostRunOptions) {
    super(host, session, options);
    this.variables = variables;
    this.alone = new FleetRun(
      [this],
      { fleet: this, playbook: host.playbook, forks: 1 },
      () => this,
    );
  }

  view(): InventoryView {
    const names = [this.host.name];
    return {
      hosts: new Set(names),
      groups: { all: names },
      hostsOf: () => names,
      choose: () => names,
      isIn: () => true,
      groupNames: () => [],
      isChild: () => false,
      variables: () => this.variables,
      member: () => this,
    };
  }

  async plan(): Promise<void> {
    await this.alone.plan();
  }

  // What is planned now was shown, and somebody agreed to it.
  bind(): void {
    this.shown = shownOf(this.walk?.entries ?? []);
  }

  // Looks again at what was shown some time ago, as apply does after its question.
  async lookAgain(): Promise<void> {
    await this.alone.lookAgain();
  }

  async apply(play: number, onProgress: (entry: Entry, state: StepState) => void): Promise<void> {
    await this.alone.apply(play, (event) => {
      if (event.kind === "step") onProgress(event.entry, event.state);
    });
  }
}

/** A host of a test: a playbook's text and variables, asked on this machine through a real sh. */
export function testHost(
  playbook: string,
  vars: Record<string, unknown> = {},
  options: Partial<WalkOptions> = {},
  disk: Record<string, string> = {},
  files: ControllerFiles = noFiles,
  at: { file?: string; isLocal?: boolean; login?: string } = {},
): { run: TestRun; session: Promise<Session> } {
  const text = playbook.replaceAll(/^\n|\n\s*$/g, "");
  const book = loadPlaybook(text, at.file ?? "/test/play.yml", playbookFiles(disk));
  const values = new Map(
    Object.entries(vars).map(([name, value]) => [name, nodeOf(value, "vars")]),
  );
  const host: Host = {
    name: "here",
    login: at.login ?? "tester",
    isLocal: at.isLocal ?? true,
    playbook: book,
    extra: {},
    magicVariables: {},
    options: { tags: [], skipTags: [], checkMode: false, become: false, ...options },
    files,
    env: standardEnvironment(),
  };
  const session = createTransport().open({
    name: "here",
    host: "localhost",
    port: 0,
    user: userInfo().username,
    kind: "local",
    timeoutMs: 5000,
    knownHostsFiles: [],
    acceptNew: false,
  });
  let count = 0;
  // root's folder is the machine's own; a test has another
  const own = session.then((login): Session => ({
    ...login,
    run: (program, ...rest) =>
      login.run(
        program.replaceAll("HW_STATE_DIR=/var/lib/hullwright", `HW_STATE_DIR=${home}/root`),
        ...rest,
      ),
    put: login.put.bind(login),
    close: () => login.close(),
    rounds: 0,
  }));
  const run = new TestRun(host, { nodes: values }, () => own, {
    nonce: () => `nonce${count++}`,
    run: "test-run",
    owner: "a test",
    lockTimeout: 0,
    replans: true,
    say: () => undefined,
    machines: new Map(),
    addresses: new Map(),
  });
  return { run, session };
}

// Files of a test's playbook, by their absolute paths; a folder is there if a file is in it.
function playbookFiles(disk: Record<string, string>): PlaybookFiles {
  const isThere = (path: string): boolean =>
    Object.keys(disk).some((file) => file === path || file.startsWith(`${path}/`));
  return {
    read: (path) => disk[path] ?? "",
    find: (name, where, folders) =>
      [
        name,
        ...folders.flatMap((folder) => [`${folder}/${where}/${name}`, `${folder}/${name}`]),
      ].find((path) => path.startsWith("/") && isThere(path)),
  };
}

// One word a task, as people read a plan: "changed install".
export function lines(run: HostRun): string[] {
  return (run.walk?.entries ?? []).map(
    (entry) =>
      `${entry.verdict.status} ${entry.task}${entry.item === undefined ? "" : ` [${entry.item}]`}`,
  );
}
