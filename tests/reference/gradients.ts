/** Gradients, and gradients of gradients, against finite differences. */
import { gradcheck, gradgradcheck } from "@troodon/autograd";
import { fromTypedArray, Scope, type Tensor } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { DEVICES } from "./devices.ts";

/** A function and the shapes of its inputs, or the inputs' elements. */
export type GradientCase = readonly [
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  ...inputs: (readonly number[] | { readonly data: readonly number[] })[],
];

/** Numbers without ties or a pattern, none of them near 0. */
function spreadOut(count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const x = ((i + 1) * 0.6180339887498949) % 1;
    return (i % 3 === 0 ? -1 : 1) * (0.3 + 1.5 * x);
  });
}

/** Registers a test for each case, first and second derivatives both. */
export function testGradients(cases: Readonly<Record<string, GradientCase>>): void {
  const device = DEVICES[0]!;
  for (const [name, [f, ...inputs]] of Object.entries(cases)) {
    Deno.test(`${name} has the gradients that differences show`, () => {
      using _ = new Scope();
      const tensors = inputs.map((input) => {
        const [shape, data] = "data" in input ? [[input.data.length], input.data] : [input, spreadOut(sizeOf(input))];
        return fromTypedArray(Float64Array.from(data), shape, { device });
      });
      gradcheck(f, tensors);
      gradgradcheck(f, tensors);
    });
  }
}
