/** Prints the results of reading damaged files. */
import type { Line } from "./child.ts";
import { fuzzFiles, type FuzzFilesOptions, type Tally } from "./fuzz_files.ts";
import { FORMATS } from "./table.ts";

/** Prints a finding: the changes, the result, the path of the files, and the command that reproduces it. */
export function showFinding(
  { format, n, sample, done, fault, message, stack, kept }: Line,
  seed: number,
): string {
  const again = `deno task fuzz --files --seed ${seed} --only "${format}" --from ${n} --count 1`;
  const said =
    (stack ?? message)?.split("\n").slice(0, 4).map((line) => `\n    ${line.slice(0, 300)}`).join("") ?? "";
  return `${format}, ${sample}, ${done.join(" and ")}: ${fault}${said}\n    ${kept ?? ""}\n    ${again}`;
}

/** Prints the results of all formats as a table. */
export function showTallies(tallies: readonly Tally[]): string {
  const width = Math.max(...tallies.map(({ format }) => format.length));
  const line = (name: string, numbers: readonly (string | number)[]): string =>
    `${name.padEnd(width)}${numbers.map((number) => String(number).padStart(10)).join("")}`;
  return [
    line("", ["tried", "read", "refused", "compared", "findings"]),
    ...tallies.map(({ format, tried, read, refused, compared, findings }) =>
      line(format, [tried, read, refused, compared, findings.length])
    ),
  ].join("\n");
}

/**
 * Reads damaged files, prints each finding and a table, and returns the number of findings. Files with
 * findings remain in a temporary folder.
 *
 * @throws {RangeError} If a name in `only` is not a format.
 */
export async function reportFiles(options: FuzzFilesOptions): Promise<number> {
  const unknown = options.only?.find((name) => FORMATS.every((format) => format.name !== name));
  if (unknown !== undefined) {
    const names = FORMATS.map(({ name }) => name).join(", ");
    throw new RangeError(`Cannot damage files of the format ${unknown} as it must be one of ${names}`);
  }
  const folder = await Deno.makeTempDir({ prefix: "troodon_fuzz_" });
  const tallies = await fuzzFiles(options, folder), findings = tallies.flatMap((tally) => tally.findings);
  for (const finding of findings) console.log(`${showFinding(finding, options.seed)}\n`);
  console.log(showTallies(tallies));
  if (findings.length === 0) await Deno.remove(folder, { recursive: true });
  else console.log(`\nThe files of ${findings.length} findings are in ${folder}`);
  return findings.length;
}
