/** Weights of a convolution in the order of strips. */
import type { ModuleBuilder } from "../targets/wasm/assembler.ts";

/**
 * "arrange": weights [o, c, kh, kw] as kh matrices with a row for each filter: an element that is left as it is,
 * then channels and columns of the window. Parameters: weights, matrices, filters, channels, kh, kw.
 */
export function emitArrange(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32"), export: "arrange" });
  const [weights, to, filters, channels, height, width] = [0, 1, 2, 3, 4, 5] as const;
  const from = code.local("i32"), filter = code.local("i32"), channel = code.local("i32");
  const windowBytes = code.local("i32"), row = code.local("i32"), x = code.local("i32");
  code.get(height).get(width).op("i32.mul").i32(2).op("i32.shl").set(windowBytes);
  code.get(height).set(row);
  code.repeat(row, () => {
    code.get(weights).set(from).get(filters).set(filter);
    code.repeat(filter, () => {
      code.increase(to, 4).get(channels).set(channel);
      code.repeat(channel, () => {
        code.i32(0).set(x);
        code.countTo(x, width, 1, () => {
          code.get(to).get(from).get(x).i32(2).op("i32.shl", "i32.add").memory("f32.load").memory(
            "f32.store",
          );
          code.increase(to, 4);
        });
        code.advance(from, windowBytes);
      });
    });
    code.get(weights).get(width).i32(2).op("i32.shl", "i32.add").set(weights);
  });
}

/**
 * "gather": sums for one row of the window to weights [o, c, kh, kw]. Parameters: sums, bytes between those of
 * channels and columns of the window, and of filters; weights of the first filter, channel and column, bytes between
 * filters and between channels; filters, channels, kw.
 */
export function emitGather(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 9 }, () => "i32"), export: "gather" });
  const [sums, columnSums, filterSums, weights, filterBytes, channelBytes] = [0, 1, 2, 3, 4, 5] as const;
  const [filters, channels, width] = [6, 7, 8] as const;
  const from = code.local("i32"), to = code.local("i32"), filter = code.local("i32"), x = code.local("i32");
  code.repeat(channels, () => {
    code.i32(0).set(x);
    code.countTo(x, width, 1, () => {
      code.get(weights).get(x).i32(2).op("i32.shl", "i32.add").set(to);
      code.get(sums).set(from).get(filters).set(filter);
      code.repeat(filter, () => {
        code.get(to).get(from).memory("f32.load").memory("f32.store");
        code.advance(from, filterSums).advance(to, filterBytes);
      });
      code.advance(sums, columnSums);
    });
    code.advance(weights, channelBytes);
  });
}

/** "ones": a number of elements set to 1. Parameters: to, elements. */
export function emitOnes(module: ModuleBuilder): void {
  const code = module.function({ params: ["i32", "i32"], export: "ones" }), x = code.local("i32");
  code.countTo(x, 1, 4, () => code.get(0).f32x4(1).memory("v128.store", 0, 2).increase(0, 16));
  code.countTo(x, 1, 1, () => code.get(0).f32(1).memory("f32.store").increase(0, 4));
}
