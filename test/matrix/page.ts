// The page with another table, and the day on which it was made.
export function withTable(page: string, day: string, table: string): string {
  const [head = "", tail = ""] = page.split(
    /^On \d{4}-\d\d-\d\d.*\n\n(?:\|.*\n)+(?:\n- .*\n(?:- .*\n)*)?/m,
  );
  return `${head}On ${day}:\n\n${table}\n${tail}`;
}
