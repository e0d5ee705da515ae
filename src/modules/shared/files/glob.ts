import { TaskFailure } from "../../../errors.ts";

// A shell pattern as Python's fnmatch reads it: * ? [abc] [!abc]; a "[" that is not closed stands for itself.
export function globPattern(glob: string): RegExp {
  const source = glob.replace(
    /\*|\?|\[(!?)(\]?[^\]]*)\]|[\\^$.|+(){}[\]]/g,
    (token, negated: string | undefined, members: string | undefined) => {
      if (token === "*") return "[\\s\\S]*";
      if (token === "?") return "[\\s\\S]";
      return members === undefined
        ? `\\${token}`
        : `[${negated ? "^" : ""}${members.replace(/[\\\]^[]/g, "\\$&")}]`;
    },
  );
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    throw new TaskFailure(
      `"${glob}" is not a shell pattern`,
      "a range in brackets goes from the lower to the higher: [a-z]",
    );
  }
}
