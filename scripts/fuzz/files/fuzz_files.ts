/** `deno task fuzz --files`: every reader of files against damaged files. */
import { differenceOf } from "./against.ts";
import type { Job, Line } from "./child.ts";
import type { FileFormat } from "./file_format.ts";
import { OtherReaders } from "./other_readers.ts";
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
  /** The Python whose libraries read the files as well. */
  readonly against?: string;
}

/** What came of the files of a format. */
export interface Tally {
  readonly format: string;
  tried: number;
  read: number;
  refused: number;
  /** Files that another reader has read as well. */
  compared: number;
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
  { seed, count, only, from = 0, against }: FuzzFilesOptions,
  folder: string,
): Promise<readonly Tally[]> {
  const formats = FORMATS.filter(({ name }) => only === undefined || only.includes(name));
  const tallies = new Map<string, Tally>(
    formats.map((
      { name },
    ) => [name, { format: name, tried: 0, read: 0, refused: 0, compared: 0, findings: [] }]),
  );
  const kept: Line[] = [];
  const onLine = (line: Line): void => {
    const tally = tallies.get(line.format)!;
    tally.tried++;
    if (line.value !== null) tally.read++;
    else tally.refused++;
    if (line.fault !== null) tally.findings.push(line);
    else if (line.kept !== null) kept.push(line);
  };
  const keepsRead = against !== undefined;
  await runFiles({ seed, jobs: jobsFor(formats, count, from), folder, keepsRead }, onLine);
  if (against !== undefined) {
    await using others = new OtherReaders(against);
    for (const line of kept) {
      const { against } = formats.find(({ name }) => name === line.format)!,
        tally = tallies.get(line.format)!;
      const fault = await differenceOf(line, against!, others);
      tally.compared++;
      if (fault !== null) tally.findings.push({ ...line, fault });
    }
  }
  return [...tallies.values()];
}
