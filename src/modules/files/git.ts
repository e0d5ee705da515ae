import { TaskFailure } from "../../errors.ts";
import { defined } from "../../defined.ts";
import { askGit, type GitState } from "../../probes/files/git.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import type { Change, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  description: "Ensures that a directory is a working copy of a git repository at a version.",
  example: `name: The playbooks of the site
git: {repo: https://git.example.org/site.git, dest: /opt/site, version: v1.2}`,
  returns: [
    "before, after: the commits that were and are checked out",
    "remote_url_changed: whether the working copy had another source",
  ],
  arguments: {
    repo: { type: "str", required: true, aliases: ["name"], description: "Where it comes from." },
    dest: { type: "path", required: true, description: "The directory of the working copy." },
    version: {
      type: "str",
      default: "HEAD",
      description: "A branch, a tag, or a commit in full; HEAD is what the source has by itself.",
    },
    remote: { type: "str", default: "origin", description: "What the source is called." },
    refspec: { type: "str", description: "What else is fetched." },
    force: { type: "bool", default: false, description: "Throws away changes of followed files." },
    depth: { type: "int", description: "How many commits of the past are brought." },
    update: {
      type: "bool",
      default: true,
      description: "Updates a working copy that exists already.",
    },
    recursive: { type: "bool", default: true, description: "Brings submodules, too." },
    single_branch: { type: "bool", default: false, description: "Clones only one branch." },
    accept_hostkey: {
      type: "bool",
      default: false,
      description: "ssh takes any host key of the source.",
    },
    accept_newhostkey: {
      type: "bool",
      default: false,
      description: "ssh takes the host key of a source that is not known.",
    },
    key_file: { type: "path", description: "The key with which ssh logs in at the source." },
    ssh_opts: { type: "str", description: "More options of ssh." },
    umask: { type: "str", description: "The umask under which files are made, in octal." },
    executable: { type: "path", description: "The git program." },
  },
  mutuallyExclusive: [["accept_hostkey", "accept_newhostkey"]],
} as const satisfies Schema;

type GitArgs = ArgsOf<typeof schema>;
type State = { copy: GitState };
type Known = NonNullable<GitState>;

/**
 * A working copy of a git repository. The source is asked while planning, so a plan names the
 * commit that apply checks out.
 */
export const git: Module<GitArgs, State> = {
  name: "git",
  schema,
  observe(args) {
    if (args.version.startsWith("-") || args.repo.startsWith("-"))
      throw new TaskFailure("git: repo and version do not begin with -");
    if (args.umask !== undefined && !/^[0-7]{1,4}$/.test(args.umask))
      throw new TaskFailure("umask must be an octal integer", 'umask: "0022"');
    return {
      copy: askGit({
        dest: args.dest,
        repo: sourceOf(args),
        version: args.version,
        remote: args.remote,
        program: args.executable ?? "git",
        ...defined({ ssh: sshOf(args) }),
      }),
    };
  },
  plan,
  result(args, { copy }, outputs) {
    if (outputs) return {};
    return {
      before: copy?.head ?? null,
      after: copy?.head ?? null,
      ...defined({ remote_url_changed: args.update ? false : undefined }),
    };
  },
};

// A path as git wants it where only a part of the past is brought.
function sourceOf({ repo }: GitArgs): string {
  return repo.startsWith("/") ? `file://${repo}` : repo;
}

function sshOf(args: GitArgs): string | undefined {
  const words = [
    ...(args.key_file === undefined ? [] : ["-o IdentitiesOnly=yes", `-i ${args.key_file}`]),
    ...(args.accept_hostkey ? ["-o StrictHostKeyChecking=no"] : []),
    ...(args.accept_newhostkey ? ["-o StrictHostKeyChecking=accept-new"] : []),
    ...(args.ssh_opts === undefined ? [] : [args.ssh_opts]),
  ];
  return words.length === 0 ? undefined : ["ssh", ...words].join(" ");
}

function plan(args: GitArgs, { copy }: State): Change<State> | null {
  if (copy === null) throw new TaskFailure("the host has no git", "install the package git before");
  if (copy.head !== null && !args.update) return null;
  if (copy.failure !== "")
    throw new TaskFailure(
      `git cannot read ${args.repo}: ${copy.failure}`,
      "check the address, and the key or host key that ssh needs",
    );
  if (copy.wanted === null)
    throw new TaskFailure(
      `${args.repo} has no version ${args.version}`,
      "name a branch, a tag, or a commit with all of its 40 digits",
    );
  if (copy.head === null) return planClone(args, copy);
  if (copy.dirty && !args.force)
    throw new TaskFailure(
      `Local modifications exist in the destination: ${args.dest} (force=no).`,
      "force: true throws them away",
    );
  const isSame = copy.head === copy.wanted && copy.url === sourceOf(args);
  if (isSame && !copy.dirty && !(copy.stale && args.recursive)) return null;
  return planUpdate(args, copy);
}

function done(args: GitArgs, copy: Known, run: Script, undo: Script): Change<State> {
  const after = {
    ...copy,
    head: copy.wanted,
    dirty: false,
    stale: args.recursive ? false : copy.stale,
    url: sourceOf(args),
  };
  return {
    after: { copy: after },
    steps: [{ run, undo }],
    opaque: true,
    diff: [fieldDiff(args.dest, copy.head, copy.wanted)],
    result: {
      before: copy.head,
      after: copy.wanted,
      ...defined({
        remote_url_changed: copy.head === null ? undefined : copy.url !== sourceOf(args),
      }),
    },
  };
}

// What holds for all that git does: who asks at a terminal, ssh, umask.
function beginning(args: GitArgs): Script {
  const ssh = sshOf(args);
  return lines([
    sh`export GIT_TERMINAL_PROMPT=0 LC_ALL=C`,
    ...(ssh === undefined ? [] : [sh`export GIT_SSH_COMMAND=${ssh}`]),
    ...(args.umask === undefined ? [] : [sh`umask ${args.umask}`]),
  ]);
}

function depthOf({ depth }: GitArgs): string[] {
  return depth === undefined ? [] : ["--depth", String(depth)];
}

function planClone(args: GitArgs, copy: Known): Change<State> {
  if (copy.occupied)
    throw new TaskFailure(
      `${args.dest} has files in it and is no working copy of git`,
      "move them away, or choose another directory",
    );
  const { kind } = copy;
  const program = args.executable ?? "git";
  const named = kind === "branch" || kind === "tag" ? ["--branch", args.version] : [];
  const options = [
    "--origin",
    args.remote,
    ...(kind === "commit" ? [] : depthOf(args)),
    ...named,
    ...(args.single_branch ? ["--single-branch"] : []),
  ];
  const run = lines([
    beginning(args),
    sh`mkdir -p -- "$(dirname -- ${args.dest})" && ${program} clone -q ${options} -- ${sourceOf(args)} ${args.dest} && cd -- ${args.dest} || exit 1`,
    ...moreRefs(args),
    checkout(args, copy),
    ...submodules(args),
  ]);
  return done(args, copy, run, sh`rm -rf -- ${args.dest}`);
}

function moreRefs(args: GitArgs): Script[] {
  const program = args.executable ?? "git";
  return args.refspec === undefined
    ? []
    : [sh`${program} fetch -q ${depthOf(args)} ${args.remote} ${args.refspec} || exit 1`];
}

// Checks out just the commit that was planned, on the branch if there is one.
function checkout({ version, remote, executable: program = "git" }: GitArgs, copy: Known): Script {
  const wanted = copy.wanted!;
  if (copy.kind === "branch")
    return sh`${program} checkout -q --force -B ${version} ${wanted} && { ${program} branch -q --set-upstream-to ${`${remote}/${version}`} 2>/dev/null || :; } || exit 1`;
  if (copy.kind === "tag" || copy.kind === "commit")
    return sh`${program} checkout -q --force ${copy.kind === "tag" ? `refs/tags/${version}` : wanted} && ${program} reset -q --hard ${wanted} || exit 1`;
  return sh`hw_b=$(${program} symbolic-ref --short ${`refs/remotes/${remote}/HEAD`} 2>/dev/null) || hw_b=
hw_b=${{ sh: "${hw_b#*/}" }}; if [ -n "$hw_b" ]; then ${program} checkout -q --force -B "$hw_b" ${wanted}; else ${program} checkout -q --force ${wanted}; fi || exit 1`;
}

function submodules({ recursive, executable: program = "git" }: GitArgs): Script[] {
  return recursive
    ? [
        sh`[ ! -f .gitmodules ] || { ${program} submodule -q sync --recursive && ${program} submodule -q update --init --recursive --force; } || exit 1`,
      ]
    : [];
}

function planUpdate(args: GitArgs, copy: Known): Change<State> {
  const program = args.executable ?? "git";
  const isOther = copy.url !== sourceOf(args);
  const setUrl = sh`${program} config ${`remote.${args.remote}.url`} ${sourceOf(args)} || exit 1`;
  const wants = copy.kind === "commit" ? [] : depthOf(args);
  const fetch = sh`${program} fetch -q --tags --force ${wants} ${args.remote} || exit 1`;
  const tag =
    copy.kind === "tag"
      ? [
          sh`${program} fetch -q --force ${wants} ${args.remote} ${`refs/tags/${args.version}:refs/tags/${args.version}`} || exit 1`,
        ]
      : [];
  const run = lines([
    beginning(args),
    sh`cd -- ${args.dest} || exit 1`,
    ...(isOther ? [setUrl] : []),
    ...(copy.dirty ? [sh`${program} reset -q --hard HEAD || exit 1`] : []),
    ...(copy.head === copy.wanted && !isOther ? [] : [fetch, ...tag]),
    ...moreRefs(args),
    checkout(args, copy),
    ...submodules(args),
  ]);
  return done(
    args,
    copy,
    run,
    sh`cd -- ${args.dest} && ${program} checkout -q --force ${copy.head!}`,
  );
}
