/** A file that travels from the controller to hosts. */
export interface LocalFile {
  /** Absolute path on the controller; absent for content made here. */
  path?: string;
  content?: Uint8Array;
  /** In bytes. */
  size: number;
  sha256: string;
  /** Permission bits on the controller, for `mode: preserve`. */
  mode?: number;
  /** Text of the file, if it is UTF-8 and at most 1 MiB. */
  text?: string;
  /**
   * It was encrypted with ansible-vault on the controller: its content is not shown.
   * `content` holds it decrypted.
   */
  secret?: true;
}
