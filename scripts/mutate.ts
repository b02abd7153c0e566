/**
 * Changes one place of the code at a time, runs the tests that should notice, and says which changes none did: where the
 * tests do not bite. Works in a copy of the project, by hand, never in CI: a change takes seconds to minutes.
 *
 * ```sh
 * deno run -A scripts/mutate.ts --area optim --count 20
 * deno run -A scripts/mutate.ts --file packages/core/scope.ts --kinds guard,release --seed 3
 * deno run -A scripts/mutate.ts --area cpu --also tests/conformance_test.ts
 * ```
 *
 * A change that survives is a missing test, or one without effect: look at it. Exits with 0 whatever survives.
 *
 * @module
 */

import { isTest, packageOf, readProject } from "./check_layers.ts";
import { ProjectCopy } from "./mutate/copy.ts";
import { chooseMutants, findMutants } from "./mutate/find.ts";
import { describe, type Kind, KINDS } from "./mutate/mutant.ts";
import { type Outcome, Trials } from "./mutate/trial.ts";
import { count, onOff, runProgram, text, UsageError, type Values } from "@troodon/cli/flags";
import { ROOT } from "./run_deno.ts";

const FLAGS = {
  area: text(
    "NAMES",
    "Packages to change, with commas between them",
    undefined,
    "all, unless --file is given",
  ),
  file: text("PATHS", "Modules to change, from the root, with commas between them", undefined),
  kinds: text("NAMES", `Kinds of changes: ${KINDS.join(", ")}`, undefined, "all"),
  count: count("How many changes", 20),
  seed: count("Seed of the choice", 0, { min: 0 }),
  also: text("PATHS", "Tests to run after those of the package, with commas between them", ""),
  timeout: count("Least seconds until tests are taken for endless", 20),
  memory: count("MiB that tests may take", 3072),
  list: onOff("Print the changes and run nothing"),
  json: onOff("Print one JSON object at the end"),
};

const namesOf = (list: string | undefined): readonly string[] => list?.split(",").filter(Boolean) ?? [];

function kindsOf(list: string | undefined): readonly Kind[] {
  const names = namesOf(list);
  const unknown = names.find((name) => !KINDS.some((kind) => kind === name));
  if (unknown !== undefined) {
    throw new UsageError(`--kinds must be some of ${KINDS.join(", ")}: current one is ${unknown}`);
  }
  return names.length === 0 ? KINDS : KINDS.filter((kind) => names.includes(kind));
}

/** The modules that may be changed. */
function targetsOf(
  files: ReadonlyMap<string, string>,
  { area, file }: Values<typeof FLAGS>,
): readonly string[] {
  const areas = namesOf(area), wanted = namesOf(file);
  const missing = wanted.find((path) => !files.has(path));
  if (missing !== undefined) {
    throw new UsageError(`--file must name modules of the project: there is no ${missing}`);
  }
  const targets = wanted.length > 0 ? wanted : [...files.keys()].filter((path) => {
    const name = packageOf(path);
    return name !== undefined && !isTest(path) && !/test_support\.ts$/.test(path) &&
      (areas.length === 0 ? name !== "testing" : areas.includes(name));
  });
  if (targets.length === 0) {
    throw new UsageError(`--area must name packages: current ones are ${areas.join(", ")}`);
  }
  return targets;
}

function printTable(outcomes: readonly Outcome[], nameOf: (outcome: Outcome) => string): void {
  const row = (name: string, ...cells: readonly (string | number)[]) =>
    console.log(name.padEnd(14) + cells.map((cell) => String(cell).padStart(10)).join(""));
  row("", "tried", "caught", "survived", "invalid", "caught %");
  for (const [name, group] of [...Map.groupBy(outcomes, nameOf), ["all", outcomes] as const]) {
    const of = (end: Outcome["end"]) => group.filter((outcome) => outcome.end === end).length;
    const valid = group.length - of("invalid");
    const percent = valid === 0 ? "" : (100 * of("caught") / valid).toFixed(0);
    row(name, group.length, of("caught"), of("survived"), of("invalid"), percent);
  }
}

async function main(options: Values<typeof FLAGS>): Promise<void> {
  const { count, seed, also, timeout, memory, list, json } = options;
  const kinds = kindsOf(options.kinds), files = await readProject();
  const targets = targetsOf(files, options);
  using copy = await ProjectCopy.create(ROOT);
  const stop = new AbortController();
  const onInterrupt = () => stop.abort(new DOMException("Interrupted", "AbortError"));
  Deno.addSignalListener("SIGINT", onInterrupt);
  Deno.addSignalListener("SIGTERM", onInterrupt);
  const all = await findMutants(copy.root, targets);
  const chosen = chooseMutants(all, { seed, count, kinds });
  console.log(`${chosen.length} of ${all.length} changes of ${targets.length} modules, seed ${seed}`);
  const trials = new Trials(copy, files, {
    also: namesOf(also),
    timeout,
    bytes: memory * 2 ** 20,
    signal: stop.signal,
  });
  const outcomes: Outcome[] = [];
  try {
    for (const mutant of chosen) {
      const shown = describe(mutant, files.get(mutant.path)!);
      if (list) {
        console.log(shown);
        continue;
      }
      const outcome = await trials.try(mutant);
      outcomes.push(outcome);
      const by = outcome.by && ` (${outcome.by})`;
      console.log(`${outcome.end}${by} ${outcome.seconds.toFixed(1)} s  ${shown}`);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.log("Interrupted");
  }
  if (list) return;
  console.log();
  printTable(outcomes, ({ mutant }) => packageOf(mutant.path) ?? "other");
  console.log();
  printTable(outcomes, ({ mutant }) => mutant.kind);
  if (json) console.log(JSON.stringify({ seed, outcomes }));
}

await runProgram({
  usage: "deno run -A scripts/mutate.ts [flags]",
  about: "Changes one place of the code at a time and says which changes the tests do not notice.",
  flags: FLAGS,
  main: ({ values }) => main(values),
}, Deno.args);
