/** `deno task fuzz --files`: every reader of files against damaged files. */
import type { Job, Line } from "./child.ts";
import type { FileFormat } from "./file_format.ts";
import { runFiles } from "./run_files.ts";
import { FORMATS } from "./table.ts";

/** What to read. */
export interface FuzzFilesOptions {
  readonly seed: number;
  /** Number of changed files in all. */
  readonly count: number;
  /** Formats by name; all by default. */
  readonly only?: readonly string[];
  /** Reads mutant number `from` of each format and those after it (default 0). */
  readonly from?: number;
}

/** What came of the files of a format. */
export interface Tally {
  readonly format: string;
  tried: number;
  read: number;
  refused: number;
  readonly findings: Line[];
}

/** Splits `count` among formats. */
function jobsFor(formats: readonly FileFormat[], count: number, from: number): Job[] {
  return formats.flatMap(({ name }, i) => {
    const share = Math.floor(count * (i + 1) / formats.length) - Math.floor(count * i / formats.length);
    return share > 0 ? [{ format: name, from, to: from + share }] : [];
  });
}

/**
 * Reads `count` changed files, and tallies what came of them by format.
 *
 * @param folder Where files lie while they are read, and those with findings stay.
 */
export async function fuzzFiles(
  { seed, count, only, from = 0 }: FuzzFilesOptions,
  folder: string,
): Promise<readonly Tally[]> {
  const formats = FORMATS.filter(({ name }) => only === undefined || only.includes(name));
  const tallies = new Map<string, Tally>(
    formats.map(({ name }) => [name, { format: name, tried: 0, read: 0, refused: 0, findings: [] }]),
  );
  const onLine = (line: Line): void => {
    const tally = tallies.get(line.format)!;
    tally.tried++;
    if (line.value !== null) tally.read++;
    else tally.refused++;
    if (line.fault !== null) tally.findings.push(line);
  };
  await runFiles({ seed, jobs: jobsFor(formats, count, from), folder, keepsRead: false }, onLine);
  return [...tallies.values()];
}
