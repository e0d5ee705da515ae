// A shell pattern as Python's fnmatch reads it: * ? [abc] [!abc] [a-z]; a "[" that is not closed stands for itself, and a
// range that goes backwards holds nothing.
export function globPattern(glob: string): RegExp {
  const source = glob.replace(
    /\*|\?|\[((?:!?\]|![^\]]|[^!\]])[^\]]*)\]|[\\^$.|+(){}[\]]/g,
    (token, members: string | undefined) => {
      if (token === "*") return "[\\s\\S]*";
      if (token === "?") return "[\\s\\S]";
      return members === undefined ? `\\${token}` : classSource(members);
    },
  );
  return new RegExp(`^(?:${source})$`, "u");
}

// What stands between the brackets, as a class of characters.
function classSource(members: string): string {
  const isNegated = members.startsWith("!");
  const set = rangesOf(isNegated ? members.slice(1) : members).join("");
  if (set === "") return isNegated ? "[\\s\\S]" : "(?!)";
  return `[${isNegated ? "^" : ""}${set}]`;
}

// Its characters and ranges. A hyphen at the beginning, at the end, or right behind a range stands for itself.
function rangesOf(text: string): string[] {
  const ranges = text.match(/[\s\S]-[\s\S]|[\s\S]/gu) ?? [];
  return ranges.flatMap((range) => {
    const [first = "", , last] = Array.from(range);
    if (last === undefined) return [escaped(first)];
    return first.codePointAt(0)! > last.codePointAt(0)!
      ? []
      : [`${escaped(first)}-${escaped(last)}`];
  });
}

function escaped(character: string): string {
  return /[\\\]^[-]/.test(character) ? `\\${character}` : character;
}
