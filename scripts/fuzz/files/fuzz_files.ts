/** `deno task fuzz --files`: tests every file reader with damaged files. */
import { differenceOf } from "./against.ts";
import type { Job, Line } from "./child.ts";
import type { FileFormat } from "./file_format.ts";
import { OtherReaders } from "./other_readers.ts";
import { runFiles } from "./run_files.ts";
import { FORMATS } from "./table.ts";

/** Options of a fuzzing run. */
export interface FuzzFilesOptions {
  readonly seed: number;
  /** Total number of changed files. */
  readonly count: number;
  /** Names of the formats to test (default: all). */
  readonly only?: readonly string[];
  /** Index of the first mutant of each format to read (default 0). */
  readonly from?: number;
  /** Python interpreter whose libraries also read the files. */
  readonly against?: string;
}

/** Results of the files of a format. */
export interface Tally {
  readonly format: string;
  tried: number;
  read: number;
  refused: number;
  /** Number of files that another reader has also read. */
  compared: number;
  readonly findings: Line[];
}

/** Distributes `count` over formats. */
function jobsFor(formats: readonly FileFormat[], count: number, from: number): Job[] {
  return formats.flatMap(({ name }, i) => {
    const share = Math.floor(count * (i + 1) / formats.length) - Math.floor(count * i / formats.length);
    return share > 0 ? [{ format: name, from, to: from + share }] : [];
  });
}

/**
 * Reads `count` changed files, and counts the results by format.
 *
 * @param folder Folder for temporary files; files with findings remain in it.
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
