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
  const asked =
    tags.length === 0
      ? !own.includes("never")
      : own.includes("never")
        ? tags.some((tag) => own.includes(tag) && tag !== "all")
        : matches(tags);
  const kept = asked || (own.includes("always") && !own.includes("never"));
  return (
    kept &&
    !skipTags.some((tag) =>
      tag === "all" ? !own.includes("always") || skipTags.includes("always") : matches([tag]),
    )
  );
}
