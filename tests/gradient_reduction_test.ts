import { norm, std, variance } from "@troodon/core";
import { testGradients } from "./reference/gradients.ts";

const withZeros = { data: [1.5, 0, -2, 0, 0.5] };

testGradients({
  "sum() over axes": [(x) => x.sum([0, 2]), [2, 3, 2]],
  "mean() with keepdim": [(x) => x.mean(1, { keepdim: true }).square(), [2, 3]],
  "prod()": [(x) => x.prod(), [2, 3]],
  "prod() over a middle axis": [(x) => x.prod(1), [2, 3, 2]],
  "prod() over two axes": [(x) => x.prod([0, 2]), [2, 2, 2]],
  "prod() with a zero": [(x) => x.prod(0), { data: [2, 0, -3] }],
  "prod() with two zeros": [(x) => x.prod(0), withZeros],
  "amax()": [(x) => x.amax([0, 1]).square(), [2, 3]],
  "amin()": [(x) => x.amin(0).square(), [2, 3]],
  "max() along an axis": [(x) => x.max(1).values.square(), [2, 3]],
  "min() along an axis": [(x) => x.min(0, { keepdim: true }).values.square(), [2, 3]],
  "median()": [(x) => x.median(1).values.square(), [2, 4]],
  "variance()": [(x) => variance(x, 0), [4, 2]],
  "variance() without correction": [(x) => variance(x, [0, 1], { correction: 0 }), [2, 3]],
  "std()": [(x) => std(x, 1), [2, 4]],
  "norm() 1": [(x) => norm(x, 1, 0).square(), [3, 2]],
  "norm() 2": [(x) => norm(x, 2, 1), [2, 3]],
  "norm() 3": [(x) => norm(x, 3), [2, 3]],
  "norm() infinite": [(x) => norm(x, Infinity, 1).square(), [2, 3]],
  "logsumexp()": [(x) => x.logsumexp(1), [2, 3]],
  "logsumexp() over two axes": [(x) => x.logsumexp([0, 2], { keepdim: true }), [2, 2, 3]],
  "cumsum()": [(x) => x.cumsum(1).square(), [2, 3, 2]],
  "cumprod()": [(x) => x.cumprod(1), [2, 3, 2]],
  "cumprod() with zeros": [(x) => x.cumprod(0), withZeros],
  "cummax()": [(x) => x.cummax(1).values.square(), [2, 4]],
  "cummin()": [(x) => x.cummin(0).values.square(), [4, 2]],
  "logcumsumexp()": [(x) => x.logcumsumexp(0), [4, 2]],
  "sort()": [(x) => x.sort(0, { descending: true }).values.square(), [3, 2]],
  "topk()": [(x) => x.topk(2, 1).values.square(), [2, 4]],
});
