// Waits for a program. If the run is to stop meanwhile, the host is told; if that is not possible,
// the program runs to its end.
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
