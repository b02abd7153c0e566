/** Tensors without axes, and tensors without elements, through every kind of op; PyTorch's results. */
import { assertEquals } from "@std/assert";
import { grad } from "@troodon/autograd";
import * as core from "@troodon/core";
import { type Device, type NestedArray, Scope, Tensor, tensor, zeros } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";

type Run = (x: Tensor, device: Device) => Tensor | object;

/** Of the scalar 2, float32: what comes of it, all tensors of the result. */
const SCALARS: Readonly<Record<string, readonly [run: Run, ...expected: NestedArray[]]>> = {
  "sum()": [(x) => x.sum(), 2],
  "sum() over the axis it has not": [(x) => x.sum(0), 2],
  "sum() over the last of none": [(x) => x.sum(-1, { keepdim: true }), 2],
  "sum() over a list": [(x) => x.sum([0]), 2],
  "mean()": [(x) => x.mean(-1), 2],
  "prod()": [(x) => x.prod(0), 2],
  "amax()": [(x) => x.amax(0), 2],
  "max()": [(x) => x.max(0), 2, 0],
  "min()": [(x) => x.min(-1), 2, 0],
  "argmax()": [(x) => x.argmax(0), 0],
  "argmin()": [(x) => x.argmin(), 0],
  "median()": [(x) => x.median(), 2],
  "median() over an axis": [(x) => x.median(0), 2, 0],
  "sort()": [(x) => x.sort(), 2, 0],
  "argsort()": [(x) => x.argsort(0), 0],
  "topk()": [(x) => x.topk(1), 2, 0],
  "cumsum()": [(x) => x.cumsum(0), 2],
  "cumprod()": [(x) => x.cumprod(-1), 2],
  "logcumsumexp()": [(x) => x.logcumsumexp(0), 2],
  "logsumexp()": [(x) => x.logsumexp(0), 2],
  "softmax()": [(x) => x.softmax(0), 1],
  "logSoftmax()": [(x) => x.logSoftmax(-1), 0],
  "norm()": [(x) => x.neg().norm(), 2],
  "any()": [(x) => x.any(0), true],
  "all()": [(x) => x.all(), true],
  "countNonzero()": [(x) => x.countNonzero(), 1],
  "t()": [(x) => x.t(), 2],
  "transpose()": [(x) => x.transpose(0, -1), 2],
  "permute()": [(x) => x.permute([]), 2],
  "reshape()": [(x) => x.reshape([1, 1]), [[2]]],
  "reshape() with an open extent": [(x) => x.reshape([-1]), [2]],
  "flatten()": [(x) => x.flatten(), [2]],
  "squeeze()": [(x) => x.squeeze(), 2],
  "unsqueeze()": [(x) => x.unsqueeze(0), [2]],
  "expand()": [(x) => x.expand([3]), [2, 2, 2]],
  "repeat()": [(x) => x.repeat([2]), [2, 2]],
  "repeatInterleave()": [(x) => x.repeatInterleave(2), [2, 2]],
  "flip()": [(x) => x.flip([]), 2],
  "indexSelect()": [(x, device) => x.indexSelect(0, tensor([0], { device, dtype: "int32" })), 2],
  "gather()": [(x, device) => x.gather(0, tensor(0, { device, dtype: "int32" })), 2],
  "takeAlongDim()": [(x, device) => x.takeAlongDim(tensor(0, { device, dtype: "int32" })), [2]],
  "indexAdd()": [
    (x, device) => x.indexAdd(0, tensor([0], { device, dtype: "int32" }), tensor(5, { device })),
    7,
  ],
  "at()": [(x) => x.at(), 2],
  "stack()": [(x) => core.stack([x, x]), [2, 2]],
  "maskedSelect()": [(x) => x.maskedSelect(x.gt(0)), [2]],
  "nonzero()": [(x) => x.nonzero(), [[]]],
  "unique()": [(x) => x.unique(), [2]],
  "unfold()": [(x) => x.unfold(0, 1, 1), [2]],
  "where()": [(x) => x.where(x.gt(3), 7), 7],
  "clone()": [(x) => x.clone(), 2],
  "contiguous()": [(x) => x.contiguous(), 2],
};

/** Of nothing, float32 [0] or [0, 3]. */
const NOTHING: Readonly<
  Record<string, readonly [shape: readonly number[], run: Run, ...expected: NestedArray[]]>
> = {
  "sum()": [[0], (x) => x.sum(), 0],
  "sum() of rows": [[0, 3], (x) => x.sum(0), [0, 0, 0]],
  "sum() of columns": [[0, 3], (x) => x.sum(1), []],
  "prod()": [[0, 2], (x) => x.prod(0), [1, 1]],
  "mean()": [[0], (x) => x.mean(), NaN],
  "any()": [[0], (x) => x.any(), false],
  "all()": [[0], (x) => x.all(), true],
  "countNonzero()": [[0], (x) => x.countNonzero(), 0],
  "norm()": [[0], (x) => x.norm(), 0],
  "logsumexp()": [[0], (x) => x.logsumexp(0), -Infinity],
  "cumsum()": [[0, 2], (x) => x.cumsum(0), []],
  "cumprod()": [[2, 0], (x) => x.cumprod(1), [[], []]],
  "sort()": [[0], (x) => x.sort(), [], []],
  "topk()": [[0], (x) => x.topk(0), [], []],
  "matmul() over nothing": [[2, 0], (x) => x.matmul(x.t()), [[0, 0], [0, 0]]],
  "matmul() to nothing": [[0, 2], (x) => x.matmul(x.t()), []],
  "cat()": [[0, 2], (x) => core.cat([x, x.add(1)]), []],
  "add()": [[0, 3], (x, device) => x.add(zeros([3], { device })), []],
  "exp()": [[0], (x) => x.exp(), []],
  "to()": [[0], (x) => x.to("int32"), []],
  "where()": [[0], (x) => x.where(x.gt(0), 1), []],
  "softmax() over the other axis": [[0, 2], (x) => x.softmax(1), []],
  "pad()": [[0], (x) => x.pad([1, 2], { value: 5 }), [5, 5, 5]],
  "maskedSelect()": [[0], (x) => x.maskedSelect(x.gt(0)), []],
  "nonzero()": [[0], (x) => x.nonzero(), []],
  "unique()": [[0], (x) => x.unique(), []],
  "repeat()": [[0], (x) => x.repeat([2]), []],
  "flip()": [[0], (x) => x.flip(0), []],
  "t()": [[0, 3], (x) => x.t(), [[], [], []]],
  "indexSelect() of nothing": [
    [2],
    (x, device) => x.indexSelect(0, zeros([0], { device, dtype: "int32" })),
    [],
  ],
  "scatterAdd() of nothing": [
    [2],
    (x, device) => x.scatterAdd(0, zeros([0], { device, dtype: "int32" }), zeros([0], { device })),
    [0, 0],
  ],
  "split()": [[0, 2], (x) => x.split(1, 1), [], []],
  "arange()": [[0], (_, device) => core.arange(3, 3, 1, { device }), []],
  "linspace()": [[0], (_, device) => core.linspace(0, 1, 0, { device }), []],
  "linspace() of one": [[0], (_, device) => core.linspace(3, 4, 1, { device }), [3]],
  "eye()": [[0], (_, device) => core.eye(0, 2, { device }), []],
};

const listOf = (result: Tensor | object): NestedArray[] =>
  (result instanceof Tensor ? [result] : Object.values(result) as Tensor[]).map((t) => t.tolist());

for (const device of DEVICES) {
  for (const [name, [run, ...expected]] of Object.entries(SCALARS)) {
    Deno.test(`${name} takes a tensor without axes on ${device.name}`, () => {
      using _ = new Scope();
      assertEquals(listOf(run(tensor(2, { device }), device)), expected);
      const x = tensor(2, { device, requiresGrad: true });
      const y = run(x, device), [root] = (y instanceof Tensor ? [y] : Object.values(y)) as Tensor[];
      // A gradient of the shape of the scalar comes back, whatever it is.
      if (root!.requiresGrad) assertEquals(grad(root!.sum(), x)[0]!.shape, []);
    });
  }
  for (const [name, [shape, run, ...expected]] of Object.entries(NOTHING)) {
    Deno.test(`${name} takes a tensor without elements on ${device.name}`, () => {
      using _ = new Scope();
      assertEquals(listOf(run(zeros(shape, { device }), device)), expected);
      const x = zeros(shape, { device, requiresGrad: true });
      const y = run(x, device), [root] = (y instanceof Tensor ? [y] : Object.values(y)) as Tensor[];
      if (root!.requiresGrad) assertEquals(grad(root!.sum(), x)[0]!.shape, shape);
    });
  }
}
