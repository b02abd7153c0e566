import { type Body, type Device, type Expr, randint, type Shape, type Tensor } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { extents, type KernelCase, launching, noise } from "./case.ts";

const [X, Y, Z] = [0, 1, 2].map(e.input) as [Expr, Expr, Expr];

/** Kernels by what they are called. */
export const MAP_BODIES: Readonly<Record<string, Body>> = {
  copy: body(X),
  add: body(e.add(X, Y)),
  relu: body(e.max(X, 0)),
  "relu(x * w + b)": body(e.max(e.add(e.mul(X, Y), Z), 0)),
  exp: body(e.exp(X)),
  log: body(e.log(e.abs(X))),
  tanh: body(e.tanh(X)),
  sigmoid: body(e.sigmoid(X)),
  gelu: body(e.mul(e.mul(X, 0.5), e.add(e.erf(e.mul(X, Math.SQRT1_2)), 1))),
  sin: body(e.sin(X)),
  pow: body(e.pow(e.abs(X), Y)),
};

/** An elementwise kernel with inputs and an output of one shape, or with inputs that `more` makes. */
export function mapping(
  title: string,
  kernel: Body,
  shape: Shape,
  inputs: (device: Device) => readonly Tensor[] = noise(
    ...Array.from({ length: kernel.inputs }, () => shape),
  ),
): KernelCase {
  const call = { kernel: "map", body: kernel, compute: "float32", scalars: [], shape } as const;
  return launching(`${title} ${extents(shape)}`, call, (device) => [inputs(device), noise(shape)(device)]);
}

/** Multiply-adds of each element, one after the other: arithmetic and next to no memory. */
export function multiplyAdds(elements: number, steps: number): KernelCase {
  let y: Expr = X;
  for (let i = 0; i < steps; i++) y = e.add(e.mul(y, e.scalar(0)), e.scalar(1));
  const call = {
    kernel: "map",
    body: body(y),
    compute: "float32",
    scalars: [0.999, 1e-3],
    shape: [elements],
  } as const;
  return launching(`${steps} multiply-adds ${elements}`, call, (device) => {
    const [x, result] = noise([elements], [elements])(device);
    return [[x!], [result!]];
  });
}

/** Elementwise kernels: the hidden layer of a perceptron, a million elements, and more than caches hold. */
export const MAP_CASES: readonly KernelCase[] = [
  ...["add", "relu"].map((title) => mapping(title, MAP_BODIES[title]!, [64, 256])),
  ...Object.entries(MAP_BODIES).map(([title, kernel]) => mapping(title, kernel, [2 ** 20])),
  ...["copy", "add", "exp"].map((title) => mapping(title, MAP_BODIES[title]!, [2 ** 24])),
  ...["copy", "add", "exp"].map((title) => mapping(title, MAP_BODIES[title]!, [2 ** 26])),
  mapping("add a bias", MAP_BODIES["add"]!, [64, 256], (device) => {
    const [x, bias] = noise([64, 256], [256])(device);
    return [x!, bias!.expand([64, 256])];
  }),
  mapping("copy a transposed", MAP_BODIES["copy"]!, [1024, 1024], (device) => [
    noise([1024, 1024])(device)[0]!.transpose(0, 1),
  ]),
  mapping("normalize bytes", body(e.mul(e.sub(X, 33.3), 0.0127)), [64, 784], (device) => [
    randint(0, 256, [64, 784], { device, dtype: "uint8" }),
  ]),
  multiplyAdds(2 ** 14, 64),
  multiplyAdds(2 ** 20, 256),
];
