/** Random graphs of tensors for the tests of passes. */
import {
  cat,
  type Device,
  matmul,
  maximum,
  rand,
  Scope,
  softmax,
  stack,
  type Tensor,
  tensor,
  where,
} from "@troodon/core";

/** Function that draws an integer from 0 to `n` - 1. */
export type Draw = (n: number) => number;

/** A source of numbers (mulberry32). */
export function drawsOf(seed: number): Draw {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const SHAPES: readonly (readonly number[])[] = [
  [4, 6],
  [6],
  [4, 1],
  [2, 4, 6],
  [24],
  [6, 4],
  [3, 4, 2],
  [1],
  [],
];

/** Tensors that a graph starts with and changes in place. */
export function leavesOf(device: Device, draw: Draw): Tensor[] {
  return SHAPES.slice(0, 6).map((shape) => {
    const size = shape.reduce((n, extent) => n * extent, 1);
    const values = Float32Array.from({ length: size }, () => draw(2001) / 1000 - 1);
    return tensor(values, { device }).reshape([...shape]);
  });
}

/** One step of a graph: computes a tensor from existing ones; null if it is not applicable. */
type Rule = (x: Tensor, others: readonly Tensor[], draw: Draw) => Tensor | null;

const pick = <T>(list: readonly T[], draw: Draw): T => list[draw(list.length)]!;

/** Another tensor that broadcasts with `x`. */
function partner(x: Tensor, others: readonly Tensor[], draw: Draw): Tensor | null {
  const fitting = others.filter((y) =>
    y !== x && y.dtype === "float32" && y.shape.every((extent, i) => {
      const own = x.shape[x.shape.length - y.shape.length + i];
      return own !== undefined && (extent === own || extent === 1);
    })
  );
  return fitting.length === 0 ? null : pick(fitting, draw);
}

const withPartner = (f: (x: Tensor, y: Tensor) => Tensor): Rule => (x, others, draw) => {
  const y = partner(x, others, draw);
  return y && f(x, y);
};

/** False for expanded tensors, which cannot be changed in place. */
const hasOwnPlaces = (x: Tensor): boolean => x.strides.every((stride, i) => stride !== 0 || x.shape[i] === 1);

const RULES: readonly Rule[] = [
  (x) => x.tanh(),
  (x) => x.relu(),
  (x) => x.square().add(1).sqrt(),
  (x) => x.sigmoid(),
  (x) => x.mul(0.5).add(0.25),
  (x) => x.abs().neg(),
  withPartner((x, y) => x.add(y)),
  withPartner((x, y) => x.mul(y)),
  withPartner((x, y) => x.sub(y.mul(2))),
  withPartner((x, y) => maximum(x, y)),
  withPartner((x, y) => where(x.lt(y), x, y.expand([...x.shape]))),
  withPartner((x, y) => x.le(0.1).logicalAnd(y.gt(0)).to("float32")),
  (x, _, draw) => x.ndim < 2 ? null : x.transpose(draw(x.ndim), draw(x.ndim)),
  (x, _, draw) =>
    x.ndim === 0 ? null : x.flatten().reshape(
      [...pick([[-1], [2, -1], [-1, 2], [1, -1]], draw)].map((n) => x.numel() % 2 ? (n === 2 ? 1 : n) : n),
    ),
  (x, _, draw) => x.ndim === 0 || x.shape[0]! < 2 ? null : x.narrow(0, draw(x.shape[0]! - 1), 1 + draw(2)),
  (x) => x.ndim === 0 || x.shape.at(-1)! < 3 ? null : x.narrow(-1, 1, 2),
  (x) => x.ndim > 2 ? null : x.unsqueeze(0).expand([2, ...x.shape]),
  (x, _, draw) => x.ndim === 0 ? null : x.sum(draw(x.ndim), { keepdim: draw(2) === 0 }),
  (x, _, draw) => x.ndim === 0 ? null : x.mean(draw(x.ndim), { keepdim: true }),
  (x, _, draw) => x.ndim === 0 ? null : x.amax(draw(x.ndim)),
  (x) => x.sum(),
  (x, others, draw) => {
    const y = others.find((y) =>
      y.ndim >= 2 && x.ndim >= 2 && y.dtype === "float32" && y.shape.at(-2) === x.shape.at(-1) && y.ndim === 2
    );
    return y ? matmul(x, y).mul(0.5).add(draw(2)) : null;
  },
  (x) => x.ndim < 2 ? null : matmul(x, x.transpose(-1, -2)).relu(),
  (x) => x.ndim === 0 ? null : softmax(x, -1),
  (x) => x.ndim === 0 ? null : cat([x, x.mul(2).tanh()], 0),
  (x) => x.ndim > 2 ? null : stack([x.tanh(), x.neg()], -1),
  (x) => x.to("float16").to("float32"),
  (x) => x.mul(3).to("int32").to("float32"),
  (x) => x.add(rand([...x.shape], { device: x.device })),
  (x) => x.ndim === 0 ? null : x.cumsum(-1),
  (x) => x.ndim === 0 ? null : x.sort(-1).values,
  (x) => x.clone().transpose(0, -1).contiguous(),
  withPartner((x, y) => hasOwnPlaces(x) ? x.add_(y) : x.add(y)),
  (x) => hasOwnPlaces(x) ? x.mul_(0.75) : null,
  (x) => hasOwnPlaces(x) ? x.tanh_() : null,
];

/** Builds a graph of `steps` ops on `leaves`; returned tensors are kept, all others freed. */
export function graph(leaves: readonly Tensor[], draw: Draw, steps: number): Tensor[] {
  using scope = new Scope();
  const tensors = [...leaves];
  for (let count = 0; count < steps;) {
    const x = pick(draw(3) === 0 ? tensors : tensors.slice(-4), draw);
    if (x.dtype !== "float32") continue;
    const y = pick(RULES, draw)(x, tensors, draw);
    if (y === null || y.numel() > 200 || y.numel() === 0) continue;
    tensors.push(y);
    count++;
  }
  const made = tensors.slice(leaves.length),
    kept = made.filter((_, i) => i === made.length - 1 || draw(3) === 0);
  for (const y of kept) scope.keep(y);
  return kept;
}
