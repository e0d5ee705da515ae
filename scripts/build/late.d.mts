export function latePackage(name: string): {
  name: string;
  transform(code: string, id: string): string | undefined;
};
export const nodeParts: {
  name: string;
  resolveId(source: string): { id: string; external: true } | undefined;
};
export function withLateParts(code: string): string;
export function inAscii(code: string): string;
