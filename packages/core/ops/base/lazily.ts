/** A value computed on first access, so that importing a module has no side effects. */
export function lazily<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => made ??= make();
}
