/** Random numbers. */
import * as core from "@troodon/core";
import { Generator, isFloating, type Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators, Results } from "../operator.ts";

/** A generator of the seed that the node has; by default that of the device. */
function drawing(call: Call): { readonly generator?: Generator } {
  const seed = call.attributes.float("seed");
  return seed === undefined ? {} : { generator: new Generator(Math.trunc(seed)) };
}

/** Draws numbers of a shape that is an attribute, or that of the input. */
const drawn =
  (draw: (call: Call, shape: readonly number[], options: core.RandomOptions) => Tensor) =>
  (call: Call): Tensor => {
    call.grow(Infinity);
    const { attributes, device } = call, x = call.inputs[0]?.tensor, type = attributes.int("dtype");
    const dtype = type === undefined ? x?.dtype ?? "float32" : call.dtype(type);
    const shape = x?.shape ?? attributes.ints("shape") ?? call.refuse("it needs a shape");
    return draw(call, shape, { device, dtype: isFloating(dtype) ? dtype : "float32", ...drawing(call) }).to(
      dtype,
    );
  };

const normal = drawn(({ attributes }, shape, options) =>
  core.randn(shape, options).mul(attributes.float("scale", 1)).add(attributes.float("mean", 0))
);

const uniform = drawn(({ attributes }, shape, options) => {
  const low = attributes.float("low", 0), high = attributes.float("high", 1);
  return core.rand(shape, options).mul(high - low).add(low);
});

function bernoulli(call: Call): Tensor {
  call.grow(Infinity);
  const x = call.input(0), type = call.attributes.int("dtype");
  return core.bernoulli(x, drawing(call)).to(type === undefined ? x.dtype : call.dtype(type));
}

function multinomial(call: Call): Tensor {
  call.grow(Infinity);
  const { attributes } = call,
    weights = core.softmax(call.input(0), 1),
    count = attributes.int("sample_size", 1);
  return core.multinomial(weights, count, { replacement: true, ...drawing(call) }).to(
    call.dtype(attributes.int("dtype", 6)),
  );
}

/** Leaves elements out in training mode, which is an input; otherwise it gives what it gets. */
function dropout(call: Call): Results {
  const x = call.input(0), training = call.opset >= 12 && (call.number(2) ?? 0) !== 0;
  const p = call.attributes.float("ratio") ?? call.number(1) ?? 0.5;
  if (!training || p === 0) return [x, call.wanted[1] ? core.onesLike(x, { dtype: "bool" }) : undefined];
  if (!call.wanted[1]) return core.dropout(x, { p });
  const kept = core.rand(x.shape, { device: x.device, ...drawing(call) }).ge(p);
  return [core.where(kept, x.div(1 - p), core.zerosLike(x)), kept];
}

/** Random numbers. */
export const RANDOM: Operators = {
  Bernoulli: bernoulli,
  Dropout: { run: dropout, known: [1, 2] },
  Multinomial: multinomial,
  RandomNormal: normal,
  RandomNormalLike: normal,
  RandomUniform: uniform,
  RandomUniformLike: uniform,
};
