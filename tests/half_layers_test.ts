/** Layers of 16 bits beside the same ones in float64. */
import { assert, assertEquals } from "@std/assert";
import { type Device, type DType, manualSeed, randn, Scope, type Tensor, withDevice } from "@troodon/core";
import * as nn from "@troodon/nn";
import { DEVICES } from "./reference/devices.ts";

interface Weights {
  parameters(): Iterable<Tensor>;
  to(dtype: DType): unknown;
  stateDict(): nn.StateDict;
  loadStateDict(state: nn.StateDict): unknown;
}

/** A layer, and how it is called. */
interface Layer {
  readonly weights: Weights;
  run(x: Tensor): Tensor;
}

const of = <M extends Weights>(weights: M, run: (layer: M, x: Tensor) => Tensor): Layer => ({
  weights,
  run: (x) => run(weights, x),
});
const plain = (layer: nn.Module): Layer => of(layer, (own, x) => own.forward(x));

const LAYERS: Readonly<Record<string, readonly [make: () => Layer, shape: readonly number[]]>> = {
  Linear: [() => plain(new nn.Linear(6, 4)), [5, 6]],
  Conv2d: [() => plain(new nn.Conv2d(3, 4, 3, { padding: 1 })), [2, 3, 6, 6]],
  ConvTranspose2d: [() => plain(new nn.ConvTranspose2d(3, 4, 3)), [2, 3, 6, 6]],
  BatchNorm2d: [() => plain(new nn.BatchNorm2d(3)), [4, 3, 6, 6]],
  LayerNorm: [() => plain(new nn.LayerNorm(6)), [4, 6]],
  GroupNorm: [() => plain(new nn.GroupNorm(2, 4)), [2, 4, 5]],
  RMSNorm: [() => plain(new nn.RMSNorm(6)), [4, 6]],
  LSTM: [() => of(new nn.LSTM(6, 4, { numLayers: 2 }), (own, x) => own.forward(x)[0]), [5, 3, 6]],
  GRU: [() => of(new nn.GRU(6, 4), (own, x) => own.forward(x)[0]), [5, 3, 6]],
  LSTMCell: [() => of(new nn.LSTMCell(6, 4), (own, x) => own.forward(x)[0]), [3, 6]],
  GRUCell: [() => of(new nn.GRUCell(6, 4), (own, x) => own.forward(x)), [3, 6]],
  MultiheadAttention: [
    () => of(new nn.MultiheadAttention(8, 2), (own, x) => own.forward(x, x, x)[0]!),
    [5, 3, 8],
  ],
};

/** What a layer gives, and the gradients of its parameters from some gradient of that. */
function outcome({ weights, run }: Layer, x: Tensor): Tensor[] {
  const y = run(x);
  assertEquals(y.dtype, x.dtype);
  // What all types hold.
  y.backward({ gradient: randn(y.shape, { device: y.device }).to("bfloat16").to("float16").to(y.dtype) });
  return [y, ...Array.from(weights.parameters(), (p) => p.grad ?? p.newZeros(p.shape))];
}

/** The largest difference from `exact`, relative to the largest of that. */
function distance(x: Tensor, exact: Tensor): number {
  const off = x.to("float64").sub(exact).abs().amax().item(), most = exact.abs().amax().item();
  // Gradients that cancel are sums of what is as large as a result.
  return off / Math.max(most, 1);
}

function check(name: string, device: Device, dtype: "float16" | "bfloat16"): void {
  const [make, shape] = LAYERS[name]!;
  using _ = new Scope();
  manualSeed(1);
  const [layer, exact] = withDevice(device, () => [make(), make()] as const);
  const x = randn(shape, { device }).to(dtype);
  layer.weights.to(dtype);
  exact.weights.to("float64");
  exact.weights.loadStateDict(layer.weights.stateDict());
  device.generator.manualSeed(2);
  const wanted = outcome(exact, x.to("float64")), unit = dtype === "float16" ? 2 ** -10 : 2 ** -7;
  device.generator.manualSeed(2);
  outcome(layer, x).forEach((t, i) => {
    const off = distance(t, wanted[i]!) / unit;
    assert(off < 4, `${i === 0 ? "the result" : `gradient ${i - 1}`} is ${off} units off`);
  });
}

for (const device of DEVICES) {
  for (const dtype of ["float16", "bfloat16"] as const) {
    for (const name of Object.keys(LAYERS)) {
      Deno.test(`${name} of ${dtype} is as near as ${dtype} can be on ${device.name}`, () =>
        check(name, device, dtype));
    }
  }
}
