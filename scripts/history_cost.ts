/**
 * Measures what a long history costs: the time of a step of a loop of 500 to 4,000 steps that lets `tidy` free what a
 * step made, and of an unrolled LSTMCell, backward pass included. It should not depend on the length. `--check` exits
 * with 1 where a step of the longest loop takes over 1.3 times as long as one of the shortest.
 *
 * @module
 */

import {
  chooseDevice,
  LSTMCell,
  manualSeed,
  ones,
  Scope,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from "@troodon/troodon";
import { count, number, onOff, runProgram, type Values } from "@troodon/cli/flags";

const FLAGS = {
  rounds: count("Rounds; the least time of each length counts", 3),
  budget: count("Seconds for one loop: one that may take longer is left out", 60),
  check: onOff("Exit with 1 where the longest loop's step takes too long"),
  limit: number("How many times as long as the shortest loop's it may take", 1.3, { min: 1 }),
};

const LENGTHS = [500, 1000, 2000, 4000];
const BATCH = 4, INPUT = 8, HIDDEN = 16;

/** A chain of small steps, each in a `tidy`. */
function chain(steps: number): void {
  using _ = new Scope();
  const w = tensor([0.5, 0.25, -0.5], { requiresGrad: true });
  let y = tensor([1, 2, 3]);
  for (let i = 0; i < steps; i++) y = tidy(() => y.mul(w).add(1).tanh());
  y.sum().backward();
}

function unroll(
  steps: number,
  step: (run: () => readonly [Tensor, Tensor]) => readonly [Tensor, Tensor],
): void {
  using _ = new Scope();
  const cell = new LSTMCell(INPUT, HIDDEN), x = ones([BATCH, INPUT]);
  let state: readonly [Tensor, Tensor] = [zeros([BATCH, HIDDEN]), zeros([BATCH, HIDDEN])];
  for (let i = 0; i < steps; i++) state = step(() => cell.forward(x, state));
  state[0].sum().backward();
  for (const p of cell.parameters()) p.dispose();
}

const LOOPS: Readonly<Record<string, (steps: number) => void>> = {
  "y = tidy(() => y.mul(w).add(1).tanh())": chain,
  "LSTMCell, its state through tidy": (steps) => unroll(steps, tidy),
  "LSTMCell in one Scope": (steps) => unroll(steps, (run) => run()),
};

function secondsOf(run: () => void): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

/** Seconds of each length, in the order of {@linkcode LENGTHS}; Infinity where the loop was left out. */
function measure(loop: (steps: number) => void, rounds: number, budget: number): number[] {
  loop(50);
  const least = LENGTHS.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [i, steps] of LENGTHS.entries()) {
      // A step may grow faster than the loop: 2 ** 2.5 times the time for twice the steps.
      if (i > 0 && least[i - 1]! * (steps / LENGTHS[i - 1]!) ** 2.5 > budget) continue;
      least[i] = Math.min(least[i]!, secondsOf(() => loop(steps)));
    }
  }
  return least;
}

async function main({ rounds, budget, check, limit }: Values<typeof FLAGS>): Promise<void> {
  await chooseDevice("cpu");
  manualSeed(0);
  console.log(
    `${"milliseconds a step".padEnd(42)}${LENGTHS.map((n) => String(n).padStart(9)).join("")}    ratio`,
  );
  const slow: string[] = [];
  for (const [name, loop] of Object.entries(LOOPS)) {
    const perStep = measure(loop, rounds, budget).map((seconds, i) => 1000 * seconds / LENGTHS[i]!);
    const ratio = perStep.at(-1)! / perStep[0]!;
    const shown = perStep.map((ms) => Number.isFinite(ms) ? ms.toFixed(3) : "left out");
    console.log(`${name.padEnd(42)}${[...shown, ratio.toFixed(2)].map((cell) => cell.padStart(9)).join("")}`);
    if (!(ratio <= limit)) slow.push(name);
  }
  if (check && slow.length > 0) {
    throw new RangeError(
      `Steps must take at most ${limit} times as long in a long loop: current loops that do not are ${
        slow.join("; ")
      }`,
    );
  }
}

await runProgram({
  usage: "deno run -A scripts/history_cost.ts [flags]",
  about: "Measures the time of a step in loops of 500 to 4,000 steps with gradients.",
  flags: FLAGS,
  main: ({ values }) => main(values),
}, Deno.args);
