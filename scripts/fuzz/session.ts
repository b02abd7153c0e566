/** Draws and runs programs in batches, and compares their outcomes with PyTorch's. */
import { Generator } from "@troodon/core";
import type { Device } from "@troodon/core";
import { calledBy, compare, type TorchTrace } from "./compare.ts";
import { type DrawnProgram, drawProgram } from "./draw_program.ts";
import { judge } from "./judge.ts";
import type { Known } from "./known_kind.ts";
import { namesThere } from "./names.ts";
import { NOT_CALLED } from "./not_called.ts";
import { shrink, type Shrunk } from "./shrink.ts";
import type { TorchProcess } from "./torch_process.ts";

/** Options of a session. */
export interface SessionOptions {
  readonly seed: number;
  readonly count: number;
  readonly device: Device;
  readonly torch: TorchProcess;
  /** Names to call (default: all). */
  readonly only?: readonly string[];
  /** Called with each difference of unknown kind. */
  onDifference(found: Shrunk, seed: number): void;
}

/** Findings of a session. */
export interface Findings {
  readonly programs: number;
  readonly statements: number;
  /** Number of programs that differ, by known kind. */
  readonly known: ReadonlyMap<Known, number>;
  readonly unknown: number;
  /** Number of calls of each name that both libraries accepted. */
  readonly calls: ReadonlyMap<string, number>;
  /** Names that were called too seldom: fewer than 20 times in 20,000 programs. */
  readonly seldom: readonly string[];
}

const BATCH = 50;

/** Returns a function that deals names in random order, endlessly. */
export function deck(names: readonly string[], seed: number): () => string {
  const generator = new Generator(seed);
  let rest: string[] = [];
  return () => {
    if (rest.length === 0) rest = [...names];
    return rest.splice(generator.integer(rest.length), 1)[0]!;
  };
}

/** Draws programs, runs them in both libraries, and judges their differences. */
export async function runSession(options: SessionOptions): Promise<Findings> {
  const { seed, count, device, torch, only, onDifference } = options;
  const names = (only ?? namesThere()).filter((name) => !NOT_CALLED.has(name) && name !== "torch.no_grad");
  const next = deck(names, seed), known = new Map<Known, number>(), calls = new Map<string, number>();
  let unknown = 0, statements = 0;
  const settle = async (batch: readonly DrawnProgram[], first: number, answer: Promise<TorchTrace[]>) => {
    const traces = await answer;
    for (const [i, { program, here }] of batch.entries()) {
      statements += program.length;
      program.forEach((statement, step) => {
        const name = calledBy(program, step);
        if ("call" in statement && statement.ng === true) {
          calls.set("torch.no_grad", (calls.get("torch.no_grad") ?? 0) + 1);
        }
        if ("y" in here.steps[step]! && "y" in traces[i]!.run.steps[step]!) {
          calls.set(name, (calls.get(name) ?? 0) + 1);
        }
      });
      const difference = compare(program, here, traces[i]!);
      if (difference === null) continue;
      const kind = await judge({ program, here, there: traces[i]! }, difference, device, torch);
      if (kind !== null) {
        known.set(kind, (known.get(kind) ?? 0) + 1);
        continue;
      }
      unknown++;
      onDifference(await shrink(program, difference, device, torch), first + i);
    }
  };
  let pending: (() => Promise<void>) | null = null;
  for (let at = 0; at < count; at += BATCH) {
    const first = seed * 1_000_000 + at, batch: DrawnProgram[] = [];
    for (let i = 0; i < Math.min(BATCH, count - at); i++) batch.push(drawProgram(first + i, device, next));
    await pending?.();
    const answer = torch.ask<TorchTrace[]>(batch.map(({ program }) => program));
    pending = () => settle(batch, first, answer);
  }
  await pending?.();
  const least = Math.floor(count / 1000);
  const seldom = names.filter((name) => (calls.get(name) ?? 0) < least);
  return { programs: count, statements, known, unknown, calls, seldom };
}
