import { assertThrows } from "@std/assert";
import { assertClose, context, read, tensor } from "../../test_support.ts";
import type { CpuView } from "../../view.ts";
import { batchNorm, batchNormGrad } from "./batch_norm.ts";
import { crossEntropy, crossEntropyGrad } from "./cross_entropy.ts";
import { layerNorm, layerNormGrad } from "./layer_norm.ts";
import { softmax, softmaxGrad } from "./softmax.ts";

const some = (salt: number) => (i: number): number => ((i + salt) * 37 % 101) / 20 - 2.5;

/** `count` rows of `n`, of what `row` makes of each. */
function perRow(rows: number, n: number, row: (r: number) => number[]): number[] {
  return Array.from({ length: rows }, (_, r) => row(r)).flatMap((values) => values.slice(0, n));
}

function rowOf(data: Float64Array, r: number, n: number): number[] {
  return [...data.slice(r * n, r * n + n)];
}

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

function logSoftmaxOf(x: number[]): number[] {
  const most = Math.max(...x);
  const total = most + Math.log(sum(x.map((v) => Math.exp(v - most))));
  return x.map((v) => v - total);
}

const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 31, 32, 33, 34, 35, 127, 1000];

Deno.test("softmax and its logarithm are right at all lengths", () => {
  for (const n of LENGTHS) {
    for (const kernel of ["softmax", "logSoftmax"] as const) {
      const x = tensor([5, n], (i) => some(n)(i) * (i < n ? 40 : 1));
      const y = tensor([5, n], () => 77);
      softmax(context, { kernel }, [x], [y]);
      const values = read(x);
      const want = perRow(
        5,
        n,
        (r) => logSoftmaxOf(rowOf(values, r, n)).map((v) => kernel === "softmax" ? Math.exp(v) : v),
      );
      assertClose(read(y), want, `${kernel} ${n}`, 1e-6, kernel === "softmax" ? 1e-31 : 10);
      const g = tensor([5, n], some(3)), dx = tensor([5, n], () => 77);
      softmaxGrad(context, { kernel: `${kernel}Grad` }, [g, y], [dx]);
      const [slopes, results] = [read(g), read(y)];
      const wanted = perRow(5, n, (r) => {
        const [gs, ys] = [rowOf(slopes, r, n), rowOf(results, r, n)];
        return kernel === "softmax"
          ? gs.map((v, i) => ys[i]! * (v - sum(gs.map((w, j) => w * ys[j]!))))
          : gs.map((v, i) => v - Math.exp(ys[i]!) * sum(gs));
      });
      assertClose(read(dx), wanted, `${kernel}Grad ${n}`, 1e-6, n);
    }
  }
});

Deno.test("softmax keeps what infinities and NaN mean", () => {
  for (const n of [3, 10, 50]) {
    const x = tensor(
      [3, n],
      (i) => i < n ? (i === 1 ? -Infinity : 0) : i < 2 * n ? (i === n ? NaN : 1) : -Infinity,
    );
    const y = tensor([3, n], () => 0);
    softmax(context, { kernel: "softmax" }, [x], [y]);
    const want = perRow(
      3,
      n,
      (r) => Array.from({ length: n }, (_, i) => r > 0 ? NaN : i === 1 ? 0 : 1 / (n - 1)),
    );
    assertClose(read(y), want, `${n}`);
  }
});

Deno.test("softmax may overwrite its input", () => {
  for (const n of [2, 10, 39]) {
    const x = tensor([4, n], some(1)), y = tensor([4, n], () => 0);
    softmax(context, { kernel: "softmax" }, [x], [y]);
    softmax(context, { kernel: "softmax" }, [x], [x]);
    assertClose(read(x), read(y), `${n}`, 0);
  }
});

Deno.test("crossEntropy gives losses and gradients, and refuses wrong classes", () => {
  for (const n of LENGTHS) {
    const x = tensor([6, n], some(2));
    const classes = tensor([6], (r) => r === 4 ? -100 : r * 7 % n, { dtype: "int32" });
    const [losses, logs, dx] = [tensor([6], () => 77), tensor([6, n], () => 77), tensor([6, n], () => 77)];
    crossEntropy(context, { kernel: "crossEntropy", ignoreIndex: -100 }, [x, classes], [losses, logs]);
    const values = read(x), targets = read(classes);
    const want = Array.from({ length: 6 }, (_, r) => logSoftmaxOf(rowOf(values, r, n)));
    assertClose(read(logs), want.flat(), `logs ${n}`, 1e-6, 1);
    assertClose(read(losses), want.map((row, r) => r === 4 ? 0 : -row[targets[r]!]!), `losses ${n}`, 1e-6, 1);
    const g = tensor([6], (r) => r + 0.5);
    crossEntropyGrad(context, { kernel: "crossEntropyGrad", ignoreIndex: -100 }, [g, logs, classes], [dx]);
    const slopes = want.map((row, r) =>
      row.map((v, i) => r === 4 ? 0 : (r + 0.5) * (Math.exp(v) - Number(i === targets[r])))
    );
    assertClose(read(dx), slopes.flat(), `gradient ${n}`, 1e-6, 3);
  }
  for (const bad of [-1, 3, 1000]) {
    const classes = tensor([2], (r) => r === 1 ? bad : 0, { dtype: "int32" });
    const outputs = [tensor([2], () => 0), tensor([2, 3], () => 0)];
    const call = { kernel: "crossEntropy", ignoreIndex: -100 } as const;
    assertThrows(() => crossEntropy(context, call, [tensor([2, 3], some(0)), classes], outputs), RangeError);
  }
});

Deno.test("layerNorm and its gradient follow the formulas", () => {
  for (const n of [1, 3, 4, 10, 33, 257]) {
    for (const extra of [0, 1, 2]) {
      const x = tensor([5, n], some(4));
      const [weight, bias] = [tensor([n], some(5)), tensor([n], some(6))];
      const outputs = [tensor([5, n], () => 77), tensor([5], () => 77), tensor([5], () => 77)];
      const eps = 1e-2;
      layerNorm(context, { kernel: "layerNorm", eps }, [x, ...[weight, bias].slice(0, extra)], outputs);
      const [xs, ws, bs] = [read(x), read(weight), read(bias)];
      const stats = Array.from({ length: 5 }, (_, r) => {
        const row = rowOf(xs, r, n), mean = sum(row) / n;
        return { mean, inv: 1 / Math.sqrt(sum(row.map((v) => (v - mean) ** 2)) / n + eps) };
      });
      const unit = (r: number) => rowOf(xs, r, n).map((v) => (v - stats[r]!.mean) * stats[r]!.inv);
      const y = perRow(
        5,
        n,
        (r) => unit(r).map((u, i) => u * (extra > 0 ? ws[i]! : 1) + (extra > 1 ? bs[i]! : 0)),
      );
      assertClose(read(outputs[0]!), y, `y ${n}`, 3e-6, 1);
      assertClose(read(outputs[1]!), stats.map((s) => s.mean), `mean ${n}`, 1e-6, 1);
      assertClose(read(outputs[2]!), stats.map((s) => s.inv), `invStd ${n}`, 3e-6);
      const g = tensor([5, n], some(7)), gs = read(g);
      const grads = [tensor([5, n], () => 77), tensor([n], () => 77), tensor([n], () => 77)];
      const given = [g, x, outputs[1]!, outputs[2]!, ...extra > 0 ? [weight] : []];
      layerNormGrad(context, { kernel: "layerNormGrad" }, given, grads);
      const dx = perRow(5, n, (r) => {
        const slopes = rowOf(gs, r, n).map((v, i) => v * (extra > 0 ? ws[i]! : 1)), u = unit(r);
        const [a, b] = [sum(slopes) / n, sum(slopes.map((v, i) => v * u[i]!)) / n];
        return slopes.map((v, i) => (v - a - u[i]! * b) * stats[r]!.inv);
      });
      assertClose(read(grads[0]!), dx, `dx ${n}`, 5e-6, 20);
      const column = (value: (r: number, i: number) => number) =>
        Array.from({ length: n }, (_, i) => sum([0, 1, 2, 3, 4].map((r) => value(r, i))));
      assertClose(read(grads[1]!), column((r, i) => gs[r * n + i]! * unit(r)[i]!), `dWeight ${n}`, 3e-6, 10);
      assertClose(read(grads[2]!), column((r, i) => gs[r * n + i]!), `dBias ${n}`, 1e-6, 10);
    }
  }
});

Deno.test("layerNormGrad adds up over blocks of rows", () => {
  for (const n of [1, 6, 37]) {
    const rows = 600, [x, g] = [tensor([rows, n], some(4)), tensor([rows, n], some(7))];
    const [mean, invStd] = [tensor([rows], some(1)), tensor([rows], (r) => 1 + r % 3)];
    const [xs, gs, means, scales] = [read(x), read(g), read(mean), read(invStd)];
    const grads = [tensor([rows, n], () => 77), tensor([n], () => 77), tensor([n], () => 77)];
    layerNormGrad(context, { kernel: "layerNormGrad" }, [g, x, mean, invStd], grads);
    const column = (value: (at: number, r: number) => number) =>
      Array.from({ length: n }, (_, i) => sum(Array.from({ length: rows }, (_, r) => value(r * n + i, r))));
    const weights = column((at, r) => gs[at]! * (xs[at]! - means[r]!) * scales[r]!);
    assertClose(read(grads[1]!), weights, `dWeight ${n}`, 3e-6, 100);
    assertClose(read(grads[2]!), column((at) => gs[at]!), `dBias ${n}`, 3e-6, 100);
  }
});

for (const dtype of ["float32", "float64"] as const) {
  Deno.test(`batchNorm of ${dtype} and its gradient follow the formulas`, () => {
    const made = (shape: readonly number[], value: (i: number) => number): CpuView =>
      tensor(shape, value, { dtype });
    const fine = dtype === "float64" ? 1e-6 : 1;
    for (const [n, c, s] of [[4, 3, 1], [3, 5, 7], [2, 16, 12], [1, 1, 33]] as const) {
      for (const extra of [0, 1, 2]) {
        const size = n * s, eps = 1e-2;
        const x = made([n, c, s], some(8));
        const [weight, bias] = [made([c], some(5)), made([c], some(6))];
        const outputs = [made([n, c, s], () => 77), made([c], () => 77), made([c], () => 77)];
        batchNorm(context, { kernel: "batchNorm", eps }, [x, ...[weight, bias].slice(0, extra)], outputs);
        const [xs, ws, bs] = [read(x), read(weight), read(bias)];
        const channel = (i: number): number => Math.floor(i / s) % c;
        const total = (value: (i: number) => number): number[] => {
          const totals = new Array<number>(c).fill(0);
          xs.forEach((_, i) => totals[channel(i)]! += value(i));
          return totals;
        };
        const mean = total((i) => xs[i]!).map((v) => v / size);
        const inv = total((i) => (xs[i]! - mean[channel(i)]!) ** 2).map((v) => 1 / Math.sqrt(v / size + eps));
        const unit = Array.from(xs, (v, i) => (v - mean[channel(i)]!) * inv[channel(i)]!);
        const factor = (i: number): number => extra > 0 ? ws[channel(i)]! : 1;
        assertClose(read(outputs[1]!), mean, "mean", 1e-6 * fine, 1);
        assertClose(read(outputs[2]!), inv, "invStd", 3e-6 * fine);
        assertClose(
          read(outputs[0]!),
          unit.map((u, i) => u * factor(i) + (extra > 1 ? bs[channel(i)]! : 0)),
          "y",
          3e-6 * fine,
          1,
        );
        const g = made([n, c, s], some(9)), gs = read(g);
        const grads = [made([n, c, s], () => 77), made([c], () => 77), made([c], () => 77)];
        const given = [g, x, outputs[1]!, outputs[2]!, ...extra > 0 ? [weight] : []];
        batchNormGrad(context, { kernel: "batchNormGrad" }, given, grads);
        const [dWeight, dBias] = [total((i) => gs[i]! * unit[i]!), total((i) => gs[i]!)];
        assertClose(read(grads[1]!), dWeight, "dWeight", 3e-6 * fine, 10);
        assertClose(read(grads[2]!), dBias, "dBias", 1e-6 * fine, 10);
        const dx = unit.map((u, i) => {
          const k = channel(i);
          return factor(i) * inv[k]! * (gs[i]! - dBias[k]! / size - u * dWeight[k]! / size);
        });
        assertClose(read(grads[0]!), dx, "dx", 5e-6 * fine, 10);
      }
    }
  });
}
