import { isUtf8 } from "node:buffer";
import { InputError, plainly, type Place } from "../errors.ts";
import { readFileSync } from "./reading.ts";

// The text of a file, which must be UTF-8. Throws InputError.
export function readText(path: string): string {
  try {
    return utf8Text(readFileSync(path), path);
  } catch (error) {
    throw plainly(error, { path, tried: "read" });
  }
}

// The text that the bytes of a file are: what is not UTF-8 would else be replaced in silence.
// Throws InputError with the place of the first byte that is not, but no line: it may be a secret.
export function utf8Text(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new InputError(`${file} is not UTF-8 text`, firstWrong(bytes, file), "save it in UTF-8");
}

function firstWrong(bytes: Buffer, file: string): Place {
  const written = Buffer.from(bytes.toString("utf8"), "utf8");
  const at = bytes.findIndex((byte, index) => byte !== written[index]);
  const lines = bytes.toString("utf8", 0, at).split("\n");
  return { file, line: lines.length, column: lines.at(-1)!.length + 1 };
}
