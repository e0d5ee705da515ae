/** A difference that is known, by the subjects and the contexts in which it is seen. */
export interface Mark {
  /** The ids of contexts; undefined: every one. */
  contexts?: readonly string[];
  subjects: readonly string[];
  why: string;
}

const FAILING = ["ign", "fwf", "fwr", "res", "unt", "lop", "chw"];

/** The differences that are known, each with its reason. */
export const MARKS: readonly Mark[] = [
  {
    contexts: ["rel", "loc", "lgn"],
    subjects: ["unarchive", "unarchive of the host's file"],
    why: "Ansible goes into a relative directory twice, and fails",
  },
  {
    contexts: ["bro", "bab"],
    subjects: ["command", "shell"],
    why: "run in the home of the user; Ansible makes a temporary directory",
  },
  {
    contexts: ["res"],
    subjects: ["debug", "group_by", "package_facts", "stat"],
    why: "a mistake that can be seen in the text is refused before the run",
  },
  {
    contexts: ["mdf"],
    subjects: [
      "command in a directory",
      "command that removes",
      "script",
      "shell",
      "shell in a directory",
    ],
    why: "Ansible takes no command from `module_defaults`",
  },
  {
    contexts: ["omr"],
    subjects: ["package", "service"],
    why: "without a name a mistake; Ansible does nothing",
  },
  {
    contexts: FAILING,
    subjects: ["dpkg_selections"],
    why: "a package that dpkg does not know fails, as in later releases of Ansible",
  },
  {
    contexts: FAILING,
    subjects: ["include_vars"],
    why: "what fails has a `msg`; Ansible calls it `message`",
  },
  {
    contexts: FAILING,
    subjects: ["iptables", "lineinfile that makes", "ping"],
    why: "what fails has no `rc`",
  },
];

// Why a cell may differ; undefined: it may not.
export function markOf(context: string, subject: string): Mark | undefined {
  return MARKS.find(
    ({ contexts, subjects }) => (contexts?.includes(context) ?? true) && subjects.includes(subject),
  );
}
