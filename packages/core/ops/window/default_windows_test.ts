/** Options of windows and axes that are left out. */
import { assert, assertEquals } from "@std/assert";
import {
  avgPool1d,
  avgPool3d,
  cat,
  chunk,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  crossEntropy,
  diag,
  diagonal,
  linalg,
  lpPool1d,
  lpPool2d,
  maxPool1d,
  maxPool3d,
  nanToNum,
  nllLoss,
  pairwiseDistance,
  split,
  stack,
  std,
  type Tensor,
  tril,
  tripletMarginWithDistanceLoss,
  triu,
  unbind,
  unfold,
  variance,
} from "../../mod.ts";
import { float, row, some, testDefaults, whole } from "../defaults_support_test.ts";

const line = some(1, 2, 7), image = some(1, 2, 6, 6), volume = some(1, 2, 5, 5, 5);
const square = some(3, 3).add(float([[3, 0, 0], [0, 2, 0], [0, 0, 4]]));
const logs = some(3, 4).logSoftmax(-1), classes = whole([0, 2, 1]);
const WINDOW = { stride: [1, 2], padding: [0, 1], dilation: [1, 2] } as const;
const TRANSPOSED = { ...WINDOW, outputPadding: [0, 1] } as const;

const manhattan = (x: Tensor, y: Tensor): Tensor => x.sub(y).abs().sum(-1);

testDefaults({
  conv1d: row((o) => conv1d(line, some(2, 2, 3), null, o), WINDOW),
  "conv1d of groups": row((o) => conv1d(line, some(2, 1, 3), null, { groups: 2, ...o }), WINDOW),
  convTranspose1d: row((o) => convTranspose1d(line, some(2, 2, 3), null, o), WINDOW),
  "convTranspose1d in steps": row((o) => convTranspose1d(line, some(2, 2, 3), null, { stride: 2, ...o }), {
    outputPadding: TRANSPOSED.outputPadding,
    groups: [1, 2],
  }),
  "convTranspose2d in steps": row(
    (o) => convTranspose2d(image, some(2, 2, 3, 3), null, { stride: 2, ...o }),
    {
      outputPadding: TRANSPOSED.outputPadding,
      groups: [1, 2],
    },
  ),
  convTranspose3d: row((o) => convTranspose3d(volume, some(2, 2, 2, 2, 2), null, o), WINDOW),
  "convTranspose3d in steps": row(
    (o) => convTranspose3d(volume, some(2, 2, 2, 2, 2), null, { stride: 2, ...o }),
    {
      outputPadding: TRANSPOSED.outputPadding,
      groups: [1, 2],
    },
  ),
  maxPool1d: row((o) => maxPool1d(line, 3, o), {
    stride: [3, 1],
    padding: [0, 1],
    dilation: [1, 2],
    ceilMode: [false, true],
  }),
  maxPool3d: row((o) => maxPool3d(volume, 2, o), {
    stride: [2, 1],
    padding: [0, 1],
    dilation: [1, 2],
    ceilMode: [false, true],
  }),
  avgPool1d: row((o) => avgPool1d(line, 3, o), { stride: [3, 1], padding: [0, 1], ceilMode: [false, true] }),
  "avgPool1d with padding": row((o) => avgPool1d(line, 3, { padding: 1, ...o }), {
    countIncludePad: [true, false],
  }),
  avgPool3d: row((o) => avgPool3d(volume, 2, o), {
    stride: [2, 1],
    padding: [0, 1],
    ceilMode: [false, true],
  }),
  "avgPool3d with padding": row((o) => avgPool3d(volume, 2, { padding: 1, ...o }), {
    countIncludePad: [true, false],
  }),
  lpPool1d: row((o) => lpPool1d(line, 2, 3, o), { stride: [3, 1], ceilMode: [false, true] }),
  lpPool2d: row((o) => lpPool2d(image, 2, 4, o), { stride: [4, 1], ceilMode: [false, true] }),
  unfold: row((o) => unfold(image, { kernelSize: 2, ...o }), WINDOW),
  std: row((o) => std(square, 1, o), { correction: [1, 0], keepdim: [false, true] }),
  variance: row((o) => variance(square, 1, o), { correction: [1, 0], keepdim: [false, true] }),
  tripletMarginWithDistanceLoss: row(
    (o) => tripletMarginWithDistanceLoss(some(3, 4), some(3, 4).cos(), some(3, 4).cos().add(0.1), o),
    {
      margin: [1, 2],
      swap: [false, true],
      reduction: ["mean", "sum"],
      distanceFunction: [pairwiseDistance, manhattan],
    },
  ),
  nanToNum: row((o) => nanToNum(float([NaN, Infinity, -Infinity]), o), {
    nan: [0, 1],
    posinf: [Number.MAX_VALUE, 1],
    neginf: [-Number.MAX_VALUE, 1],
  }),
  "linalg.solve": row((o) => linalg.solve(square, some(3, 3).exp(), o), { left: [true, false] }),
  "linalg.cholesky": row((o) => linalg.cholesky(square.matmul(square.t()), o), { upper: [false, true] }),
  "linalg.svd": row((o) => linalg.svd(some(3, 2), o).u, { fullMatrices: [true, false] }),
  "linalg.vectorNorm": row((o) => linalg.vectorNorm(square, undefined, 1, o), { keepdim: [false, true] }),
});

Deno.test("groups of convolutions are 1 where nothing is said: weights of fewer channels are refused", () => {
  for (
    const [convolve, kernel] of [
      [conv1d, some(2, 2, 3)],
      [conv2d, some(2, 2, 3, 3)],
      [conv3d, some(2, 2, 3, 3, 3)],
    ] as const
  ) {
    const x = kernel.ndim === 3 ? line : kernel.ndim === 4 ? image : volume;
    assertEquals(convolve(x, kernel).tolist(), convolve(x, kernel, null, { groups: 1 }).tolist());
  }
});

Deno.test("nllLoss() and crossEntropy() ignore class -100, and no other, where nothing is said", () => {
  for (const loss of [nllLoss, crossEntropy]) {
    const all = loss(logs, classes).item();
    for (const ignoreIndex of [0, 1, 2]) {
      const others = loss(logs, classes, { ignoreIndex }).item();
      assert(Math.abs(others - all) > 1e-3, `class ${ignoreIndex} is ignored`);
    }
    const marked = whole([0, -100, 1]);
    assertEquals(loss(logs, marked).item(), loss(logs, marked, { ignoreIndex: -100 }).item());
  }
});

Deno.test("axes and diagonals that are left out are the first ones, the last of vectors and the main one", () => {
  const x = some(3, 4, 5), [a, b] = [some(2, 3), some(2, 3).add(1)], matrix = some(3, 3);
  const shapes = (all: readonly { readonly shape: readonly number[] }[]) => all.map((t) => t.shape);
  assertEquals(shapes(chunk(x, 3)), shapes(chunk(x, 3, 0)));
  assertEquals(shapes(split(x, 2)), [[2, 4, 5], [1, 4, 5]]);
  assertEquals(shapes(unbind(x)), [[4, 5], [4, 5], [4, 5]]);
  assertEquals(shapes([stack([a, b]), cat([a, b])]), [[2, 2, 3], [4, 3]]);
  assertEquals(diagonal(x).tolist(), diagonal(x, 0, 0, 1).tolist());
  assertEquals([x.diagonal().tolist(), x.diagonal(1).shape], [diagonal(x).tolist(), [5, 3]]);
  for (const cut of [diag, tril, triu]) assertEquals(cut(matrix).tolist(), cut(matrix, 0).tolist());
  assertEquals(matrix.triu().tolist(), triu(matrix, 0).tolist());
  assertEquals(matrix.tril().tolist(), tril(matrix, 0).tolist());
  assertEquals(x.flatten().shape, [60]);
  assertEquals(linalg.cross(matrix, square).tolist(), linalg.cross(matrix, square, 1).tolist());
  assertEquals(matrix.cross(square).tolist(), linalg.cross(matrix, square, matrix.shape.indexOf(3)).tolist());
  assertEquals(linalg.cond(square).item(), linalg.cond(square, 2).item());
  assertEquals(linalg.vectorNorm(square).item(), linalg.vectorNorm(square, 2).item());
});
