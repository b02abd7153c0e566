/** Tries changes: do the tests notice? */
import { ROOT } from "../run_deno.ts";
import type { ProjectCopy } from "./copy.ts";
import { type BoundedRun, runBounded } from "./bounded_run.ts";
import { linesOf as linesOfMutant, type Mutant, mutated } from "./mutant.ts";
import { measure, type MeasuredTest, reaching } from "./reach.ts";
import { type Stage, stagesOf } from "./stages.ts";

/** What became of a change: `invalid` is a text that does not parse. */
export interface Outcome {
  readonly mutant: Mutant;
  readonly end: "caught" | "survived" | "invalid";
  /** The tests that caught it, and how: by failing, or by a limit. */
  readonly by: string;
  readonly seconds: number;
}

/** Options of {@linkcode Trials}. */
export interface TrialOptions {
  /** Tests that run after those of the package: files or folders. */
  readonly also: readonly string[];
  /** The least seconds until a run is taken for endless; one that takes long unchanged has five times as long. */
  readonly timeout: number;
  /** Bytes that a run may take. */
  readonly bytes: number;
  /** Ends the run that is under way. */
  readonly signal: AbortSignal;
}

/** A change may make tests write to the wrong places: not to the project itself. */
const SAFE = `--deny-write=${ROOT}`;

/** What Deno says of a module that it cannot parse, unlike a SyntaxError that a test throws: with the line in a frame. */
const NOT_PARSED = /^error: SyntaxError: .*\n +\|\n *\d+ \|/m;

/** Runs tests in a copy of the project. */
export class Trials {
  readonly #copy: ProjectCopy;
  readonly #files: ReadonlyMap<string, string>;
  readonly #options: TrialOptions;
  /** Seconds of tests that pass unchanged, by their paths. */
  readonly #unchanged = new Map<string, number>();
  /** Measurements of unchanged tests by path. */
  readonly #measured = new Map<string, MeasuredTest>();

  /**
   * Trials in `copy`.
   *
   * @param files The modules of the project by their path from the root.
   */
  constructor(copy: ProjectCopy, files: ReadonlyMap<string, string>, options: TrialOptions) {
    this.#copy = copy;
    this.#files = files;
    this.#options = options;
  }

  #run({ paths, filter }: Stage, seconds: number): Promise<BoundedRun> {
    return this.#runDeno([...filter === undefined ? [] : ["--filter", filter], ...paths], seconds);
  }

  #runDeno(args: readonly string[], seconds: number): Promise<BoundedRun> {
    const { bytes, signal } = this.#options;
    const heap = Math.floor(bytes / 2 ** 20);
    const flags = [
      "test",
      "-A",
      "--no-check",
      "--fail-fast",
      SAFE,
      `--v8-flags=--max-old-space-size=${heap}`,
    ];
    return runBounded([...flags, ...args], this.#copy.root, { seconds, bytes, signal });
  }

  /** Seconds that a stage may take: it must pass unchanged. */
  async #limitOf(stage: Stage): Promise<number> {
    const key = [...stage.paths, stage.filter].join("\n");
    let seconds = this.#unchanged.get(key);
    if (seconds === undefined) {
      const run = await this.#run(stage, 3600);
      if (run.end !== "success") {
        throw new RangeError(
          `Cannot try changes as tests must pass unchanged: current output is\n${run.output.slice(-3000)}`,
        );
      }
      this.#unchanged.set(key, seconds = run.seconds);
    }
    return Math.max(this.#options.timeout, 5 * seconds);
  }

  /** Returns the stage restricted to the tests of a package that run the changed lines. */
  async #reaching(stage: Stage, mutant: Mutant, source: string): Promise<readonly [Stage, number]> {
    const tests = new Map<string, MeasuredTest>();
    for (const path of stage.paths) {
      let known = this.#measured.get(path);
      if (known === undefined) {
        known = await measure(path, this.#copy.root, (args) => this.#runDeno(args, 3600));
        this.#options.signal.throwIfAborted();
        this.#measured.set(path, known);
      }
      tests.set(path, known);
    }
    const paths = reaching(tests, mutant.path, linesOfMutant(mutant, source));
    const seconds = paths.reduce((sum, path) => sum + tests.get(path)!.seconds, 0);
    return [{ ...stage, paths }, Math.max(this.#options.timeout, 5 * seconds)];
  }

  /** Runs the tests nearest to the change first, until some catch it. */
  async try(mutant: Mutant): Promise<Outcome> {
    const stages = stagesOf(mutant.path, this.#files, this.#options.also);
    let seconds = 0;
    const source = this.#files.get(mutant.path)!;
    for (const found of stages) {
      const [stage, limit] = found.name === "package"
        ? await this.#reaching(found, mutant, source)
        : [found, await this.#limitOf(found)];
      const run = await this.#copy.with(mutant.path, mutated(source, mutant), () => this.#run(stage, limit));
      seconds += run.seconds;
      this.#options.signal.throwIfAborted();
      if (run.end === "success") continue;
      if (run.end === "failure" && NOT_PARSED.test(run.output)) {
        return { mutant, end: "invalid", by: "", seconds };
      }
      return {
        mutant,
        end: "caught",
        by: run.end === "failure" ? stage.name : `${stage.name}, ${run.end}`,
        seconds,
      };
    }
    return { mutant, end: "survived", by: "", seconds };
  }
}
