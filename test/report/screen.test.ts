import { afterEach, expect, test, vi } from "vitest";
import { screen } from "../../src/report/screen.ts";

afterEach(() => vi.restoreAllMocks());

test("while somebody is asked, no line of progress wipes the question away", () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  screen.progress("looking");
  expect(written.join("")).toContain("looking");
  const release = screen.hold();
  written.length = 0;
  screen.progress("looking on");
  screen.tell("stdout", "Enter passphrase: ");
  expect(written.join("")).toBe("Enter passphrase: ");
  release();
  screen.progress("looking again");
  expect(written.join("")).toContain("looking again");
  screen.progress("");
});
