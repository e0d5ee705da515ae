// Tells whether a task with these tags runs: Ansible's rules for always, never, all, tagged and untagged.
export function selected(
  own: readonly string[],
  options: { tags: readonly string[]; skipTags: readonly string[] },
): boolean {
  const matches = (wanted: readonly string[]): boolean =>
    wanted.some(
      (tag) =>
        own.includes(tag) ||
        tag === "all" ||
        (tag === "tagged" && own.length > 0) ||
        (tag === "untagged" && own.length === 0),
    );
  const { tags, skipTags } = options;
  const isAsked = (): boolean => {
    if (tags.length === 0) return !own.includes("never");
    if (own.includes("never")) return tags.some((tag) => own.includes(tag) && tag !== "all");
    return matches(tags);
  };
  const kept = isAsked() || (own.includes("always") && !own.includes("never"));
  return (
    kept &&
    !skipTags.some((tag) =>
      tag === "all" ? !own.includes("always") || skipTags.includes("always") : matches([tag]),
    )
  );
}
