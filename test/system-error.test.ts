import { expect, test } from "vitest";
import { defined } from "../src/defined.ts";
import { InputError, defectOf, plainly } from "../src/errors.ts";
import { reasonOf, systemMistake } from "../src/system-error.ts";

const answer = (code: string, syscall: string, path?: string): Error =>
  Object.assign(new Error(`${code}: said, ${syscall}`), {
    ...{ code, errno: -1, syscall },
    ...defined({ path }),
  });

test.each([
  [answer("EACCES", "open", "/f"), "/f cannot be opened: permission denied"],
  [answer("EACCES", "scandir", "/d"), "/d cannot be read: permission denied"],
  [answer("ELOOP", "stat", "/f"), "/f cannot be read: its links lead round in a circle"],
  [answer("EACCES", "spawn /p", "/p"), "/p cannot be run: permission denied"],
  [answer("ENOSPC", "mkdir", "/d"), "/d cannot be written: no space is left"],
  [answer("ENOENT", "uv_cwd"), "the current directory is gone"],
])("%s is said in plain words", (error, said) => {
  expect(systemMistake(error)?.message).toBe(said);
  expect(plainly(error)).toMatchObject({ message: said });
  expect(plainly(error)).toBeInstanceOf(InputError);
});

test.each([answer("EISDIR", "read"), answer("EISDIR", "open", "/other")])(
  "%s is said of the file that was to be read",
  (error) => {
    expect(plainly(error, { path: "f", tried: "read" })).toMatchObject({
      message: "f cannot be read: it is a directory",
    });
  },
);

test("what has no words is said as the system says it, and is no defect of ours where it has", () => {
  expect(reasonOf(answer("EWEIRD", "open", "/f"))).toBe("EWEIRD: said, open");
  expect(plainly(answer("EWEIRD", "open", "/f"))).toMatchObject({ message: "EWEIRD: said, open" });
  expect(defectOf(answer("EACCES", "open", "/f")).message).toBe(
    "/f cannot be opened: permission denied",
  );
  expect(defectOf(new Error("oh")).message).toContain("this is a defect of hullwright");
});
