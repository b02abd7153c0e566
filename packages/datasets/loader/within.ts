/** What a promise gives, or an error after `milliseconds`; 0 waits for ever. */
export async function within<V>(milliseconds: number, promise: Promise<V>): Promise<V> {
  if (milliseconds === 0) return await promise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Deno.errors.TimedOut(`Cannot load a batch as none came within ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
