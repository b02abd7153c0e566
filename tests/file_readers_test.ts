import { assert } from "@std/assert";
import { Device, Generator, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { FILE_ERRORS, FILE_READERS } from "./file_readers.ts";

const ROUNDS = 150;

/** Bytes with some of them changed, cut off or put twice. */
function damaged(bytes: Uint8Array, random: Generator): Uint8Array<ArrayBuffer> {
  const below = (limit: number): number => Math.floor(random.random() * limit);
  const copy = new Uint8Array(bytes);
  const kind = below(4), at = below(bytes.length);
  if (kind === 0) return copy.slice(0, at);
  if (kind === 1) {
    return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(Math.max(0, at - below(64)))]);
  }
  // Zeros, ones and extremes among chance: lengths and counts are where memory is asked for.
  for (let i = 0; i <= below(4); i++) {
    copy.fill([0, 1, 127, 255, below(256)][below(5)]!, at + i, at + i + 1 + below(4));
  }
  return copy;
}

for (const { format, samples, read } of FILE_READERS) {
  Deno.test(`load() reads or refuses damaged files of the format ${format}, by name`, async () => {
    setDefaultDevice(new Device(new ReferenceBackend()));
    const random = new Generator(format.length);
    for (const sample of samples) {
      const bytes = await Deno.readFile(sample), name = "damaged file";
      for (let round = 0; round < ROUNDS; round++) {
        try {
          await read(damaged(bytes, random), name);
        } catch (error) {
          assert(error instanceof Error && FILE_ERRORS.some((kind) => error instanceof kind), String(error));
          assert(
            error.message.includes(name),
            `${sample.pathname}, round ${round}: ${error.message}\n${error.stack}`,
          );
        }
      }
    }
  });
}
