import type { Environment } from "../../jinja/template.ts";
import type { Play, VarsFile } from "../../playbook/play.ts";
import { isPlain, missing } from "../../playbook/load/vars-files.ts";
import { Unknown } from "../../value.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { Variables, type Layer } from "../model/variables.ts";

/**
 * The variables that the names of vars_files are rendered with: weaker ones,
 * and those that win over all.
 */
interface Around {
  weaker: readonly Layer[];
  stronger: readonly Layer[];
  env: Environment;
}

type Vars = ReadonlyMap<string, YamlNode>;

// The files of variables of a play, each under a name that may depend on the variables before it.
export function varsFileLayers(play: Play, { weaker, stronger, env }: Around): Layer[] {
  const layers: Layer[] = [];
  for (const file of play.varsFiles)
    layers.push(
      new FoundLater(play, file, new Variables([...weaker, ...layers, ...stronger], env)),
    );
  return layers;
}

/**
 * The variables of one entry of vars_files, found when a variable is first looked up; while its
 * name is not known, no variable of it is.
 */
class FoundLater implements Layer {
  private readonly play: Play;
  private readonly file: VarsFile;
  private readonly names: Variables;
  private found: Vars | Unknown | undefined;

  constructor(play: Play, file: VarsFile, names: Variables) {
    this.play = play;
    this.file = file;
    this.names = names;
  }

  get nodes(): Vars {
    this.found ??= this.find();
    return this.found instanceof Unknown ? new Map() : this.found;
  }

  get values(): { get(name: string): unknown } {
    return { get: () => (this.found instanceof Unknown ? this.found : undefined) };
  }

  // The first file that exists. Throws InputError if none does.
  private find(): Vars | Unknown {
    for (const choice of this.file.choices) {
      const name = isPlain(choice) ? choice.value : this.names.render(choice);
      if (name instanceof Unknown) return name;
      const vars = this.file.load(String(name));
      if (vars) return vars;
    }
    throw missing(this.file, this.play);
  }
}
