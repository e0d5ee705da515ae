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
    contexts: ["asy"],
    subjects: [
      "add_host",
      "assert",
      "copy of a file",
      "copy of a text",
      "copy of the host's file",
      "debug",
      "fetch",
      "group_by",
      "include_vars",
      "raw",
      "script",
      "set_fact",
      "template",
      "unarchive",
      "unarchive of the host's file",
      "validate_argument_spec",
    ],
    why: "done without going to the background; Ansible refuses `async` for it",
  },
  {
    contexts: ["chw"],
    subjects: ["copy of a text", "file: directory", "file: touch", "group", "hostname", "user"],
    why: "what would fail is seen; Ansible's check says that it would change",
  },
  {
    contexts: ["fwf", "fwr", "unt"],
    subjects: ["set_fact"],
    why: "`failed_when` and `until` judge every failure; Ansible does not ask them about this one",
  },
  {
    contexts: ["sw0", "sw3"],
    subjects: ["copy of the host's file"],
    why: "`decrypt` is taken with `remote_src` as well; Ansible's module does not know it",
  },
  {
    contexts: ["evl"],
    subjects: ["command", "shell"],
    why: "a locale that the host does not have is passed on; Ansible takes another instead",
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
