import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab } from "../../lab/lab.ts";
import { applying, laid, sshTo } from "../commands.ts";
import { measured } from "../measured.ts";
import type { Section } from "../section.ts";
import { takeTurns, usageTable } from "../turns.ts";

/** So many directories, and so many files. */
const EACH = 500;
const TO = "/srv/bench";

const PLAY = [
  {
    hosts: "all",
    gather_facts: false,
    vars: { numbers: `{{ range(${EACH}) | list }}` },
    tasks: [
      {
        name: "directories",
        file: { path: `${TO}/d{{ item }}`, state: "directory", mode: "0755" },
        loop: "{{ numbers }}",
      },
      {
        name: "files",
        copy: { dest: `${TO}/f{{ item }}`, content: "this is file {{ item }}\n", mode: "0644" },
        loop: "{{ numbers }}",
      },
    ],
  },
];

const FLOOR = `mkdir -p ${TO} && cd ${TO} || exit 1
i=0; while [ $i -lt ${EACH} ]; do mkdir -m 0755 d$i || exit 1; i=$((i + 1)); done
i=0; while [ $i -lt ${EACH} ]; do
  printf 'this is file %s\\n' $i > .new && chmod 0644 .new && sync .new && mv -T .new f$i || exit 1
  i=$((i + 1))
done
`;

export const smallChanges: Section = {
  name: "small-changes",
  title: "1,000 small changes on one host",
  async measure({ rounds }) {
    const lab = await startLab({ hosts: 1 });
    try {
      const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
      const playbook = laid(folder, "play.yml", PLAY);
      const inventory = laid(folder, "hosts.yaml", lab.inventory());
      const host = lab.hosts[0]!;
      const login = sshTo(lab, host.ip);
      const medians = await takeTurns(
        [
          {
            name: "one shell program over ssh: temporary file, sync, rename",
            async run() {
              await host.must(`rm -rf ${TO}`);
              return measured([...login, "sh -s"], { input: FLOOR });
            },
          },
          {
            name: "hullwright apply",
            async run() {
              await host.must(`rm -rf ${TO}`);
              return applying(playbook, inventory, 2 * EACH);
            },
          },
        ],
        rounds,
      );
      return [
        `${EACH} directories and ${EACH} files with content, medians of ${rounds} rounds. Goal: at most twice the time of the shell program.`,
        "",
        ...usageTable(medians),
      ];
    } finally {
      await lab.stop();
    }
  },
};
