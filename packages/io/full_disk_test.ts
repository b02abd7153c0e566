import { assert, assertEquals } from "@std/assert";
import { formatBytes, isDiskFull, wordDiskFull } from "./full_disk.ts";

Deno.test("wordDiskFull() says what is missing, and passes other errors on", () => {
  const cause = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  const error = wordDiskFull(cause, "a", 5_000_000, 800_000) as RangeError;
  assert(error instanceof RangeError && isDiskFull(error) && !isDiskFull(new Error("ENOSPC")));
  assertEquals(
    error.message,
    "Cannot write a as the disk must have room for 5.0 MB: it is full, and 4.2 MB are missing",
  );
  const other = new Deno.errors.NotFound("a");
  assertEquals(wordDiskFull(other, "a", 1, 0), other);
});

Deno.test("formatBytes() has two or three digits", () => {
  const found = [0, 999, 999.6, 1000, 99_949, 99_950, 999_499, 999_500, 3e12, 5e15].map(formatBytes);
  assertEquals(found, [
    ...["0 bytes", "999 bytes", "1.0 kB", "1.0 kB", "99.9 kB", "100 kB", "999 kB", "1.0 MB"],
    ...["3.0 TB", "5000 TB"],
  ]);
});
