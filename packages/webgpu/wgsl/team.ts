/** Lines of elements brought together by teams of threads: the frame of reductions and normalisations. */

/** How a workgroup is shared out: `rows` lines at once, `lanes` threads for each, `splits` workgroups for a line. */
export interface Team {
  readonly rows: number;
  readonly lanes: number;
  readonly splits: number;
  /** Whether neighbouring threads work on one line, rather than on neighbouring ones. */
  readonly along: boolean;
}

/** What is carried from element to element. */
export interface State {
  readonly type: string;
  readonly identity: string;
}

/** One walk over a line, and how the threads of a team agree on its result. */
export interface Round {
  /** Variables a0, a1, ... of each thread. */
  readonly states: readonly State[];
  /** Takes element `k` of line `row` into them. */
  readonly step: readonly string[];
  /** Takes b0, b1, ... of another thread into them. */
  readonly merge: readonly string[];
  /** Run by all threads with the result in a0, a1, ...: may declare what later rounds read. */
  readonly then?: readonly string[];
}

const MOST = 256;
/** Elements that a thread takes at least, where that leaves enough threads. */
const ELEMENTS = 8;
/** Steps of one thread at most: lavapipe ends loops after 65535. */
const STEPS = 16384;
/** Workgroups that keep a large GPU busy. */
const BUSY = 512;

function powerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(n, 1)));
}

/** A team for `lines` of `length`. `splittable`: several workgroups may share a line. */
export function teamFor(lines: number, length: number, along: boolean, splittable: boolean): Team {
  const wide = along ? MOST : Math.max(8, MOST / powerOfTwo(lines));
  const lanes = Math.min(powerOfTwo(length / ELEMENTS), wide);
  const rows = Math.min(powerOfTwo(lines), MOST / lanes);
  const steps = length / lanes, groups = Math.ceil(lines / rows);
  const useful = Math.min(Math.floor(steps / 16), Math.floor(BUSY / groups));
  const splits = splittable ? Math.max(1, Math.ceil(steps / STEPS), useful) : 1;
  return { rows, lanes, splits, along };
}

/** Workgroups of a team for `lines`. */
export function teamGroups({ rows, splits }: Team, lines: number): readonly [number, number, number] {
  const groups = Math.ceil(lines / rows), folds = Math.ceil(groups / 65535);
  return [Math.ceil(groups / folds), folds, splits];
}

/**
 * The entry point. `setup` is run once in each thread whose `row` exists;
 * `done` by the first thread of each line after the last round; `each` by all,
 * for each element `k`. Barriers stand outside of all conditions.
 */
export function teamMain(
  team: Team,
  { lines, length, setup, rounds, each, done }: {
    readonly lines: number;
    readonly length: number;
    readonly setup: readonly string[];
    readonly rounds: readonly Round[];
    readonly each?: readonly string[];
    readonly done?: readonly string[];
  },
): string {
  const { rows, lanes, splits, along } = team;
  const size = rows * lanes, part = Math.ceil(length / splits);
  const at = (lane: string): string => along ? `line * ${lanes}u + ${lane}` : `(${lane}) * ${rows}u + line`;
  const indent = (code: readonly string[], by = "  "): string[] => code.map((line) => by + line);
  const loop = (step: readonly string[]): string[] => [
    `for (var k = first; k < last; k += ${lanes}u) {`,
    ...indent(step),
    "}",
  ];
  const shared: string[] = [], body: string[] = [];
  rounds.forEach(({ states, step, merge, then }, n) => {
    states.forEach(({ type, identity }, s) => {
      shared.push(`var<workgroup> shared${n}_${s}: array<${type}, ${size}>;`);
      body.push(`var r${n}_${s} = ${identity};`);
    });
    const named = (line: string): string =>
      line.replace(/\ba(\d)\b/g, `r${n}_$1`).replace(/\bb(\d)\b/g, `o${n}_$1`);
    body.push("if (exists) {", ...indent(loop(step).map(named)), "}");
    const put = states.map((_, s) => `shared${n}_${s}[local] = r${n}_${s};`);
    for (let half = lanes / 2; half >= 1; half /= 2) {
      body.push(
        ...put,
        "workgroupBarrier();",
        `if (lane < ${half}u) {`,
        ...indent(states.map((_, s) => `let o${n}_${s} = shared${n}_${s}[${at(`lane + ${half}u`)}];`)),
        ...indent(merge.map(named)),
        "}",
        "workgroupBarrier();",
      );
    }
    if (then || each || n < rounds.length - 1) {
      if (lanes > 1) {
        body.push(
          ...put,
          "workgroupBarrier();",
          ...states.map((_, s) => `r${n}_${s} = shared${n}_${s}[${at("0u")}];`),
        );
      }
      body.push(...(then ?? []).map(named));
    }
  });
  const last = rounds.length - 1;
  const final = (line: string): string => line.replace(/\ba(\d)\b/g, `r${last}_$1`);
  return [
    ...(lanes > 1 ? shared : []),
    `@compute @workgroup_size(${size})`,
    "fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u, " +
    "@builtin(num_workgroups) groups: vec3u) {",
    ...indent([
      `let line = ${along ? `local / ${lanes}u` : `local % ${rows}u`};`,
      `let lane = ${along ? `local % ${lanes}u` : `local / ${rows}u`};`,
      `let row = (group.x + group.y * groups.x) * ${rows}u + line;`,
      `let exists = row < ${lines}u;`,
      `let first = group.z * ${part}u + lane;`,
      `let last = min(${length}u, (group.z + 1u) * ${part}u);`,
      ...setup,
      ...body,
      ...(each ? ["if (exists) {", ...indent(loop(each).map(final)), "}"] : []),
      ...(done ? ["if (exists && lane == 0u) {", ...indent(done.map(final)), "}"] : []),
    ]),
    "}",
  ].join("\n");
}
