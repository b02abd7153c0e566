import type { MatmulCall } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { extents, type KernelCase, launching, noise } from "./case.ts";

const CALL: MatmulCall = { kernel: "matmul", scalars: [] };

/** Whether the rows of a matrix lie in memory as columns do. */
interface Transposed {
  readonly a?: boolean;
  readonly b?: boolean;
}

/** A product [m, k] by [k, n]. */
export function product(
  title: string,
  [m, k, n]: readonly [number, number, number],
  { a: ofA = false, b: ofB = false }: Transposed = {},
): KernelCase {
  return launching(`${title} ${extents([m, k, n])}`, CALL, (device) => {
    const [a, b, y] = noise(ofA ? [k, m] : [m, k], ofB ? [n, k] : [k, n], [m, n])(device);
    return [[ofA ? a!.transpose(0, 1) : a!, ofB ? b!.transpose(0, 1) : b!], [y!]];
  });
}

function batched(batch: number, [m, k, n]: readonly [number, number, number]): KernelCase {
  return launching(`${batch} products ${extents([m, k, n])}`, CALL, (device) => {
    const [a, b, y] = noise([batch, m, k], [batch, k, n], [batch, m, n])(device);
    return [[a!, b!], [y!]];
  });
}

/** A fully connected layer with its bias, rectified as it is stored. */
function layer([m, k, n]: readonly [number, number, number]): KernelCase {
  const epilogue = body(e.max(e.add(e.input(0), e.input(1)), 0));
  return launching(`layer with bias and relu ${extents([m, k, n])}`, { ...CALL, epilogue }, (device) => {
    const [x, weight, bias, y] = noise([m, k], [n, k], [n], [m, n])(device);
    return [[x!, weight!.transpose(0, 1), bias!.expand([m, n])], [y!]];
  });
}

const square = (extent: number): KernelCase => product("square", [extent, extent, extent]);

/** Extents m, k, n: squares, the layers of a perceptron 784-256-10 at batch 64 with their gradients, and thin ones. */
export const MATMUL_CASES: readonly KernelCase[] = [
  ...[4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192].map(square),
  ...[64, 256, 1024].map((extent) => product("square by transposed", [extent, extent, extent], { b: true })),
  product("first layer", [64, 784, 256], { b: true }),
  product("first layer, gradient of the weight", [256, 64, 784], { a: true }),
  product("first layer, gradient of the input", [64, 256, 784]),
  product("last layer", [64, 256, 10], { b: true }),
  product("last layer, gradient of the weight", [10, 64, 256], { a: true }),
  product("last layer, gradient of the input", [64, 10, 256]),
  layer([64, 784, 256]),
  layer([64, 400, 120]),
  layer([64, 512, 128]),
  product("row by matrix", [1, 512, 512]),
  product("row by transposed", [1, 512, 512], { b: true }),
  product("row by transposed", [1, 1024, 1024], { b: true }),
  product("matrix by column", [512, 512, 1], { b: true }),
  product("three rows", [3, 512, 512]),
  product("eight rows by transposed", [8, 1024, 1024], { b: true }),
  batched(64, [32, 32, 32]),
  batched(64, [128, 64, 128]),
];
