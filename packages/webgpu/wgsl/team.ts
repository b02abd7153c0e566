/** Lines of elements brought together by teams of threads: the frame of reductions and normalizations. */

import type { WorkLimits } from "../plan/work.ts";
import { agree, type Carried } from "./agree.ts";
import type { EntryPoint } from "./entry_point.ts";
import type { ShaderText } from "./shader.ts";

/** How a workgroup is shared out: `rows` lines at once, `lanes` threads for each, `splits` workgroups for a line. */
export interface Team {
  readonly rows: number;
  readonly lanes: number;
  readonly splits: number;
  /** Whether neighboring threads work on one line, rather than on neighboring ones. */
  readonly along: boolean;
}

/** What is carried from element to element. */
export type State = Omit<Carried, "name">;

/** One walk over a line, and how the threads of a team agree on its result. */
export interface Round {
  /** Variables a0, a1, ... of each thread. */
  readonly states: readonly State[];
  /** Takes element `k` of line `row` into them. */
  readonly step: readonly string[];
  /** Takes b0, b1, ... of another thread into them; it must not matter which of two is which. */
  readonly merge: readonly string[];
  /** Run by all threads with the result in a0, a1, ...: may declare what later rounds read. */
  readonly then?: readonly string[];
}

const MOST = 256;
/** Elements that a thread takes at least, where that leaves enough threads. */
const ELEMENTS = 8;
/** Workgroups that keep a large GPU busy. */
const BUSY = 512;

function powerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(n, 1)));
}

/** A team for `lines` of `length`. `splittable`: several workgroups may share a line, and do where one would take too many steps. */
export function teamFor(
  { steps: most }: WorkLimits,
  lines: number,
  length: number,
  along: boolean,
  splittable: boolean,
): Team {
  const wide = along ? MOST : Math.max(8, MOST / powerOfTwo(lines));
  const lanes = Math.min(powerOfTwo(length / ELEMENTS), wide);
  const rows = Math.min(powerOfTwo(lines), MOST / lanes);
  const steps = length / lanes, groups = Math.ceil(lines / rows);
  const useful = Math.min(Math.floor(steps / 16), Math.floor(BUSY / groups));
  const splits = splittable ? Math.max(1, Math.ceil(steps / most), useful) : 1;
  return { rows, lanes, splits, along };
}

/** Workgroups of a team for `lines`. */
export function teamGroups({ rows, splits }: Team, lines: number): readonly [number, number, number] {
  const groups = Math.ceil(lines / rows), folds = Math.ceil(groups / 65535);
  return [Math.ceil(groups / folds), folds, splits];
}

/** Steps that one thread of a team takes for lines of `length` in so many walks over them. */
export function teamSteps({ lanes, splits }: Team, length: number, walks = 1): number {
  return walks * Math.ceil(Math.ceil(length / splits) / lanes);
}

/**
 * The entry point. `setup` is run once in each thread whose `row` exists;
 * `done` by the first thread of each line after the last round; `each` by all,
 * for each element `k`. Barriers stand outside of all conditions.
 */
export function teamMain(
  text: ShaderText,
  team: Team,
  { lines, length, setup, rounds, each, done }: {
    readonly lines: number;
    readonly length: number;
    readonly setup: readonly string[];
    readonly rounds: readonly Round[];
    readonly each?: readonly string[];
    readonly done?: readonly string[];
  },
): EntryPoint {
  const { rows, lanes, splits, along } = team;
  const size = rows * lanes, part = Math.ceil(length / splits);
  const parts = text.size(part);
  const party = { size, lanes, stride: along ? 1 : rows };
  const indent = (code: readonly string[], by = "  "): string[] => code.map((line) => by + line);
  const loop = (step: readonly string[]): string[] => [
    `for (var k = first; k < last; k += ${lanes}u) {`,
    ...indent(step),
    "}",
  ];
  const shared: string[] = [], body: string[] = [];
  rounds.forEach(({ states, step, merge, then }, n) => {
    const carried = states.map((state, s) => ({ ...state, name: `r${n}_${s}` }));
    const names = carried.map(({ name }) => name);
    const written = (lines: readonly string[], a: readonly string[], b: readonly string[] = []): string[] =>
      lines.map((line) => line.replace(/\b([ab])(\d)\b/g, (_, of, s) => (of === "a" ? a : b)[s]!));
    body.push(...carried.map(({ name, identity }) => `var ${name} = ${identity};`));
    body.push("if (exists) {", ...indent(written(loop(step), names)), "}");
    const { declarations, statements } = agree(text, party, carried, (a, b) => written(merge, a, b));
    shared.push(...declarations);
    body.push(...statements, ...written(then ?? [], names));
  });
  const last = rounds.length - 1;
  const final = (line: string): string => line.replace(/\ba(\d)\b/g, `r${last}_$1`);
  return {
    shared,
    threads: size,
    numbers: "groups",
    body: [
      `let line = ${along ? `local / ${lanes}u` : `local % ${rows}u`};`,
      `let lane = ${along ? `local % ${lanes}u` : `local / ${rows}u`};`,
      `let row = (group.x + group.y * groups.x) * ${rows}u + line;`,
      `let exists = row < ${text.size(lines)};`,
      `let first = group.z * ${parts} + lane;`,
      `let last = min(${text.size(length)}, (group.z + 1u) * ${parts});`,
      ...setup,
      ...body,
      ...(each ? ["if (exists) {", ...indent(loop(each).map(final)), "}"] : []),
      ...(done ? ["if (exists && lane == 0u) {", ...indent(done.map(final)), "}"] : []),
    ],
  };
}
