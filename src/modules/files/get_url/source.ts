import { TaskFailure } from "../../../errors.ts";
import {
  type Checksum,
  findSum,
  noSum,
  parseChecksum,
  showChecksum,
} from "../../shared/files/checksum.ts";
import { controllerPath, fileName, filePath, isUrl } from "../../shared/download/download.ts";
import type { Controller, LocalFile } from "../../contract/module.ts";
import { hostPath } from "../../shared/files/ownership.ts";
import type { GetUrlArgs } from "./schema.ts";
import { sha256Hex } from "../../../sha256.ts";

// The checksum, where a file of checksums on the controller is read at once.
export function checksumOf(args: GetUrlArgs, controller: Controller): Checksum | undefined {
  if (args.checksum === undefined) return undefined;
  const checksum = parseChecksum(args.checksum);
  if (checksum.sums === undefined || isOfHost(checksum.sums, args)) return checksum;
  const hex = findSum(
    controller.file(controllerPath(checksum.sums), "files").text ?? "",
    fileName(args.url),
    checksum.algorithm,
  );
  if (!hex) throw noSum(checksum.sums, fileName(args.url));
  return { algorithm: checksum.algorithm, hex };
}

// Whether the host brings what is there by itself: it downloads it, or it is one of its own files.
export function isOfHost(url: string, { from }: Pick<GetUrlArgs, "from">): boolean {
  return isUrl(url) || (from === "host" && filePath(url) !== undefined);
}

// The file as the controller has it, checked: one of its own, or one that it downloads.
export function controllerFile(
  args: GetUrlArgs,
  checksum: Checksum | undefined,
  controller: Controller,
): LocalFile {
  if (isUrl(args.url))
    return controller.download(controllerUrl(args), checksum && showChecksum(checksum));
  const file = controller.file(controllerPath(args.url), "files");
  return checksum ? controller.download(file.path!, showChecksum(checksum)) : file;
}

// The URL with its login, for the controller, which knows no other settings.
function controllerUrl(args: GetUrlArgs): string {
  const extra =
    (["headers", "http_agent", "client_cert", "client_key"] as const).find(
      (name) => args[name] !== undefined,
    ) ?? (!args.validate_certs ? "validate_certs: false" : undefined);
  if (extra)
    throw new TaskFailure(
      `${extra} cannot be used with from: controller`,
      "let the host download (from: host)",
    );
  const target = new URL(args.url);
  if (args.url_username !== undefined)
    [target.username, target.password] = [args.url_username, args.url_password ?? ""];
  return target.href;
}

// A digest of another kind, or one from the network, is recorded on the host together with
// the sha256 that it led to.
export function needsNote(args: GetUrlArgs): boolean {
  if (args.checksum === undefined || !isOfHost(args.url, args)) return false;
  const { algorithm, sums } = parseChecksum(args.checksum);
  return algorithm !== "sha256" || (sums !== undefined && isOfHost(sums, args));
}

// What the note on the host is called: one for each file.
export function noteName({ dest, url }: GetUrlArgs): string {
  return `get_url-${sha256Hex(`${hostPath(dest)}\n${fileName(url)}`).slice(0, 32)}`;
}

// What a note is good for: this URL with this checksum. Only a digest of it,
// since URLs may hold secrets.
export function noteKey({ url, checksum }: GetUrlArgs): string {
  return sha256Hex(`${url}\n${checksum}`);
}
