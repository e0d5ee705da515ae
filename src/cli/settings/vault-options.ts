import { Option, type Command } from "commander";
import { collect } from "./option-values.ts";

/**
 * Where the passwords of ansible-vault come from; the second names are Ansible's other spellings.
 */
export interface VaultFlags {
  vaultId?: string[];
  vaultPasswordFile?: string[];
  vaultPassFile?: string[];
  askVaultPass?: true;
  askVaultPassword?: true;
}

// Adds the flags that name passwords of ansible-vault.
export function vaultFlags(command: Command): Command {
  return command
    .option("--vault-id <id>", "a vault password: [label@]FILE, PROGRAM or prompt", collect)
    .option(
      "--vault-password-file <file>",
      "a file with a vault password, or a program that prints it",
      collect,
    )
    .addOption(new Option("--vault-pass-file <file>").argParser(collect).hideHelp())
    .option("-J, --ask-vault-pass", "ask for a vault password")
    .addOption(new Option("--ask-vault-password").hideHelp());
}

/** What the commands under `vault` take. */
export interface VaultCommandFlags extends VaultFlags {
  output?: string;
  encryptVaultId?: string;
  newVaultId?: string;
  newVaultPasswordFile?: string;
  name?: string[];
  stdinName?: string;
}

// Adds the commands under `vault`; `run` receives each one's name, its arguments, and its flags.
export function vaultCommands(
  vault: Command,
  run: (verb: string, words: string[], flags: VaultCommandFlags) => Promise<void>,
): void {
  const add = (verb: string, words: string, description: string): Command =>
    vaultFlags(vault.command(verb).description(description).argument(words)).action(
      async (given: string[], flags: VaultCommandFlags) => run(verb, given, flags),
    );
  const output = ["--output <file>", "write there instead of in place; - prints it"] as const;
  const label = [
    "--encrypt-vault-id <label>",
    "which of several passwords to encrypt with",
  ] as const;
  add("encrypt", "<file...>", "encrypt files")
    .option(...output)
    .option(...label);
  add("decrypt", "<file...>", "decrypt files").option(...output);
  add("view", "<file...>", "print the contents of encrypted files");
  add(
    "encrypt_string",
    "[text...]",
    "encrypt texts as values for YAML; without any, encrypt what stdin has",
  )
    .option(...label)
    .option("-n, --name <name>", "the variable that gets the text", collect)
    .option("--stdin-name <name>", "the variable that gets the text from stdin");
  add("rekey", "<file...>", "encrypt files with another password")
    .option("--new-vault-id <id>", "the new password: [label@]FILE, PROGRAM or prompt")
    .option(
      "--new-vault-password-file <file>",
      "a file with the new password, or a program that prints it",
    );
}
