import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { ones, type Tensor, tensor, tidy } from "@troodon/core";
import {
  Conv1d,
  Conv2d,
  Linear,
  Parameter,
  removeSpectralNorm,
  removeWeightNorm,
  spectralNorm,
  weightNorm,
} from "../mod.ts";
import { useReference } from "../support_test.ts";

const numbers = (t: Tensor): number[] => Array.from(t.dataSync(), Number);
const isParameter = (t: Tensor): boolean => t instanceof Parameter;
const close = (a: Tensor, b: Tensor) =>
  numbers(a).forEach((x, i) => assertAlmostEquals(x, numbers(b)[i]!, 1e-6));

Deno.test("weightNorm() and back leave the weight as it was", () => {
  useReference();
  const layer = new Conv2d(2, 3, 2), before = layer.weight.clone();
  weightNorm(layer);
  close(layer.weight, before);
  assert(!isParameter(layer.weight));
  assertEquals([...layer.stateDict().keys()], ["bias", "weight_g", "weight_v"]);
  removeWeightNorm(layer);
  close(layer.weight, before);
  assert(isParameter(layer.weight));
  assertEquals([...layer.stateDict().keys()].sort(), ["bias", "weight"]);
});

Deno.test("weightNorm() learns length and direction", () => {
  useReference();
  const layer = weightNorm(new Linear(3, 2, { bias: false }));
  layer.forward(ones([1, 3])).sum().backward();
  assertEquals([...layer.parameters()].map((p) => p.grad?.shape), [[2, 1], [2, 3]]);
});

Deno.test("weightNorm() has one length for all of the weight where dim is null or -1, as in PyTorch", () => {
  useReference();
  const shapes = [0, 1, -2, -3, -1, null].map((dim) =>
    weightNorm(new Conv1d(2, 3, 4), { dim }).stateDict().get("weight_g")!.shape
  );
  assertEquals(shapes, [[3, 1, 1], [1, 2, 1], [1, 2, 1], [3, 1, 1], [], []]);
});

Deno.test("weightNorm() wants a parameter", () => {
  useReference();
  assertThrows(() => weightNorm(new Linear(2, 2), { name: "wait" }), TypeError, '"wait"');
  assertThrows(() => weightNorm(weightNorm(new Linear(2, 2))), TypeError, '"weight"');
});

Deno.test("spectralNorm() makes the largest singular value 1", () => {
  useReference();
  const layer = spectralNorm(new Linear(2, 2, { bias: false }), { nPowerIterations: 60 });
  const [a, b, c, d] = numbers(layer.weight) as [number, number, number, number];
  // Of a 2 by 2 matrix, by its norm and determinant.
  const square = a * a + b * b + c * c + d * d, determinant = a * d - b * c;
  assertAlmostEquals((square + Math.sqrt(square ** 2 - 4 * determinant ** 2)) / 2, 1, 1e-5);
  assertEquals([...layer.stateDict().keys()], ["weight_orig", "weight_u", "weight_v"]);
  const u = numbers(layer.eval().stateDict().get("weight_u")!);
  tidy(() => layer.weight.sum().item());
  assertEquals(numbers(layer.stateDict().get("weight_u")!), u);
  const weight = layer.weight.clone();
  removeSpectralNorm(layer);
  close(layer.weight, weight);
  assertEquals([...layer.stateDict().keys()], ["weight"]);
});

Deno.test("weightNorm() and spectralNorm() have the defaults that they say", () => {
  useReference();
  const made = (make: (layer: Linear) => Linear): unknown => {
    const layer = new Linear(3, 2, { dtype: "float64" });
    // Small enough for the minimum norm to take effect.
    layer.loadStateDict(
      new Map([["weight", tensor([[1, 2, 3], [-2, 0, 5]]).mul(1e-13)], ["bias", tensor([0, 0])]]),
    );
    make(layer);
    for (const [name, t] of layer.namedBuffers()) t.copy_(ones(t.shape).div(name.endsWith("u") ? 3 : 2));
    return layer.weight.tolist();
  };
  const usual = made((layer) => spectralNorm(layer));
  assertEquals(
    usual,
    made((layer) => spectralNorm(layer, { name: "weight", nPowerIterations: 1, eps: 1e-12, dim: 0 })),
  );
  for (const options of [{ nPowerIterations: 2 }, { eps: 2e-12 }, { dim: 1 }]) {
    assertNotEquals(usual, made((layer) => spectralNorm(layer, options)));
  }
});
