// Waits for a program. If it is to stop meanwhile, the host is told so; where that cannot be told, it runs to its end.
export async function telling<T>(
  stop: AbortSignal | undefined,
  tell: () => Promise<unknown>,
  work: Promise<T>,
): Promise<T> {
  const heard = (): void => void tell().catch(() => undefined);
  stop?.addEventListener("abort", heard, { once: true });
  try {
    return await work;
  } finally {
    stop?.removeEventListener("abort", heard);
  }
}
