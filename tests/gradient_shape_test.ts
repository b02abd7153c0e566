import { cat, fold, fromTypedArray, meshgrid, stack, type Tensor, unfold } from "@troodon/core";
import { testGradients } from "./reference/gradients.ts";

const index = (x: Tensor, data: number[], shape: number[]): Tensor =>
  fromTypedArray(Int32Array.from(data), shape, { device: x.device });

testGradients({
  "reshape() of a transpose": [(x) => x.t().reshape([-1, 2]).square(), [2, 4]],
  "permute()": [(x) => x.permute([2, 0, 1]).square(), [2, 3, 2]],
  "movedim()": [(x) => x.movedim([0, 1], [2, 0]).square(), [2, 3, 2]],
  "expand()": [(x) => x.expand([2, 3, 2]).square(), [3, 1]],
  "repeat()": [(x) => x.repeat([2, 1, 2]).square(), [2, 3]],
  "repeatInterleave()": [(x) => x.repeatInterleave(2, 1).square(), [2, 3]],
  "meshgrid()": [(x, y) => meshgrid([x.square(), y.square()], { indexing: "xy" }), [3], [2]],
  "slice() backwards": [(x) => x.slice(1, undefined, undefined, -2).square(), [2, 5]],
  "select()": [(x) => x.select(-1, -2).square(), [2, 3, 2]],
  "narrow()": [(x) => x.narrow(0, 1, 2).square(), [4, 2]],
  "at()": [(x) => x.at(1, { step: 2 }, { start: -1 }).square(), [2, 3, 2]],
  "split()": [(x) => x.split([1, 3], 1).map((part) => part.square()), [2, 4]],
  "flip()": [(x) => x.flip([0, -1]).square(), [2, 2, 3]],
  "roll()": [(x) => x.roll([1, -2], [0, 1]).square(), [3, 4]],
  "cat()": [(x, y) => cat([x, y], 1).square(), [2, 1], [2, 3]],
  "stack()": [(x, y) => stack([x, y], -1).square(), [2, 3], [2, 3]],
  "slidingWindow()": [(x) => x.unfold(1, 3, 2, { dilation: 2 }).square(), [2, 8]],
  "overlapAdd()": [(x) => x.fold(1, 8, 2).square(), [2, 3, 3]],
  "unfold()": [(x) => unfold(x, { kernelSize: 2, padding: 1, stride: 2 }).square(), [1, 2, 3, 3]],
  "fold()": [(x) => fold(x, { outputSize: 3, kernelSize: 2 }).square(), [1, 4, 4]],
  "gather()": [(x) => x.gather(1, index(x, [2, 2, 0, 1], [2, 2])).square(), [2, 3]],
  "scatter()": [
    (x, source) => x.square().scatter(1, index(x, [2, 0, 1, 0], [2, 2]), source.square()),
    [2, 3],
    [2, 2],
  ],
  "scatterAdd()": [
    (x, source) => x.scatterAdd(0, index(x, [1, 1, 0, 1], [2, 2]), source).square(),
    [2, 3],
    [2, 2],
  ],
  "scatterAdd_()": [
    (x, source) => x.clone().scatterAdd_(0, index(x, [1, 1, 0, 1], [2, 2]), source.square()).square(),
    [2, 3],
    [2, 2],
  ],
  "indexSelect()": [(x) => x.indexSelect(1, index(x, [2, 0, 2], [3])).square(), [2, 3]],
  "indexAdd()": [(x, source) => x.indexAdd(1, index(x, [2, 2], [2]), source).square(), [2, 3], [2, 2]],
  "takeAlongDim()": [(x) => x.takeAlongDim(index(x, [1, 0], [1, 2]), 1).square(), [3, 2]],
  "maskedSelect()": [(x) => x.square().maskedSelect(x.detach().gt(0)), [2, 3]],
  "tril()": [(x) => x.tril(-1).square(), [2, 3, 3]],
  "triu()": [(x) => x.triu(1).square(), [3, 4]],
  "diag() of a vector": [(x) => x.square().diag(-1), [3]],
  "diagonal()": [(x) => x.diagonal(1, 0, 2).square(), [3, 2, 4]],
  "pad() with a constant": [(x) => x.pad([1, -1, 0, 2], { value: 3 }).square(), [2, 3]],
  "pad() by reflection": [(x) => x.pad([2, 1], { mode: "reflect" }).square(), [2, 3]],
  "pad() by replication": [(x) => x.pad([2, 1, 1, 0], { mode: "replicate" }).square(), [2, 3]],
  "pad() around a circle": [(x) => x.pad([2, 3], { mode: "circular" }).square(), [2, 3]],
});
