/** What is made when it is first asked for, so that importing a module does no work. */
export function lazily<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => made ??= make();
}
