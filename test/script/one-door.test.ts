import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Commands that write, give owners or modes, and redirections into what a task names. */
const WRITES =
  /(?:^|[\s;&|({`])(?:mktemp|chown|chmod|mv|cp|ln|install|touch|tee|truncate|dd|rm)\s+(?:-|\\?\$|"|\.\/|\/)|(?<!-)>\s*\$\{|-exec(?:dir)? (?:chown|chmod)/;

/** Lines that write without the functions of write.ts, by what stands in them, each with why that is safe. */
const ALLOWED: [file: string, line: RegExp, why: string][] = [
  [
    "modules/shared/containerd/check_container.sh",
    /\$hw_dir|\.\/exit|hw_c /,
    "in the journal, or of a container of ours",
  ],
  [
    "modules/containerd/containerd_absent.ts",
    /\.distrib|tasks rm -f|-exec rm -rf -- \{\} \+/,
    "names in directories of root's, which follow nothing",
  ],
  ["modules/containerd/ctr_image_export.ts", /\.\/f/, "in the private directory"],
  [
    "modules/system/hostname.ts",
    /rm -f \/etc\/hostname|\/proc\/sys\/kernel\/hostname/,
    "root's own",
  ],
  [
    "modules/files/file/recurse.ts",
    /-execdir chown -h/,
    "in the directory itself, and follows no link",
  ],
  [
    "modules/files/file/touch.ts",
    /touch \$\{`-c/,
    "times alone, and of what a link leads to only where the plan saw that link",
  ],
  ["modules/files/get_url/steps.", /\.\/f|rm -f/, "in the private directory"],
  ["modules/shared/download/fetch.sh", /"\$2\.rc"/, "beside ./f, in the private directory"],
  [
    "modules/shared/packages/apt_steps.ts",
    /touch -c \/var\/lib\/apt|rm -f \$\{file\}/,
    "root's own, or in the private directory",
  ],
  ["modules/packages/apt.ts", /`install -t/, "what apt-get is to simulate"],
  ["modules/system/seboolean.ts", /> \$\{`\/sys\/fs\/selinux/, "the kernel's own"],
  ["modules/commands/script.ts", /\$HW_STATE_DIR\/stage|hw_d/, "in our own folder"],
  [
    "modules/journal/journal_undo.ts",
    />> \$\{log\}/,
    "a line more in the journal of a run, in our own directory",
  ],
  ["modules/system/sysctl.ts", /> \$\{sysctlPath/, "the kernel's own"],
  [
    "modules/files/unarchive/shipped-steps.ts",
    /chown -h \$\{(named|numbered)\} -- \$\{paths\}|chmod \$\{fullMode/,
    "in the private directory",
  ],
  [
    "modules/files/unarchive/steps.ts",
    /hw_t|hw_w|\.\/tree|-- \$hw_files|\$HW_STATE_DIR\//,
    "in the private directory, reached by its descriptor, or in our own folder",
  ],
  ["modules/files/git.ts", /rm -rf -- \$\{args\.dest\}/, "the undo of a clone, which made it"],
  ["modules/packages/pip.ts", /hw_pip install/, "pip itself writes"],
  [
    "modules/packages/pip.ts",
    /rm -rf -- \$\{directory\}/,
    "the undo of a virtual environment that was made",
  ],
  ["probes/packages/pip.ts", /install --dry-run/, "installs nothing"],
  [
    "modules/system/user/steps.ts",
    /cp -RT -- \$\{skeleton\}/,
    "a home that was made just now below a directory of root's; links are not followed",
  ],
  ["modules/system/seboolean.ts", /\/sys\/fs\/selinux\//, "switches of the kernel, no files"],
  [
    "modules/shared/packages/apt_steps.ts",
    /rm -f \$\{(file|said)\}|2>\$\{said\}/,
    "the downloaded package, and what apt-get says, in the directory of the entry",
  ],
  ["probes/files/archived.sh", /chmod "\$hw_mode" \.\/f/, "in the private directory"],
  ["probes/", /\$HW_STATE_DIR\/(started|records)/, "in our own folder"],
  [
    "probes/files/filesystem.ts",
    /hw_d|\$1\/\.hw-overlay/,
    "a mount of our own in the data root of containerd",
  ],
];

const files = ["src/modules", "src/probes"]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|sh)$/.test(name))
      .map((name) => join(folder, name)),
  )
  .sort();
const found = files.flatMap((path) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => WRITES.test(line) && !/^\s*(\*|\/\/)|description:/.test(line))
    .map((line) => ({ path: path.slice(4), line: line.trim() })),
);

test("everything that writes on a host goes through the functions of write.ts", () => {
  const others = found.filter(
    ({ path, line }) =>
      !ALLOWED.some(([file, pattern]) => path.startsWith(file) && pattern.test(line)),
  );
  expect(others).toEqual([]);
});

test("what is allowed is still there", () => {
  expect(
    ALLOWED.filter(
      ([file, pattern]) =>
        !found.some(({ path, line }) => path.startsWith(file) && pattern.test(line)),
    ),
  ).toEqual([]);
});

test.each([
  "const run = sh`cp -- ${from} ${to}`;",
  '  hw_t=$(mktemp ${folder}/x) && chmod 0644 "$hw_t"',
  "sh`printf x > ${path}`",
  "sh`find ${path} -exec chmod 0644 {} +`",
  "sh`chown root ${path}`".replace("chown root", "chown -h"),
])("the search finds %s", (line) => expect(WRITES.test(line)).toBe(true));
