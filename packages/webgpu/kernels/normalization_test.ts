import { assertNear, f32, kernelTests, noise, run } from "../test_support.ts";

const test = await kernelTests();

const EPS = 0.25;

const sum = (values: readonly number[]): number => values.reduce((a, v) => a + v, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** The numbers as rows of `n`. */
const rowsOf = (data: readonly number[], n: number): number[][] =>
  Array.from({ length: data.length / n }, (_, r) => data.slice(r * n, r * n + n));

/** Rows and their length: of one thread, many, and of several walks of a workgroup. */
const SHAPES = [[7, 3], [300, 10], [2, 5000]] as const;
/** Rows that several workgroups share on any backend. */
const FEW_LONG = [16, 50_000] as const;

test("softmax() and its logarithm are what they say, and their gradients", async (b) => {
  for (const [rows, n] of [...SHAPES, FEW_LONG]) {
    const x = noise(rows * n).map((v) => 8 * v), g = noise(rows * n, 3), shape = [rows, n];
    const soft = rowsOf(x, n).map((row) => {
      const top = Math.max(...row), all = sum(row.map((v) => Math.exp(v - top)));
      return row.map((v) => Math.exp(v - top) / all);
    });
    const slopes = rowsOf(g, n), logs = soft.map((row) => row.map(Math.log));
    const dSoft = soft.map((row, r) => {
      const dot = sum(row.map((y, i) => y * slopes[r]![i]!));
      return row.map((y, i) => y * (slopes[r]![i]! - dot));
    });
    const dLog = soft.map((row, r) => {
      const all = sum(slopes[r]!);
      return row.map((y, i) => slopes[r]![i]! - y * all);
    });
    const cases = [
      ["softmax", [f32(shape, x)], soft],
      ["logSoftmax", [f32(shape, x)], logs],
      ["softmaxGrad", [f32(shape, g), f32(shape, soft.flat())], dSoft],
      ["logSoftmaxGrad", [f32(shape, g), f32(shape, logs.flat())], dLog],
    ] as const;
    for (const [kernel, inputs, exact] of cases) {
      const [found] = await run(b, { kernel }, inputs, [f32(shape)]);
      assertNear(found!, exact.flat(), `${kernel} of ${shape}`, 2e-5);
    }
  }
});

test("softmax() and its logarithm give NaN to rows of NaN, of infinity, and of nothing else than -infinity", async (b) => {
  const n = 3000, row = noise(n).map((v) => 8 * v), masked = row.map((v, i) => i % 3 === 1 ? -Infinity : v);
  const rows = [row.with(7, NaN), row.with(2999, Infinity), row.map(() => -Infinity), masked], shape = [4, n];
  const top = Math.max(...masked), all = sum(masked.map((v) => Math.exp(v - top)));
  for (const kernel of ["softmax", "logSoftmax"] as const) {
    const value = (v: number): number =>
      kernel === "softmax" ? Math.exp(v - top) / all : v - top - Math.log(all);
    const exact = [...rows.slice(0, 3).flatMap((each) => each.map(() => NaN)), ...masked.map(value)];
    const [found] = await run(b, { kernel }, [f32(shape, rows.flat())], [f32(shape)]);
    assertNear(found!, exact, kernel, 2e-5);
  }
});

/** What normalization makes of groups of numbers, and gradients of it for `g` times the weights. */
function normalized(groups: readonly number[][], slopes: readonly number[][]) {
  return groups.map((group, r) => {
    const m = mean(group), invStd = 1 / Math.sqrt(mean(group.map((v) => (v - m) ** 2)) + EPS);
    const unit = group.map((v) => (v - m) * invStd), g = slopes[r]!;
    const share = mean(g.map((v, i) => v * unit[i]!));
    return { m, invStd, unit, dx: g.map((v, i) => invStd * (v - mean(g) - unit[i]! * share)) };
  });
}

test("layerNorm() has mean 0 and variance 1 in each row, and gradients", async (b) => {
  for (const [rows, n] of SHAPES) {
    const x = noise(rows * n).map((v) => 3 * v + 1), g = noise(rows * n, 3), shape = [rows, n];
    const weight = noise(n, 5), bias = noise(n, 7);
    for (const affine of [false, true]) {
      const label = `of ${shape}${affine ? " with weights" : ""}`;
      const scale = (i: number): number => affine ? weight[i]! : 1;
      const known = normalized(rowsOf(x, n), rowsOf(g.map((v, i) => v * scale(i % n)), n));
      const extra = affine ? [f32([n], weight), f32([n], bias)] : [];
      const outputs = [f32(shape), f32([rows]), f32([rows])];
      const found = await run(b, { kernel: "layerNorm", eps: EPS }, [f32(shape, x), ...extra], outputs);
      const y = known.flatMap(({ unit }) => unit.map((v, i) => v * scale(i) + (affine ? bias[i]! : 0)));
      const means = known.map(({ m }) => m), invStds = known.map(({ invStd }) => invStd);
      assertNear(found[0]!, y, `layerNorm ${label}`, 2e-5);
      assertNear(found[1]!, means, `mean ${label}`);
      assertNear(found[2]!, invStds, `deviation ${label}`);
      const inputs = [f32(shape, g), f32(shape, x), f32([rows], means), f32([rows], invStds)];
      const slopes = rowsOf(g, n),
        column = (each: (r: number, i: number) => number) =>
          Array.from({ length: n }, (_, i) => sum(known.map((_, r) => each(r, i))));
      const gradients = await run(
        b,
        { kernel: "layerNormGrad" },
        [...inputs, ...extra.slice(0, 1)],
        [f32(shape), f32([n]), f32([n])],
      );
      assertNear(gradients[0]!, known.flatMap(({ dx }) => dx), `gradient ${label}`, 5e-5);
      assertNear(
        gradients[1]!,
        column((r, i) => slopes[r]![i]! * known[r]!.unit[i]!),
        `weight ${label}`,
        1e-4,
      );
      assertNear(gradients[2]!, column((r, i) => slopes[r]![i]!), `bias ${label}`, 1e-4);
    }
  }
});

test("batchNorm() has mean 0 and variance 1 in each channel, and gradients", async (b) => {
  for (const [n, c, s] of [[4, 3, 5], [10, 2, 400]] as const) {
    const x = noise(n * c * s).map((v) => 3 * v + 1), g = noise(n * c * s, 3), shape = [n, c, s];
    const weight = noise(c, 5), bias = noise(c, 7);
    const channel = (i: number): number => Math.floor(i / s) % c;
    const groupsOf = (data: readonly number[]): number[][] =>
      Array.from({ length: c }, (_, k) => data.filter((_, i) => channel(i) === k));
    const whole = (groups: readonly (readonly number[])[]): number[] => {
      const at = new Array<number>(c).fill(0);
      return x.map((_, i) => groups[channel(i)]![at[channel(i)]!++]!);
    };
    for (const affine of [false, true]) {
      const label = `of ${shape}${affine ? " with weights" : ""}`;
      const scale = (k: number): number => affine ? weight[k]! : 1;
      const known = normalized(groupsOf(x), groupsOf(g.map((v, i) => v * scale(channel(i)))));
      const extra = affine ? [f32([c], weight), f32([c], bias)] : [];
      const outputs = [f32(shape), f32([c]), f32([c])];
      const found = await run(b, { kernel: "batchNorm", eps: EPS }, [f32(shape, x), ...extra], outputs);
      const means = known.map(({ m }) => m), invStds = known.map(({ invStd }) => invStd);
      const y = known.map(({ unit }, k) => unit.map((v) => v * scale(k) + (affine ? bias[k]! : 0)));
      assertNear(found[0]!, whole(y), `batchNorm ${label}`, 2e-5);
      assertNear(found[1]!, means, `mean ${label}`);
      assertNear(found[2]!, invStds, `deviation ${label}`);
      const inputs = [f32(shape, g), f32(shape, x), f32([c], means), f32([c], invStds)];
      const gradients = await run(
        b,
        { kernel: "batchNormGrad" },
        [...inputs, ...extra.slice(0, 1)],
        outputs,
      );
      const slopes = groupsOf(g);
      assertNear(gradients[0]!, whole(known.map(({ dx }) => dx)), `gradient ${label}`, 5e-5);
      const dWeight = known.map(({ unit }, k) => sum(unit.map((v, i) => v * slopes[k]![i]!)));
      assertNear(gradients[1]!, dWeight, `weight ${label}`, 1e-4);
      assertNear(gradients[2]!, slopes.map(sum), `bias ${label}`, 1e-4);
    }
  }
});
