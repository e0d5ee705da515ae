import { askGlobbed, type GlobbedFile } from "../../probes/files/globbed.ts";
import { askRegistries, type RegistryDirectory } from "../../probes/containerd/registries.ts";
import { contentText, statPath, type PathState } from "../../probes/files/path.ts";
import { defined } from "../../defined.ts";
import { lines, sh } from "../../script/sh.ts";
import { placeFile, staged } from "../../script/write.ts";
import { merge } from "../../toml/value.ts";
import { keptKeys, keptLine } from "../shared/containerd/kept_keys.ts";
import { takenMirrors, type TakenMirror } from "../shared/containerd/old_mirrors.ts";
import { defaultsOf } from "../shared/containerd/known_keys.ts";
import { fileResult } from "../shared/containerd/place.ts";
import { textFile } from "../files/copy/source.ts";
import { planToml, tomlText } from "../shared/containerd/toml_file.ts";
import { atLeast, configVersion, readVersion } from "../shared/containerd/version.ts";
import type { Probes } from "../../probes/probe.ts";
import type { Diff, LocalFile, Module, Step } from "../contract/module.ts";
import { configSchema, type ConfigArgs } from "./containerd_config/schema.ts";
import { importPatterns, refuseBroken } from "./containerd_config/imported.ts";
import { faultsOf, wantedFile } from "./containerd_config/wanted.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  file: PathState;
  registries: RegistryDirectory[];
  /** Only where it imports any. */
  imported?: GlobbedFile[];
}

/** Asked if nobody looks for registries. */
const NO_DIRECTORY = "/nonexistent";

/** containerd's config.toml from a description that is the same for all its versions. */
export const containerd_config: Module<ConfigArgs, State> = {
  name: "containerd_config",
  schema: configSchema,
  observe(args) {
    const wanted = wantedFile(args);
    const patterns = importPatterns(wanted.tree);
    const probes: Probes<Required<State>> | Probes<Omit<State, "imported">> = {
      file: statPath(args.path, { unless: textFile(tomlText(wanted)).sha256 }),
      registries: askRegistries(args.registry_config_path || NO_DIRECTORY),
      ...defined({ imported: patterns.length > 0 ? askGlobbed(patterns) : undefined }),
    };
    return probes;
  },
  plan(args, before) {
    const wanted = wantedFile(args);
    refuseBroken(before.imported ?? [], args.path);
    const version = readVersion(args.version);
    const old = before.file?.type === "file" ? contentText(before.file) : undefined;
    const kept = keptKeys(old, wanted.tree, (tree) => faultsOf(merge(tree, wanted.tree), version));
    const placing = planToml(
      {
        ...wanted,
        tree: merge(kept.tree, wanted.tree),
        remarks: keptLine(kept),
        defaults: defaultsOf(version),
      },
      before.file,
    );
    if (!placing) return null;
    const mirrors =
      placing.rewrites && args.registry_config_path !== "" ? mirrorsOf(args, before, old) : [];
    const files = mirrors.map(({ text }) => textFile(text));
    return {
      after: {
        ...before,
        file: placing.after,
        registries: [
          ...before.registries.filter(({ name }) => !mirrors.some((one) => one.name === name)),
          ...mirrors.map(({ name }): RegistryDirectory => ({
            name,
            file: "foreign",
            certificates: [],
          })),
        ],
      },
      steps: [
        ...mirrors.map((mirror, i) => placeMirror(args, mirror, files[i]!)),
        ...placing.steps,
      ],
      diff: [
        ...kept.notes.map((title): Diff => ({ kind: "note", title })),
        ...placing.diff,
        ...mirrors.map(({ name, urls }): Diff =>
          fieldDiff(`${args.registry_config_path}/${name}/hosts.toml`, null, urls.join(", ")),
        ),
      ],
    };
  },
  result: (args, state) => ({
    ...fileResult(args.path, state.file),
    config_version: configVersion(readVersion(args.version)),
    imported: (state.imported ?? []).map(({ path }) => path),
  }),
};

// Mirrors that would be lost with a foreign file; versions that read no hosts.toml
// have them in their config.
function mirrorsOf(
  args: ConfigArgs,
  { registries }: State,
  old: string | undefined,
): TakenMirror[] {
  if (!atLeast(readVersion(args.version), 1, 5)) return [];
  return takenMirrors(old, args.path, registries, args.described_registries);
}

// Writes one hosts.toml, and the directories for it.
function placeMirror(
  { registry_config_path }: ConfigArgs,
  { name, hasLogin }: TakenMirror,
  file: LocalFile,
): Step {
  const directory = `${registry_config_path}/${name}`;
  const path = `${directory}/hosts.toml`;
  const place = placeFile(staged(file), path, hasLogin ? "0600" : "0644", {});
  return { run: lines([sh`hw_mkdirs ${directory} || exit 1`, place.run]), undo: place.undo };
}
