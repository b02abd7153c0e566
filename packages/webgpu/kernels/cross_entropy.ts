/** The loss of classification: of rows, and brought together. */
import type {
  CrossEntropyCall,
  CrossEntropyGradCall,
  CrossEntropyLossCall,
  CrossEntropyLossGradCall,
} from "@troodon/core";
import { body, expr as e, relaid } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { reportIndex } from "../status.ts";
import { scalarFunction } from "../wgsl/scalar_bodies.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { type Team, teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { map } from "./map.ts";
import { ITSELF, reduce, reduceTogether } from "./reduce.ts";
import { areLong } from "./rows.ts";
import { longSoftmax, softmaxRounds } from "./softmax.ts";

/** See {@linkcode CrossEntropyCall}. */
export function crossEntropy(
  planner: Planner,
  { ignoreIndex }: Planned<CrossEntropyCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows === 0) return [];
  const { traits, limits, status } = planner, team = teamFor(limits, rows, n, true, false);
  if (areLong(planner, team, [rows, n], 3)) return longCrossEntropy(planner, ignoreIndex, inputs, outputs);
  const operands = new Operands(inputs, outputs), reports = operands.append(status);
  const text = new ShaderText(traits, operands);
  text.declare(reports, "atomic<i32>");
  text.define("report_index", reportIndex("crossEntropy", reports));
  text.use("opaque");
  const load = text.load(0, "f"), x = `${load}(row * ${n}u + k)`, both = softmaxRounds(text, x);
  // Outputs are losses and log-probabilities, in this order: operands 2 and 3.
  const loss = text.store(2, "f");
  const main = teamMain(text, team, {
    lines: rows,
    length: n,
    setup: [],
    rounds: [both[0]!, { ...both[1]!, then: [`let scale = ${scalarFunction(text, "logarithm")}(a0);`] }],
    each: [`${text.store(3, "f")}(row * ${n}u + k, opaque(${x} - top) - scale);`],
    done: [
      `let class_ = ${text.load(1, "i")}(row * ${inputs[1]!.strides[0]! >>> 0}u);`,
      `if (class_ == ${ignoreIndex}) {`,
      `  ${loss}(row, 0f);`,
      `} else if (class_ < 0 || class_ >= ${n}) {`,
      `  report_index(class_, ${n}u);`,
      "} else {",
      `  ${loss}(row, scale - opaque(${load}(row * ${n}u + u32(class_)) - top));`,
      "}",
    ],
  });
  return [text.finish("crossEntropy", main, teamGroups(team, rows), { steps: teamSteps(team, n, 3) })];
}

/** Of rows that several workgroups share. */
function longCrossEntropy(
  planner: Planner,
  ignoreIndex: number,
  [x, classes]: readonly PlanView[],
  [losses, y]: readonly PlanView[],
): Draft[] {
  const [rows, n] = x!.shape as [number, number];
  const { drafts, top, scale } = longSoftmax(planner, "logSoftmax", x!, y!);
  const operands = new Operands([x!, classes!, top, scale], [losses!]);
  const reports = operands.append(planner.status), text = new ShaderText(planner.traits, operands);
  text.declare(reports, "atomic<i32>");
  text.define("report_index", reportIndex("crossEntropy", reports));
  const [load, known, most, sum] = [0, 1, 2, 3].map((t) => text.load(t, t === 1 ? "i" : "f"));
  const loss = text.store(4, "f");
  const main = entry(text.size(rows), [
    `let class_ = ${known}(i * ${classes!.strides[0]! >>> 0}u);`,
    `if (class_ == ${ignoreIndex}) { ${loss}(i, 0f); return; }`,
    `if (class_ < 0 || class_ >= ${n}) { report_index(class_, ${n}u); return; }`,
    `${loss}(i, ${sum}(i) + ${most}(i) - ${load}(i * ${n}u + u32(class_)));`,
  ]);
  return [...drafts, text.finish("crossEntropy", main, grid(rows))];
}

/** Classes of a row, and elements in all, that one workgroup takes a row a thread: the loss is a single dispatch then. */
const SHORT = 128, SMALL = 2 ** 16;
/** Threads that bring losses together, one or more rows each: few of them for few rows, or many. */
const FEW = 32, MOST = 256;

/** See {@linkcode CrossEntropyLossCall}. */
export function crossEntropyLoss(
  planner: Planner,
  { ignoreIndex, reduction }: Planned<CrossEntropyLossCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [x, classes] = inputs as [PlanView, PlanView], [rows, n] = x.shape as [number, number];
  const [loss, y, ...count] = outputs as [PlanView, PlanView, ...PlanView[]];
  const lanes = rows <= FEW ? FEW : MOST, { steps: most } = planner.limits;
  const team: Team = { rows: 1, lanes, splits: 1, along: true };
  const small = n <= SHORT && rows * n <= SMALL && teamSteps(team, rows, 3 * n) <= most;
  const drafts: Draft[] = [];
  let given: readonly PlanView[] = inputs;
  if (!small) {
    const buffer = planner.scratch(4 * rows);
    const each = { buffer, dtype: "float32", shape: [rows], strides: [1], offset: 0 } as const;
    drafts.push(...crossEntropy(planner, { kernel: "crossEntropy", ignoreIndex }, inputs, [each, y]));
    given = [each, classes];
    if (teamSteps(team, rows) > most) {
      return [...drafts, ...longLoss(planner, ignoreIndex, each, classes, [loss, ...count])];
    }
  }
  const operands = new Operands(given, small ? [loss, y, ...count] : [loss, ...count]);
  const status = small ? operands.append(planner.status) : -1;
  const text = new ShaderText(planner.traits, operands);
  const mean = reduction === "mean", picked = text.load(1, "i");
  const main = teamMain(text, team, {
    lines: 1,
    length: rows,
    setup: [],
    rounds: [{
      states: [{ type: "f32", identity: "0f" }, { type: "f32", identity: "0f" }],
      step: [
        `let class_ = ${picked}(k * ${classes.strides[0]! >>> 0}u);`,
        ...(small
          ? rowOf(text, n, ignoreIndex, status)
          : [`let known = true;`, `let loss = ${text.load(0, "f")}(k);`]),
        `if (known && class_ != ${ignoreIndex}) { a0 += loss; a1 += 1f; }`,
      ],
      merge: ["a0 += b0;", "a1 += b1;"],
    }],
    done: [
      `${text.store(2, "f")}(0u, ${mean ? "select(a0 / a1, nan(), bitcast<u32>(a1) == 0u)" : "a0"});`,
      ...(mean ? [`${text.store(operands.views.length - 1, "f")}(0u, a1);`] : []),
    ],
  });
  const steps = teamSteps(team, rows, small ? 3 * n : 1);
  drafts.push(text.finish("crossEntropyLoss", main, teamGroups(team, 1), { steps }));
  return drafts;
}

const [SUM, COUNT] = [0, 1].map(e.input) as [e.Expr, e.Expr];
const MEAN = body(e.where(e.equal(COUNT, 0), NaN, e.div(SUM, COUNT)));

/** The sum of the losses of so many rows that several workgroups share them or, with a count as second output, the mean. */
function longLoss(
  planner: Planner,
  ignoreIndex: number,
  losses: PlanView,
  classes: PlanView,
  [loss, count]: readonly PlanView[],
): Draft[] {
  const { shape } = losses,
    call = { kernel: "reduce", op: "sum", compute: "float32", shape, axes: [0] } as const;
  const one = (view: PlanView): PlanView => relaid(view, [1], [1]);
  if (count === undefined) return reduce(planner, { ...call, body: ITSELF }, [losses], [one(loss!)]);
  const counted = body(e.notEqual(e.input(1), ignoreIndex));
  const sum = { ...one(loss!), buffer: planner.scratch(4), dtype: "float32" as const, offset: 0 };
  return [
    ...reduceTogether(planner, { ...call, bodies: [ITSELF, counted] }, [losses, classes], [sum, one(count)]),
    ...map(planner, { kernel: "map", body: MEAN, compute: "float32", shape: [1] }, [sum, one(count)], [
      one(loss!),
    ]),
  ];
}

/** Statements that store the log-probabilities of row `k` and give its `loss`, if its class is `known`. */
function rowOf(text: ShaderText, n: number, ignoreIndex: number, status: number): string[] {
  const load = text.load(0, "f"), value = `${load}(k * ${n}u + c)`;
  text.use("greatest");
  text.use("opaque");
  text.declare(status, "atomic<i32>");
  text.define("report_index", reportIndex("crossEntropy", status));
  const over = (statement: string): string => `for (var c = 0u; c < ${n}u; c++) { ${statement} }`;
  return [
    "var top = -inf();",
    over(`top = greatest(top, ${value});`),
    "var total = 0f;",
    over(`total += ${scalarFunction(text, "exponential")}(${value} - top);`),
    `let scale = ${scalarFunction(text, "logarithm")}(total);`,
    over(`${text.store(3, "f")}(k * ${n}u + c, opaque(${value} - top) - scale);`),
    `let known = class_ >= 0 && class_ < ${n};`,
    `if (!known && class_ != ${ignoreIndex}) { report_index(class_, ${n}u); }`,
    `let loss = scale - opaque(${load}(k * ${n}u + select(0u, u32(class_), known)) - top);`,
  ];
}

/** See {@linkcode CrossEntropyGradCall}. */
export function crossEntropyGrad(
  planner: Planner,
  { ignoreIndex }: Planned<CrossEntropyGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  return gradient(planner, ignoreIndex, inputs, outputs);
}

/** See {@linkcode CrossEntropyLossGradCall}. */
export function crossEntropyLossGrad(
  planner: Planner,
  { ignoreIndex }: Planned<CrossEntropyLossGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const rows = outputs[0]!.shape[0]!, all = (view: PlanView): PlanView => relaid(view, [rows], [0]);
  const [g, y, classes, ...count] = inputs as [PlanView, PlanView, PlanView, ...PlanView[]];
  return gradient(planner, ignoreIndex, [all(g), y, classes, ...count.map(all)], outputs);
}

/** (exp(y) - [class]) * g, by the number of rows that count where it is given. */
function gradient(
  { traits }: Planner,
  ignoreIndex: number,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = outputs[0]!.shape as [number, number], count = rows * n;
  if (count === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands);
  text.use("unordered");
  const [g, , classes, whole] = inputs.map((v) => `row * ${v.strides[0]! >>> 0}u`);
  const each = `${text.load(0, "f")}(${g})`;
  const main = entry(text.size(count), [
    `let row = i / ${n}u;`,
    `let class_ = ${text.load(2, "i")}(${classes});`,
    `let p = ${scalarFunction(text, "exponential")}(${text.load(1, "f")}(i));`,
    `let share = select(p, p - 1f, class_ == i32(i % ${n}u));`,
    `let factor = ${whole === undefined ? each : `${each} / ${text.load(3, "f")}(${whole})`};`,
    // NaN stays, as it does in a product with 0.
    `let none = select(0f, p, unordered(p));`,
    `${text.store(inputs.length, "f")}(i, select(share * factor, none, class_ == ${ignoreIndex}));`,
  ]);
  return [text.finish("crossEntropyGrad", main, grid(count))];
}
