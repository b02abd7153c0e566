/**
 * Matrix products on the CPU: squares, and those of a multilayer perceptron 784-256-10 at batch size 64 with its
 * gradients. Names end in 2 m n k / 1e6, so that this number divided by microseconds is GFLOP/s times 1000.
 */
import type { MatmulCall, View } from "@troodon/core";
import { CpuBackend, type CpuBuffer } from "@troodon/cpu";
import { transposed, viewOf } from "./support.ts";

const backend = new CpuBackend();
const CALL: MatmulCall = { kernel: "matmul", scalars: [] };

function bench(group: string, name: string, a: View<CpuBuffer>, b: View<CpuBuffer>): void {
  const [m, k] = a.shape as [number, number], n = b.shape[1]!, output = viewOf(backend, [m, n]);
  const work = `${(2e-6 * m * n * k).toPrecision(3)} MFLOP`;
  Deno.bench(`${name} ${m}x${k}x${n}, ${work}`, { group }, () => backend.launch(CALL, [a, b], [output]));
}

for (const n of [64, 128, 256, 512, 1024]) {
  bench("square", "product", viewOf(backend, [n, n]), viewOf(backend, [n, n]));
}

const x = viewOf(backend, [64, 784]),
  weight = viewOf(backend, [256, 784]),
  hidden = viewOf(backend, [64, 256]);
bench("perceptron", "first layer", x, transposed(weight));
bench("perceptron", "gradient of its weight", transposed(hidden), x);
bench("perceptron", "gradient of its input", hidden, weight);

const last = viewOf(backend, [10, 256]), logits = viewOf(backend, [64, 10]);
bench("perceptron", "last layer", hidden, transposed(last));
bench("perceptron", "gradient of its weight", transposed(logits), hidden);
bench("perceptron", "gradient of its input", logits, last);

const row = viewOf(backend, [1, 512]), square = viewOf(backend, [512, 512]);
bench("vector", "row by matrix", row, square);
bench("vector", "row by transposed", row, transposed(square));
bench("vector", "matrix by column", square, transposed(row));
bench("vector", "three rows", viewOf(backend, [3, 512]), square);
