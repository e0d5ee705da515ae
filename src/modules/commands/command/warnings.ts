// Ansible's warning of an executable, which only a shell could be.
export function warningsOf({ executable }: { executable?: string }): string[] | undefined {
  if (!executable) return undefined;
  return [
    `As of Ansible 2.4, the parameter 'executable' is no longer supported with the 'command' module. Not using '${executable}'.`,
  ];
}
