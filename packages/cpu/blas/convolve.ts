/** Convolutions and their gradients as products with strips: a sum over the rows of the window. */
import { emitAddSums } from "../conv/weigh.ts";
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { packer } from "../gemm/panels.ts";
import type { Argument } from "../plan/address.ts";
import type { PlanView } from "../plan/plan.ts";
import { call, repeated, type Task } from "../threads/task.ts";
import { filler } from "../zero.ts";
import { emitGather } from "./arrange.ts";
import type { StripProducts } from "./strip_products.ts";

const TYPE = NUMBER_TYPES.float32;

/** From so many weights of a filter on it pays to turn gradients round: libraries prefer operands as they lie. */
const TURNED = 64;

/** See `Conv2dCall`. The bias is what a row of ones is multiplied with. */
export function forward(
  products: StripProducts,
  [x, weight, bias]: readonly PlanView[],
  [y]: readonly PlanView[],
): void {
  const { blas, shapes: { filters: m, groups }, pixels } = products,
    weights = products.weights(weight!, bias);
  products.run(
    products.shares(true).map(({ samples, blocks, matrix }): Task<Argument> => {
      const task: Task<Argument>[number][] = [];
      for (let group = 0; group < groups; group++) {
        for (const block of blocks) {
          const { strips, chunks } = block, { length, offsets } = strips, plain = { transposed: false };
          task.push(...products.prepare(matrix, strips, bias !== undefined));
          task.push(repeated(samples, (sample) => {
            const to = products.outputs(y!, sample, group, block);
            const calls = [strips.cut(products.images(x!, sample, group), matrix.plus(4 * length))];
            for (const { start, size: n } of chunks) {
              offsets.forEach((offset, ky) => {
                const skipped = bias && ky === 0 ? 0 : 1, k = products.columns - skipped;
                const a = { ...products.weightsOf(weights, group, ky, skipped), ...plain };
                const b = {
                  pointer: matrix.plus(4 * (skipped * length + offset + start)),
                  stride: length,
                  ...plain,
                };
                const c = { pointer: to.plus(4 * start), stride: pixels };
                calls.push(blas.call("float32", { m, n, k }, a, b, c, ky > 0 ? 1 : 0));
              });
            }
            return calls;
          }));
        }
      }
      return task;
    }),
  );
}

/** See `Conv2dInputGradCall`. Strips of gradients are added to the images. */
export function inputGrad(
  products: StripProducts,
  [g, weight]: readonly PlanView[],
  [x]: readonly PlanView[],
): void {
  const { planner, blas, shapes: { filters: k, groups, channels, height, width }, pixels } = products;
  const weights = products.weights(weight!),
    fill = filler(planner),
    bytes = 4 * groups * channels * height * width;
  products.run(
    products.shares(false).map(({ samples, blocks, matrix }): Task<Argument> => {
      // What no window reaches has no gradient.
      const task: Task<Argument>[number][] = [
        call(fill, x!.address.plus(samples.start * bytes), samples.size * bytes),
      ];
      for (let group = 0; group < groups; group++) {
        for (const block of blocks) {
          const { strips, chunks } = block, { rows: m, length, offsets } = strips;
          task.push(repeated(samples, (sample) => {
            const from = products.outputs(g!, sample, group, block),
              calls = [call(fill, matrix, 4 * m * length)];
            for (const { start, size: n } of chunks) {
              offsets.forEach((offset, ky) => {
                const a = { ...products.weightsOf(weights, group, ky, 1), transposed: true };
                const b = { pointer: from.plus(4 * start), stride: pixels, transposed: false };
                const c = { pointer: matrix.plus(4 * (offset + start)), stride: length };
                calls.push(blas.call("float32", { m, n, k }, a, b, c, 1));
              });
            }
            calls.push(strips.paste(products.images(x!, sample, group), matrix));
            return calls;
          }));
        }
      }
      return task;
    }),
  );
}

/** See `Conv2dWeightGradCall`. The gradient of the bias is that of a row of ones. */
export function weightGrad(
  products: StripProducts,
  [g, x]: readonly PlanView[],
  [weight, bias]: readonly PlanView[],
): void {
  const { planner, blas, shapes: { filters, groups, channels, window }, columns } = products;
  const [kh, kw] = window.size;
  const fill = filler(planner),
    pack = packer(planner, TYPE),
    taps = kh * kw,
    turned = channels * taps >= TURNED;
  // For each group and row of the window sums of filters for each row of the strips, or the other way round.
  const vectors = Math.ceil(filters / TYPE.lanes), width = TYPE.lanes * vectors;
  const matrixBytes = 4 * columns * width, bytes = groups * kh * matrixBytes;
  const shares = products.shares(true), sums = planner.scratch(shares.length * bytes);
  products.run(shares.map(({ samples, blocks, matrix }, share): Task<Argument> => {
    const own = sums.plus(share * bytes), task: Task<Argument>[number][] = [call(fill, own, bytes)];
    const most = Math.max(0, ...blocks.map(({ strips }) => strips.pixels));
    const panel = turned ? planner.scratch(4 * width * most) : null;
    for (let group = 0; group < groups; group++) {
      for (const block of blocks) {
        const { strips, chunks } = block, { length, offsets } = strips;
        task.push(...products.prepare(matrix, strips, bias !== undefined));
        task.push(repeated(samples, (sample) => {
          const from = products.outputs(g!, sample, group, block), pitch = 4 * products.pixels;
          const calls = [strips.cut(products.images(x!, sample, group), matrix.plus(4 * length))];
          if (panel) calls.push(call(pack, panel, vectors, from, pitch, 4, filters, strips.pixels));
          for (const { start, size: k } of chunks) {
            offsets.forEach((offset, ky) => {
              const skipped = bias && ky === 0 ? 0 : 1, rows = columns - skipped;
              const seen = { pointer: matrix.plus(4 * (skipped * length + offset + start)), stride: length };
              const to = own.plus((group * kh + ky) * matrixBytes);
              calls.push(
                panel
                  ? blas.call(
                    "float32",
                    { m: rows, n: width, k },
                    { ...seen, transposed: false },
                    { pointer: panel.plus(4 * width * start), stride: width, transposed: false },
                    { pointer: to.plus(4 * width * skipped), stride: width },
                    1,
                  )
                  : blas.call(
                    "float32",
                    { m: filters, n: rows, k },
                    { pointer: from.plus(4 * start), stride: products.pixels, transposed: false },
                    { ...seen, transposed: true },
                    { pointer: to.plus(4 * skipped), stride: columns },
                    1,
                  ),
              );
            });
          }
          return calls;
        }));
      }
    }
    return task;
  }));
  const { add } = planner.instance("conv/addSums", emitAddSums);
  const { gather } = planner.instance("blas/gather", emitGather);
  const [rowBytes, filterBytes] = turned ? [4 * width, 4] : [4, 4 * columns];
  const endings = Array.from({ length: groups * kh }, (_, i): Task<Argument> => {
    const group = Math.floor(i / kh), ky = i % kh, own = sums.plus(i * matrixBytes), filter = group * filters;
    const calls = shares.slice(1).map((_, j) => call(add!, own, own.plus((j + 1) * bytes), matrixBytes / 16));
    const steps = [rowBytes, filterBytes] as const,
      to = weight!.address.plus(4 * (filter * channels * taps + ky * kw));
    calls.push(
      call(gather!, own.plus(rowBytes), ...steps, to, 4 * channels * taps, 4 * taps, filters, channels, kw),
    );
    if (bias && ky === 0) {
      calls.push(call(gather!, own, ...steps, bias.address.plus(4 * filter), 4, 4, filters, 1, 1));
    }
    return calls;
  });
  planner.run(endings, groups * kh * shares.length * columns * width);
}
