import type { ComputeType, MatmulCall } from "@troodon/core";
import { body, computeType, expr, relaid, rowMajor, sizeOf } from "@troodon/core/kernel";
import { type Draft, entry, grid, type Planned, type Planner, type PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { dtypeOf, kindOf } from "../wgsl/types.ts";
import { reduce } from "./reduce.ts";
import { isShared, type Tile, tileFor } from "./matmul_tile.ts";
import { roundsFor } from "./product_rounds.ts";

const PRODUCT = body(expr.mul(expr.input(0), expr.input(1)));

/** Products so narrow, or so few, that each is a dot product. */
const NARROW = 4, FEW = 1024;

/** Matrix products; see {@linkcode MatmulCall}. */
export function matmul(
  planner: Planner,
  call: Planned<MatmulCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const output = outputs[0]!;
  if (sizeOf(output.shape) === 0) return [];
  const [m, n] = [output.shape.at(-2)!, output.shape.at(-1)!], k = inputs[0]!.shape.at(-1)!;
  const kind = kindOf(computeType(output.dtype));
  // There are no tiles of int64.
  if (kind === "l" || m <= NARROW || n <= NARROW || m * n <= FEW || k === 0) {
    return dots(planner, call, inputs, output, k);
  }
  const batches = sizeOf(output.shape.slice(0, -2));
  const tile = tileFor(batches, m, n, k);
  if (tile.splits === 1) return multiply(planner, call, inputs, output, tile);
  // Workgroups share the sum; what each has found is added up in order.
  const dtype = dtypeOf(kind), buffer = planner.scratch(4 * tile.splits * sizeOf(output.shape));
  const partial = { buffer, dtype, shape: output.shape, strides: rowMajor(output.shape), offset: 0 };
  return [
    ...multiply(planner, { kernel: "matmul" }, inputs.slice(0, 2), partial, tile),
    addUp(planner, call, partial, inputs.slice(2), output, tile.splits),
  ];
}

/** The kind of numbers that tiles are of. */
const tiledKind = (compute: ComputeType): "f" | "i" => compute === "float32" ? "f" : "i";

/** Each product as a reduction over k. */
function dots(
  planner: Planner,
  { epilogue, scalars }: Planned<MatmulCall>,
  [a, b, ...rest]: readonly PlanView[],
  output: PlanView,
  k: number,
): Draft[] {
  const rank = output.shape.length;
  const batch = (v: PlanView): readonly number[] => v.strides.slice(0, rank - 2);
  const shape = [...output.shape, k];
  const ended = (v: PlanView): PlanView => relaid(v, [...v.shape, 1], [...v.strides, 0]);
  return reduce(
    planner,
    {
      kernel: "reduce",
      op: "sum",
      body: PRODUCT,
      ...(epilogue && { post: epilogue }),
      compute: computeType(output.dtype),
      scalars,
      shape,
      axes: [rank],
      read: 2,
    },
    [
      relaid(a!, shape, [...batch(a!), a!.strides.at(-2)!, 0, a!.strides.at(-1)!]),
      relaid(b!, shape, [...batch(b!), 0, b!.strides.at(-1)!, b!.strides.at(-2)!]),
      ...rest.map(ended),
    ],
    [ended(output)],
  );
}

function multiply(
  planner: Planner,
  { epilogue, scalars }: Planned<MatmulCall>,
  inputs: readonly PlanView[],
  output: PlanView,
  tile: Tile,
): Draft[] {
  const operands = new Operands(inputs, [output]), last = operands.views.length - 1;
  const compute = inputs[0]!.dtype === output.dtype
    ? computeType(output.dtype)
    : computeType(inputs[0]!.dtype);
  const kind = tiledKind(compute), rank = output.shape.length, batch = output.shape.slice(0, -2);
  const [m, n] = output.shape.slice(-2) as [number, number], k = inputs[0]!.shape.at(-1)!;
  const extents = { batches: sizeOf(batch), m, n, k };
  const { text, round, finish: finishRounds } = roundsFor(planner, operands, tile, extents, kind);
  const finish = epilogue && text.body("finish", epilogue, compute, scalars);
  const base = (t: number): string => offsetOf(operands.views[t]!.strides.slice(0, -2), "p");
  const placeOf = (t: number, column: string): string => {
    const [rows, columns] = operands.views[t]!.strides.slice(-2);
    return `base${t} + row * ${rows! >>> 0}u + ${column} * ${columns! >>> 0}u`;
  };
  const place = (t: number): string => placeOf(t, "column");
  const split = tile.splits > 1 ? ` + split * ${text.size(sizeOf(output.shape))}` : "";
  const finished = (value: string, place: (t: number) => string, column: string): string =>
    finish
      ? finish.call(
        (i) => i === 0 ? value : `${text.load(i + 1, kind)}(${place(i + 1)})`,
        (axis) => axis === rank - 1 ? column : axis === rank - 2 ? "row" : `p${axis}`,
      )
      : value;
  const put = kind === "f" && isShared(tile) && inFours(output, output.shape.length - 1)
    ? text.storeQuad(last)
    : undefined;
  const left = fours(text, inputs, 0, tile), right = fours(text, inputs, 1, tile);
  return finishRounds("matmul", {
    ...(left.along && { leftQuad: left.along }),
    ...(left.down && { leftTurned: left.down }),
    ...(right.along && { rightQuad: right.along }),
    ...(right.down && { rightTurned: right.down }),
    kind,
    size: (n) => text.size(n),
    ...extents,
    ...(round && { round }),
    setup: [
      ...positions({ extents: batch }, "batch", "p"),
      ...operands.views.map((_, t) => `let base${t} = ${base(t)};`),
    ],
    left: (row, k) => {
      const [rows, columns] = inputs[0]!.strides.slice(-2);
      return `${text.load(0, kind)}(base0 + ${row} * ${rows! >>> 0}u + ${k} * ${columns! >>> 0}u)`;
    },
    right: (k, column) => {
      const [rows, columns] = inputs[1]!.strides.slice(-2);
      return `${text.load(1, kind)}(base1 + ${k} * ${rows! >>> 0}u + ${column} * ${columns! >>> 0}u)`;
    },
    leftAlong: Math.abs(inputs[0]!.strides.at(-1)!) <= Math.abs(inputs[0]!.strides.at(-2)!),
    rightAlong: Math.abs(inputs[1]!.strides.at(-2)!) < Math.abs(inputs[1]!.strides.at(-1)!),
    store: put
      ? ""
      : `${text.store(last, kind)}(${place(last)}${split}, ${finished("value", place, "column")});`,
    ...(put && {
      storeQuad: `${put}((${place(last)}${split}) / 4u, vec4f(${
        ["x", "y", "z", "w"].map((lane, c) =>
          finished(`values.${lane}`, (t) => placeOf(t, `(column + ${c}u)`), `(column + ${c}u)`)
        ).join(", ")
      }));`,
    }),
  });
}

/** Whether the elements of a view lie side by side along an axis, every line beginning with four. */
function inFours({ shape, strides }: PlanView, axis: number): boolean {
  return strides[axis] === 1 && shape[axis]! % 4 === 0 && strides.every((s, a) => a === axis || s % 4 === 0);
}

type Four = (row: string, column: string) => string;

/** Loads of four neighbors in a row of a matrix, or in a column, where all of these begin with four. */
function fours(
  text: ShaderText,
  inputs: readonly PlanView[],
  t: number,
  tile: Tile,
): { along?: Four; down?: Four } {
  const view = inputs[t]!, { strides } = view, rank = strides.length;
  const along = inFours(view, rank - 1), down = !along && inFours(view, rank - 2);
  const load = isShared(tile) && (along || down) ? text.loadQuad(t) : undefined;
  if (load === undefined) return {};
  const [rows, columns] = strides.slice(-2).map((s) => s >>> 0);
  const four: Four = (row, column) =>
    `${load}((base${t} + ${row} * ${rows}u + ${column} * ${columns}u) / 4u)`;
  return along ? { along: four } : { down: four };
}

/** The sums of the parts, with the epilogue applied. */
function addUp(
  { traits }: Planner,
  { epilogue, scalars }: Planned<MatmulCall>,
  partial: PlanView,
  rest: readonly PlanView[],
  output: PlanView,
  splits: number,
): Draft {
  const size = sizeOf(output.shape), compute = computeType(output.dtype);
  const operands = new Operands([partial, ...rest], [output]);
  const kind = kindOf(compute), text = new ShaderText(traits, operands);
  const finish = epilogue && text.body("finish", epilogue, compute, scalars);
  const last = operands.views.length - 1;
  const place = (t: number): string => offsetOf(operands.views[t]!.strides, "p");
  const value = finish
    ? finish.call((i) => i === 0 ? "value" : `${text.load(i, kind)}(${place(i)})`, (axis) => `p${axis}`)
    : "value";
  const all = text.size(size);
  const main = entry(all, [
    ...positions({ extents: output.shape }, "i", "p"),
    `var value = ${text.load(0, kind)}(i);`,
    `for (var s = 1u; s < ${text.size(splits)}; s++) { value += ${text.load(0, kind)}(i + s * ${all}); }`,
    `${text.store(last, kind)}(${place(last)}, ${value});`,
  ]);
  return text.finish("matmul", main, grid(size), { steps: splits });
}
