/**
 * Runs kernels of every family on tensors of random shapes, strides, offsets and dtypes, on WebAssembly and on machine code,
 * and compares the bits. With `--preload packages/cpu/testdata/guard_pages.ts` accesses outside of buffers are found.
 * Arguments: the number of cases, a seed, the number of threads.
 */
import { tape } from "@troodon/autograd";
import * as t from "@troodon/core";
import { Device, type DType, Generator, type Tensor, tidySync, withDevice } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";

const [cases = 1000, seed = 0, threads = 1] = Deno.args.map(Number);
const DTYPES: readonly DType[] = [
  "float32",
  "float32",
  "float32",
  "float64",
  "float16",
  "int32",
  "int64",
  "uint8",
  "bool",
];
const devices = (["wasm", "native"] as const).map((kind) => {
  const native = kind === "wasm" ? "off" : Deno.build.arch === "aarch64" ? "neon" : "avx2";
  return new Device(new CpuBackend({ threads, blas: "off", native, grain: threads > 1 ? 0 : 15_000 }), {
    tape,
  });
});

let numbers = new Generator(seed);
const below = (n: number): number => Math.floor(numbers.random() * n);
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
/** Mostly small extents, with the neighbors of vector widths among them. */
const extent = (): number => pick([1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, below(70), below(300)]);

/** A tensor of a shape that may be a view with other strides and an offset. */
function operand(shape: readonly number[], dtype: DType, device: Device): Tensor {
  const kind = below(4), rank = shape.length;
  const whole = shape.map((n, i) =>
    kind === 1 && i === rank - 1 ? 2 * n + 1 : kind === 2 && i === 0 ? n + 2 : n
  );
  const turned = kind === 3 && rank > 1 ? [...whole].reverse() : whole;
  const size = turned.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: size },
    () => dtype === "bool" ? below(2) : below(17) / (dtype.includes("int") ? 1 : 4),
  );
  let x = t.tensor(
    values.map((v) => dtype === "int32" || dtype === "int64" ? v - 8 : dtype.startsWith("float") ? v - 2 : v),
    {
      dtype,
      device,
    },
  ).reshape(turned);
  if (kind === 3 && rank > 1) x = x.permute(Array.from({ length: rank }, (_, i) => rank - 1 - i));
  if (kind === 1) x = x.slice(rank - 1, 1, undefined, 2);
  if (kind === 2) x = x.narrow(0, below(3), shape[0]!);
  return x;
}

/** Results of one random call. */
function results(device: Device): Tensor[] {
  const floating = pick(["float32", "float32", "float64"] as DType[]), dtype = pick(DTYPES);
  const shape = Array.from({ length: 1 + below(3) }, extent), axis = below(shape.length);
  const of = (s: readonly number[], d: DType = floating): Tensor => operand(s, d, device);
  const row = shape.map((n, i) => i === axis ? n : pick([1, n]));
  switch (below(14)) {
    case 0:
      return [of(shape).exp().add(of(row)), of(shape).sub(1).mul(of(shape)).relu()];
    case 1:
      return [
        of(shape, dtype).add(of(row, dtype)),
        of(shape, dtype).to("float32"),
        of(shape, dtype).to("int32"),
      ];
    case 2:
      return [of(shape).sum(axis), of(shape).mean(), of(shape).prod(axis)];
    case 3:
      return shape[axis] === 0 ? [] : [of(shape).amax(axis), of(shape).argmax(axis), of(shape).amin(axis)];
    case 4:
      return [of(shape).softmax(axis), of(shape).logSoftmax(-1)];
    case 5: {
      const [m, n, k] = [extent(), extent(), extent()];
      const a = below(2) ? of([m, k]) : of([k, m]).t(), b = below(2) ? of([k, n]) : of([n, k]).t();
      return [a.matmul(b)];
    }
    case 6:
      return [of(shape).cumsum(axis), of(shape).sort(axis)[0]!];
    case 7:
      return [of(shape, dtype).transpose(0, -1).contiguous(), of(shape, dtype).flip(axis).contiguous()];
    case 8: {
      if (shape[axis] === 0) return [];
      const index = t.tensor(Array.from({ length: 1 + below(20) }, () => below(shape[axis]!)), {
        device,
        dtype: "int64",
      });
      const x = of(shape), picked = x.indexSelect(axis, index);
      return [picked, x.clone().indexAdd_(axis, index, picked)];
    }
    case 9:
    case 10: {
      const [groups, kernel, stride, padding] = [
        pick([1, 1, 2]),
        pick([1, 2, 3, 5]),
        pick([1, 1, 2]),
        below(2),
      ];
      const [c, f, h, w] = [
        groups * (1 + below(6)),
        groups * (1 + below(9)),
        kernel + below(14),
        kernel + below(30),
      ];
      const x = of([1 + below(3), c, h, w], "float32").clone().detach().requiresGrad_();
      const weight = of([f, c / groups, kernel, kernel], "float32").clone().detach().requiresGrad_();
      const bias = of([f], "float32").clone().detach().requiresGrad_();
      const y = t.conv2d(x, weight, bias, { stride, padding, groups });
      y.mul(y).sum().backward();
      return [y.detach(), x.grad!, weight.grad!, bias.grad!];
    }
    case 11: {
      const kernel = pick([2, 2, 3]),
        x = of([1 + below(2), 1 + below(5), kernel + below(20), kernel + below(20)], "float32")
          .clone().detach().requiresGrad_();
      const stride = pick([kernel, 1, 2]);
      const y = below(2) ? t.maxPool2d(x, kernel, { stride }) : t.avgPool2d(x, kernel, { stride });
      y.mul(y).sum().backward();
      return [y.detach(), x.grad!];
    }
    case 12: {
      const n = extent() + 1, x = of([1 + below(20), n], "float32").clone().detach().requiresGrad_();
      const y = t.layerNorm(x, [n]);
      y.mul(y).sum().backward();
      return [y.detach(), x.grad!];
    }
    default: {
      const [n, classes] = [1 + below(40), 2 + below(40)];
      const x = of([n, classes], "float32").clone().detach().requiresGrad_();
      const y = t.crossEntropy(
        x,
        t.tensor(Array.from({ length: n }, () => below(classes)), { device, dtype: "int64" }),
      );
      y.backward();
      return [y.detach(), x.grad!];
    }
  }
}

/** Bits of tensors as text. */
function bitsOf(tensors: readonly Tensor[]): string[] {
  return tensors.map((x) => {
    const data = x.dtype === "int64" ? x.dataSync({ bigint: true }) : x.dataSync();
    return `${x.dtype}[${x.shape}] ${new Uint8Array(data.buffer, data.byteOffset, data.byteLength).join()}`;
  });
}

let compared = 0;
for (let i = 0; i < cases; i++) {
  const all = devices.map((device) => {
    numbers = new Generator(seed).fork(i);
    t.manualSeed(i);
    return tidySync(() => withDevice(device, () => bitsOf(results(device))));
  });
  for (const [k, bits] of all[0]!.entries()) {
    if (bits === all[1]![k]) continue;
    console.error(
      `case ${i} of seed ${seed}, result ${k}: WebAssembly has ${bits.slice(0, 200)}, machine code ${
        all[1]![k]!.slice(0, 200)
      }`,
    );
    Deno.exitCode = 1;
  }
  compared += all[0]!.length;
}
for (const device of devices) device[Symbol.dispose]();
console.log(`${cases} cases, ${compared} results compared on ${devices[1]!.backend.describe()}`);
