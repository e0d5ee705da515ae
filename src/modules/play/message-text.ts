import { writeJson, type JsonStyle } from "../../jinja/python/json.ts";

const STYLE: JsonStyle = {
  indent: undefined,
  sortKeys: false,
  ensureAscii: false,
  itemSeparator: ", ",
  keySeparator: ": ",
};

// What a message says as one text: the items of a list are its lines; all that is no text is
// JSON, as `debug` prints it.
export function messageText(message: unknown): string {
  if (Array.isArray(message)) return message.map(messageText).join("\n");
  return typeof message === "string" ? message : writeJson(message, STYLE);
}
