/** Formats readings as table rows. */
import { type Configuration, nameOf } from "./configuration.ts";
import type { Reading } from "./reading.ts";

/** Header of the table. */
export const TABLE_HEAD: string =
  "| configuration | buffers | KiB | process, MiB | times |\n|---|--:|--:|--:|--:|";

/** Returns the ratio of the last reading to the first. */
export function growthOf(readings: readonly Reading[]): Record<"buffers" | "bytes" | "rss", number> {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last) throw new RangeError("Cannot compare readings as there are none");
  return {
    buffers: last.buffers / first.buffers,
    bytes: last.bytes / first.bytes,
    rss: last.rss / first.rss,
  };
}

/** Formats the row of a configuration: its first and last reading. */
export function rowOf(configuration: Configuration, readings: readonly Reading[]): string {
  const pair = (of: (reading: Reading) => number): string =>
    [readings[0], readings.at(-1)].map((reading) => reading ? of(reading).toFixed(0) : "").join(" → ");
  const cells = [
    nameOf(configuration),
    pair(({ buffers }) => buffers),
    pair(({ bytes }) => bytes / 1024),
    pair(({ rss }) => rss / 2 ** 20),
    growthOf(readings).rss.toFixed(3),
  ];
  return `| ${cells.join(" | ")} |`;
}
