import { sh } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** Whether a program is in the search path. */
const programKind: ProbeKind<{ name: string }, boolean> = {
  name: "program",
  subject: ({ name }) => name,
  script: (args) =>
    sh`for hw_p in ${args.map(({ name }) => name)}; do if command -v "$hw_p" >/dev/null; then echo +; else echo -; fi; done`,
  parse(output, args) {
    const answers = output.split("\n");
    return args.map(({ name }, index) => {
      const answer = answers[index];
      if (answer !== "+" && answer !== "-") throw new ProbeError(`program ${name}: ${output}`);
      return answer === "+";
    });
  },
  holds: { unknownBehind: "commands", asked: AFTER_EACH_CHANGE },
  planned: {
    madeOf: ({ name }, kind, subject, answer) =>
      answer === false && (["package", "deb"].includes(kind) || subject.endsWith(`/${name}`)),
  },
};

// Asks whether the host has a program.
export function askProgram(name: string): Probe<boolean> {
  return ask(programKind, { name });
}
