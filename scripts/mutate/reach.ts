/** Line coverage of each test. */
import { join } from "@std/path";
import type { BoundedRun } from "./bounded_run.ts";

/** Runs `deno` with arguments in the project. */
export type RunDeno = (args: readonly string[]) => Promise<BoundedRun>;

/** Lines that a test runs, by module path relative to the root. */
export type Lines = ReadonlyMap<string, ReadonlySet<number>>;

/** Measurement of a test without a change. */
export interface MeasuredTest {
  readonly seconds: number;
  readonly lines: Lines;
}

/** Parses the covered lines of an lcov report: `SF:` names a module, `DA:line,count` one of its lines. */
export function linesOf(report: string, root: string): Lines {
  const found = new Map<string, Set<number>>();
  let lines = new Set<number>();
  for (const row of report.split("\n")) {
    if (row.startsWith("SF:")) found.set(row.slice(3).replace(`${root}/`, ""), lines = new Set());
    const [, line, count] = row.match(/^DA:(\d+),(\d+)/) ?? [];
    if (Number(count) > 0) lines.add(Number(line));
  }
  return found;
}

/**
 * Runs a test and records the lines of the project that it runs, except those in workers and subprocesses.
 *
 * @throws {RangeError} If the test fails.
 */
export async function measure(test: string, root: string, run: RunDeno): Promise<MeasuredTest> {
  const folder = await Deno.makeTempDir({ prefix: "troodon_reach_" });
  try {
    const tested = await run(["--coverage-raw-data-only", `--coverage=${folder}`, test]);
    if (tested.end !== "success") {
      throw new RangeError(
        `Cannot try changes as tests must pass unchanged: current output is\n${tested.output.slice(-3000)}`,
      );
    }
    const file = join(folder, "lines.lcov");
    await new Deno.Command(Deno.execPath(), {
      args: ["coverage", "--lcov", `--output=${file}`, folder],
      cwd: root,
      stdout: "null",
      stderr: "null",
    }).output();
    const report = await Deno.readTextFile(file).catch(() => "");
    return { seconds: tested.seconds, lines: linesOf(report, root) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the `tests` that run a line of `path` from `first` to `last`; all of them if none does. */
export function reaching(
  tests: ReadonlyMap<string, MeasuredTest>,
  path: string,
  [first, last]: readonly [first: number, last: number],
): string[] {
  const runsIt = ({ lines }: MeasuredTest): boolean => {
    const own = lines.get(path);
    for (let line = first; line <= last; line++) if (own?.has(line)) return true;
    return false;
  };
  const found = [...tests].filter(([, test]) => runsIt(test)).map(([name]) => name);
  return found.length > 0 ? found : [...tests.keys()];
}
