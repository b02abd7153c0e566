/** Every method of a tensor does what the function of its name does. */
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import * as core from "./mod.ts";
import { Device, Generator, ReferenceBackend, Scope, Tensor, tensor } from "./mod.ts";
import { MATH_CALLS, MATH_RENAMED } from "./math_calls_support_test.ts";
import { POSITION_CALLS } from "./position_calls_support_test.ts";

const device = new Device(new ReferenceBackend(), { generator: new Generator(1) });

/** Operands that tell the arguments of each function apart. */
interface Operands {
  /** [2, 3], all between 0 and 1. */
  readonly x: Tensor;
  /** [2, 3], between 1 and 3. */
  readonly y: Tensor;
  /** [2, 3], bool. */
  readonly mask: Tensor;
  /** int32 [2, 3], of 0 and 1. */
  readonly index: Tensor;
  /** int32 [3]. */
  readonly n: Tensor;
  /** [3, 3], positive definite. */
  readonly square: Tensor;
  /** int32 [2, 3]. */
  readonly bits: Tensor;
  /** [2, 4, 6, 6], images. */
  readonly images: Tensor;
}

function makeOperands(): Operands {
  const f = (data: core.NestedArray): Tensor => tensor(data, { device, dtype: "float64" });
  const i = (data: core.NestedArray): Tensor => tensor(data, { device, dtype: "int32" });
  return {
    x: f([[0.1, 0.7, 0.3], [0.9, 0.2, 0.5]]),
    y: f([[1.5, 2.5, 1.1], [2.2, 1.7, 2.9]]),
    mask: tensor([[true, false, true], [false, false, true]], { device }),
    index: i([[0, 1, 0], [1, 1, 0]]),
    n: i([1, 0, 1]),
    square: f([[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 5]]),
    bits: i([[1, 6, 12], [3, 5, 9]]),
    images: core.arange(0, 288, 1, { device }).to("float64").reshape([2, 4, 6, 6]).sin(),
  };
}

type Arguments = (o: Operands) => readonly [receiver: Tensor, ...rest: unknown[]];

const unary: Arguments = ({ x }) => [x];
const binary: Arguments = ({ x, y }) => [x, y];
const whole: Arguments = ({ bits, index }) => [bits, index.add(2)];
const square: Arguments = ({ square }) => [square];
const overAxis: Arguments = ({ x }) => [x, 1, { keepdim: true }];
const along: Arguments = ({ x }) => [x, 0];

/** How to call methods that take more than a tensor of [2, 3] in all its options. */
const CALLS: Readonly<Record<string, Arguments>> = {
  ...POSITION_CALLS,
  ...MATH_CALLS,
  ...Object.fromEntries(
    "add sub mul div maximum minimum pow atan2 fmod remainder hypot logaddexp eq ne lt le gt ge logicalAnd logicalOr logicalXor floorDivide isclose allclose equal copy_ add_ sub_ mul_ div_ pow_ remainder_ fmod_ floorDivide_ expandAs"
      .split(" ").map((name) => [name, binary]),
  ),
  ...Object.fromEntries("bitwiseAnd bitwiseOr bitwiseXor".split(" ").map((name) => [name, whole])),
  ...Object.fromEntries(
    "sum mean prod amax amin all any countNonzero argmax argmin max min median var std logsumexp varMean"
      .split(" ").map((name) => [name, overAxis]),
  ),
  ...Object.fromEntries(
    "cumsum cumprod logcumsumexp cummax cummin softmax logSoftmax softmin argsort sort".split(" ").map((
      name,
    ) => [name, along]),
  ),
  ...Object.fromEntries(
    "matrixExp inverse det slogdet logdet cholesky pinverse trace t".split(" ").map((name) => [name, square]),
  ),
  argsort: ({ x }) => [x, 0, { descending: true }],
  sort: ({ x }) => [x, 0, { descending: true }],
  isclose: ({ x, y }) => [x, y, { atol: 1.3 }],
  allclose: ({ x, y }) => [x, y, { atol: 3 }],
  where: ({ x, y, mask }) => [x, mask, y],
  maskedFill: ({ x, mask }) => [x, mask, 7],
  maskedFill_: ({ x, mask }) => [x, mask, 7],
  clamp: ({ x }) => [x, { min: 0.2, max: 0.6 }],
  clamp_: ({ x }) => [x, { min: 0.2, max: 0.6 }],
  lerp: ({ x, y }) => [x, y, 0.25],
  lerp_: ({ x, y }) => [x, y, 0.25],
  addcmul: ({ x, y }) => [x, y, y.add(1), { value: 2 }],
  addcdiv: ({ x, y }) => [x, y, y.add(1), { value: 2 }],
  addcmul_: ({ x, y }) => [x, y, y.add(1), { value: 2 }],
  addcdiv_: ({ x, y }) => [x, y, y.add(1), { value: 2 }],
  nanToNum: ({ x }) => [x.log().div(0), { nan: 1, posinf: 2, neginf: 3 }],
  norm: ({ x }) => [x, 3, 1, { keepdim: true }],
  topk: ({ x }) => [x, 2, 1, { largest: false }],
  reshape: ({ x }) => [x, [3, 2]],
  view: ({ x }) => [x, [3, 2]],
  flatten: ({ images }) => [images, 1, 2],
  asStrided: ({ x }) => [x, [2, 2], [1, 2], 1],
  asStridedScatter: ({ x, square }) => [x, square.narrow(0, 0, 2).narrow(1, 0, 2), [2, 2], [1, 2], 1],
  unflatten: ({ images }) => [images, 1, [2, 2]],
  squeeze: ({ x }) => [x.reshape([1, 2, 1, 3]), 2],
  unsqueeze: ({ x }) => [x, 1],
  permute: ({ images }) => [images, [2, 0, 3, 1]],
  transpose: ({ images }) => [images, 1, 3],
  movedim: ({ images }) => [images, 0, 2],
  expand: ({ n }) => [n, [4, 3]],
  expandAs: ({ n, x }) => [n, x],
  broadcastTo: ({ n }) => [n, [4, 3]],
  repeat: ({ x }) => [x, [2, 1]],
  tile: ({ x }) => [x, [2]],
  repeatInterleave: ({ x }) => [x, 2, 1],
  select: ({ x }) => [x, 1, 2],
  narrow: ({ x }) => [x, 1, 1, 2],
  slice: ({ x }) => [x, 1, 0, 3, 2],
  at: ({ x }) => [x, 1, { start: 1 }],
  split: ({ x }) => [x, 2, 1],
  unbind: ({ x }) => [x, 1],
  chunk: ({ x }) => [x, 2, 1],
  flip: ({ x }) => [x, 1],
  roll: ({ x }) => [x, 1, 1],
  unfold: ({ x }) => [x, 1, 2, 1, { dilation: 1 }],
  fold: ({ images }) => [images, 2, 11, 1],
  gather: ({ x, index }) => [x, 1, index],
  scatter: ({ x, index, y }) => [x, 1, index, y],
  scatter_: ({ x, index, y }) => [x, 1, index, y],
  scatterAdd: ({ x, index, y }) => [x, 1, index, y],
  scatterAdd_: ({ x, index, y }) => [x, 1, index, y],
  indexSelect: ({ x, n }) => [x, 1, n],
  indexAdd: ({ x, n, y }) => [x, 1, n, y],
  indexAdd_: ({ x, n, y }) => [x, 1, n, y],
  takeAlongDim: ({ x, index }) => [x, index, 1],
  pad: ({ x }) => [x, [1, 2], { value: 9 }],
  diagonal: ({ images }) => [images, 1, 2, 3],
  diag: ({ square }) => [square, 1],
  tril: ({ square }) => [square, 1],
  triu: ({ square }) => [square, 1],
  maskedSelect: ({ x, mask }) => [x, mask],
  unique: ({ index }) => [index],
  uniqueAll: ({ index }) => [index],
  bincount: ({ n }) => [n, { minlength: 5 }],
  oneHot: ({ n }) => [n, 4],
  matmul: ({ x, square }) => [x, square],
  mm: ({ x, square }) => [x, square],
  bmm: ({ images }) => [images.select(0, 0), images.select(0, 1)],
  mv: ({ x }) => [x, x.select(0, 1)],
  dot: ({ x }) => [x.select(0, 0), x.select(0, 1)],
  outer: ({ x }) => [x.select(0, 0), x.select(0, 1)],
  addmm: ({ x, y, square }) => [x, y, square, { beta: 2, alpha: 3 }],
  addmm_: ({ x, y, square }) => [x, y, square, { beta: 2, alpha: 3 }],
  baddbmm: (
    { images },
  ) => [images.select(0, 0), images.select(0, 1), images.select(0, 0), { beta: 2, alpha: 3 }],
  baddbmm_: (
    { images },
  ) => [images.select(0, 0), images.select(0, 1), images.select(0, 0), { beta: 2, alpha: 3 }],
  addbmm: (
    { images },
  ) => [images.select(0, 0).select(0, 0), images.select(0, 1), images.select(0, 0), { beta: 2 }],
  addbmm_: (
    { images },
  ) => [images.select(0, 0).select(0, 0), images.select(0, 1), images.select(0, 0), { alpha: 2 }],
  addmv: ({ x, square }) => [x.select(0, 0), square, x.select(0, 1), { beta: 2, alpha: 3 }],
  addmv_: ({ x, square }) => [x.select(0, 0), square, x.select(0, 1), { beta: 2, alpha: 3 }],
  addr: ({ x, y }) => [x, y.select(1, 0), y.select(0, 0), { beta: 2, alpha: 3 }],
  addr_: ({ x, y }) => [x, y.select(1, 0), y.select(0, 0), { beta: 2, alpha: 3 }],
  inner: binary,
  dist: ({ x, y }) => [x, y, 3],
  renorm: ({ y }) => [y, 1, 1, 2],
  renorm_: ({ y }) => [y, 1, 1, 2],
  choleskySolve: ({ x, square }) => [x.t(), square, { upper: true }],
  choleskyInverse: ({ square }) => [square, { upper: true }],
  cross: ({ x, y }) => [x, y, 1],
  kron: ({ x, square }) => [x, square],
  matrixPower: ({ square }) => [square, 3],
  linear: ({ x, square }) => [x, square, square.select(0, 0)],
  conv2d: ({ images }) => [images, images.slice(2, 0, 3).slice(3, 0, 3), null, { padding: 1 }],
  conv1d: ({ images }) => [images.select(0, 0), images.select(1, 0).slice(1, 0, 6).slice(2, 0, 3), null, {
    padding: 1,
  }],
  maxPool2d: ({ images }) => [images, 2, { stride: 1 }],
  maxPool1d: ({ images }) => [images.select(0, 0), 2, { stride: 1 }],
  avgPool2d: ({ images }) => [images, 2, { stride: 1 }],
  avgPool1d: ({ images }) => [images.select(0, 0), 2, { stride: 1 }],
  normalize: ({ x }) => [x, { p: 3, dim: 0 }],
  dropout: ({ x }) => [x, { p: 0.4 }],
  multinomial: ({ x }) => [x, 4, { replacement: true }],
  pixelShuffle: ({ images }) => [images, 2],
  pixelUnshuffle: ({ images }) => [images, 3],
  to: ({ x }) => [x, "float32"],
  newTensor: ({ x }) => [x, [[1, 2], [3, 4]]],
  fill_: ({ x }) => [x, 3],
  uniform_: ({ x }) => [x, 2, 4],
  normal_: ({ x }) => [x, 5, 0.1],
  bernoulli_: ({ x }) => [x, 0.3],
  exponential_: ({ x }) => [x, 3],
  geometric_: ({ x }) => [x, 0.3],
  cauchy_: ({ x }) => [x, 2, 0.1],
  logNormal_: ({ x }) => [x, 2, 0.1],
  tril_: ({ square }) => [square, 1],
  triu_: ({ square }) => [square, 1],
  softplus: ({ x }) => [x, { beta: 3 }],
  leakyRelu: ({ x }) => [x.neg(), { negativeSlope: 0.3 }],
  layerNorm: ({ x, y }) => [x, [3], y.select(0, 0), y.select(0, 1), { eps: 0.1 }],
  gelu: ({ x }) => [x, { approximate: "tanh" }],
  acosh: ({ y }) => [y],
};

/** Methods that go by another name than their function. */
const RENAMED: Readonly<Record<string, (x: Tensor, ...rest: never[]) => unknown>> = {
  var: core.variance,
  ...MATH_RENAMED,
  float: (x) => core.to(x, "float32"),
  double: (x) => core.to(x, "float64"),
  int: (x) => core.to(x, "int32"),
  long: (x) => core.to(x, "int64"),
  bool: (x) => core.to(x, "bool"),
  byte: (x) => core.to(x, "uint8"),
  half: (x) => core.to(x, "float16"),
  bfloat16: (x) => core.to(x, "bfloat16"),
  where: (x, condition: Tensor, other: Tensor) => core.where(condition, x, other),
  unfold: core.slidingWindow,
  fold: core.overlapAdd,
  inverse: core.inv,
  pinverse: core.pinv,
};

/** Members of tensors that are no functions of core: handles, history, reading, and new tensors, each with a test of its own. */
const OTHERS: ReadonlySet<string> = new Set(
  [
    "constructor make packedCopy newEmpty newFull newZeros newOnes newArange apply applyAll applyFresh applyInto adopt",
    "alias backward buffer data dataAsync dataSync numpy detach dim dispose gradFn isContiguous isDisposed isLeaf storageOffset item itemAsync moveTo ndim numel",
    "registerHook requiresGrad requiresGrad_ retainGrad setData size storage toString toJSON tolist to",
    "registerPostAccumulateGradHook toAsync cpu emptyOn type typeAs",
    "detach_ snapshot takeOver viewed retire",
  ].join(" ").split(" "),
);

function methods(): string[] {
  const found = new Set<string>();
  for (let p: object = Tensor.prototype; p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(p))) {
      if (typeof value === "function" && !OTHERS.has(name)) found.add(name);
    }
  }
  return [...found].sort();
}

/** The results of a call as plain data. */
function shown(result: unknown): unknown {
  if (result instanceof Tensor) return { dtype: result.dtype, shape: result.shape, data: result.tolist() };
  if (typeof result !== "object" || result === null) return result;
  return Object.values(result).map(shown);
}

type Call = (...args: unknown[]) => unknown;

for (const name of methods()) {
  Deno.test(`Tensor.${name}() does what the function does`, () => {
    using _ = new Scope();
    const make = CALLS[name] ?? unary;
    const f = (RENAMED[name] ?? (core as unknown as Record<string, Call>)[name]) as Call | undefined;
    assert(f, `core has no ${name}(): tell its name here`);
    device.generator.manualSeed(5);
    const [x, ...rest] = make(makeOperands());
    const byFunction = f(x, ...rest);
    device.generator.manualSeed(5);
    const [y, ...others] = make(makeOperands());
    const byMethod = (y as unknown as Record<string, Call>)[name]!(...others);
    assertEquals(shown(byMethod), shown(byFunction));
    if (name.endsWith("_")) assertStrictEquals(byMethod, y, "the tensor itself");
  });
}

Deno.test("newFull(), newZeros(), newOnes(), newArange() and newEmpty() are of the tensor's device and dtype", () => {
  const x = tensor([1, 2], { device, dtype: "float64" });
  const made = [x.newFull([2], 7), x.newZeros([1, 2]), x.newOnes([2]), x.newArange(3), x.newEmpty([4])];
  assertEquals(made.map((t) => t.dtype), ["float64", "float64", "float64", "int32", "float64"]);
  assertEquals(made.slice(0, 4).map((t) => t.tolist()), [[7, 7], [[0, 0]], [1, 1], [0, 1, 2]]);
  assertEquals(x.newZeros([1], "int32").dtype, "int32");
  assertEquals([x.newOnes([1], "bool").tolist(), x.newArange(2, "float32").dtype], [[true], "float32"]);
  assertEquals(made[4]!.shape, [4]);
});

Deno.test("size(), dim(), ndim and numel() count", () => {
  const x = core.zeros([2, 3, 0], { device });
  assertEquals([x.size(), x.size(1), x.size(-1), x.size(-3)], [[2, 3, 0], 3, 0, 2]);
  assertEquals([x.dim(), x.ndim, x.numel()], [3, 3, 0]);
  for (const dim of [3, -4, 0.5]) {
    assertThrows(
      () => x.size(dim),
      RangeError,
      `Cannot apply size() as dim must be an integer from -3 to 2: current dim is ${dim}`,
    );
  }
  assertThrows(() => core.zeros([], { device }).size(-1), RangeError, "there must be an axis");
});
