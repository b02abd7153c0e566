/**
 * Troodon and other frameworks in turns on one machine: `deno task bench:peers --help`.
 *
 * Every side measures a group of workloads in a process of its own. Processes of all sides follow each other round
 * by round, so that a busy spell of the machine falls on all of them; medians over the rounds are shown.
 */
import { parseOptions, USAGE } from "./options.ts";
import { merge, type Result, type Results } from "./results.ts";
import { choose, measures, type Side, SIDES } from "./sides.ts";
import type { Job } from "./sides/side.ts";
import type { Workload } from "./kinds.ts";
import { groupsOf, WORKLOADS } from "./workloads.ts";
import { between, describe } from "./tables.ts";
import { describeMachine } from "@troodon/cli/doctor";

/** The machine in a line. */
function machineLine(): string {
  const { runtime, system, processor, threads } = describeMachine();
  return `${processor ?? "unknown processor"}, ${threads} threads, ${system}, ${runtime}`;
}

/** What a side printed: its version, and a line for each workload. */
interface Answer {
  readonly version: string;
  readonly lines:
    readonly (Pick<Result, "error" | "loss"> & { readonly name: string; readonly seconds?: number })[];
}

if (Deno.args.includes("--help")) {
  console.log(USAGE);
  Deno.exit(0);
}
const options = parseOptions(Deno.args, Deno.env.get("TROODON_DATA"));
const folder = `${import.meta.dirname}/sides`;

/** Runs a side once; null if it is not installed or did not end in time. */
async function ask(side: Side, workloads: readonly Workload[]): Promise<Answer | string> {
  const job: Job = { ...options, workloads, threads: side.threads, compiled: side.compiled ?? false };
  const python = side.file.endsWith(".py");
  const before = python ? ["-W", "ignore"] : ["run", "-A", "--no-check", "--no-lock"];
  const child = new Deno.Command(python ? options.python : Deno.execPath(), {
    args: [...before, `${folder}/${side.file}`, JSON.stringify(job)],
    env: side.env ?? {},
    signal: AbortSignal.timeout(options.patience * 1000),
  });
  const { success, stdout, stderr, signal } = await child.output();
  const text = new TextDecoder();
  const [first, ...rest] = text.decode(stdout).trim().split("\n").filter((line) => line.startsWith("{"));
  if (first !== undefined) return { ...JSON.parse(first), lines: rest.map((line) => JSON.parse(line)) };
  if (signal !== null) return `took more than ${options.patience} s`;
  if (success) return "printed nothing";
  const said = text.decode(stderr).trim().split("\n");
  return said.findLast((line) => /error/i.test(line)) ?? said.at(-1)!;
}

const everyone = choose(SIDES, options.peers), workloads = choose(WORKLOADS, options.workloads);
const trainings = new Set(workloads.filter(({ kind }) => kind === "epoch").map(({ name }) => name));
const versions: Record<string, string> = {};
const found = new Map<string, Result>();
const absent = new Set<Side>();

function note(side: Side, { name, seconds, loss, error }: Answer["lines"][number]): void {
  const key = `${name} ${side.name}`;
  const before = found.get(key)?.seconds ?? [];
  found.set(key, {
    ...{ workload: name, side: side.name, seconds: seconds === undefined ? before : [...before, seconds] },
    ...(loss === undefined ? {} : { loss }),
    ...(trainings.has(name) ? { images: options.limit } : {}),
    ...(error === undefined ? {} : { error }),
  });
}

const older: Results | undefined = options.merge
  ? await Deno.readTextFile(options.json!).then(JSON.parse).catch(() => undefined)
  : undefined;

/** All results up to now. */
function collect(): Results {
  const date = new Date().toISOString().slice(0, 10), results = [...found.values()];
  const now = { date, machine: machineLine(), versions, results };
  return older === undefined ? now : merge(older, now);
}

/** After every process, so that a run may be ended at any time. */
async function save(): Promise<void> {
  if (options.json === undefined) return;
  await Deno.writeTextFile(options.json, `${JSON.stringify(collect(), null, 2)}\n`);
}

for (const group of groupsOf(workloads)) {
  const failed = new Set<Side>();
  const sides = everyone.filter((side) => measures(side, group[0]!));
  for (let round = 0; round < options.rounds; round++) {
    for (const side of sides) {
      if (absent.has(side) || failed.has(side)) continue;
      const answer = await ask(side, group);
      if (typeof answer === "string") {
        absent.add(side);
        console.error(`Without ${side.title}: ${answer}`);
        continue;
      }
      versions[side.name] = answer.version;
      for (const line of answer.lines) note(side, line);
      const done = new Set(answer.lines.map(({ name }) => name));
      for (const { name } of group.filter(({ name }) => !done.has(name))) {
        note(side, { name, error: `took more than ${options.patience} s` });
      }
      const useless = answer.lines.every(({ error }) => error !== undefined);
      if (useless || done.size < group.length) failed.add(side);
      console.error(`${group[0]!.kind} ${group[0]!.name}, round ${round + 1}: ${side.title}`);
      await save();
    }
  }
}

const report = describe(collect());
console.log(report);
if (options.write) {
  const page = new URL("../README.md", import.meta.url);
  await Deno.writeTextFile(page, between(await Deno.readTextFile(page), report));
}
