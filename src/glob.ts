// A shell pattern as Python's fnmatch reads it: * ? [abc] [!abc] [a-z]; an unclosed "[" is an
// ordinary character, and a reversed range is empty.
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

// The text between the brackets, as a character class.
function classSource(members: string): string {
  const isNegated = members.startsWith("!");
  const set = rangesOf(isNegated ? members.slice(1) : members).join("");
  if (set === "") return isNegated ? "[\\s\\S]" : "(?!)";
  return `[${isNegated ? "^" : ""}${set}]`;
}

// Its characters and ranges. A hyphen at the start, at the end, or right after a range
// is an ordinary character.
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
