import { assert, assertEquals } from "@std/assert";
import { noGrad } from "@troodon/autograd";
import {
  type Device,
  fromTypedArray,
  logSoftmax,
  Scope,
  setDefaultDevice,
  type Shape,
  Tensor,
} from "@troodon/core";
import type { AnyModule } from "@troodon/nn";
import { DEVICES } from "./reference/devices.ts";
import { LAYER_MAKERS } from "./reference/layer_makers.ts";
import { numbers } from "./reference/numbers.ts";

/** An input: its numbers follow from its kind and its place. */
interface Input {
  readonly kind: "float" | "int" | "sign" | "pos" | "log" | "const" | "constPos";
  readonly shape: Shape;
  readonly data?: readonly number[];
}

/** A layer as PyTorch 1.13 made it, printed it and ran it in float64. */
interface LayerCase {
  readonly name: string;
  readonly printed: string;
  readonly state: readonly string[];
  readonly inputs?: readonly Input[];
  readonly outputs: readonly { readonly shape: Shape; readonly data: readonly number[] }[];
  readonly inputGrads: readonly (readonly number[] | null)[];
  readonly parameterGrads: Readonly<Record<string, readonly number[]>>;
  readonly buffers: Readonly<Record<string, readonly number[]>>;
}

const CASES: readonly LayerCase[] = JSON.parse(
  Deno.readTextFileSync(new URL("./reference/layers.json", import.meta.url)),
);

function floating(device: Device, shape: Shape, values: Float64Array): Tensor {
  return fromTypedArray(values, shape, { device, dtype: "float64" });
}

function inputOf(device: Device, { kind, shape, data }: Input, place: number): Tensor {
  if (kind === "int") return fromTypedArray(Int32Array.from(data!), shape, { device });
  const drawn = numbers(shape, 10 + place), positive = kind === "pos" || kind === "constPos";
  const values = positive
    ? drawn.map((v) => Math.abs(v) + 0.2)
    : kind === "sign"
    ? drawn.map(Math.sign)
    : drawn;
  const t = floating(device, shape, values);
  if (kind === "log") return logSoftmax(t, -1).requiresGrad_();
  return kind === "float" || kind === "pos" ? t.requiresGrad_() : t;
}

/** Fills all of the state as the program did. */
function fill(layer: AnyModule, device: Device): void {
  using _ = noGrad();
  let k = 0;
  for (const [name, t] of layer.stateDict()) {
    k++;
    if (t.dtype === "int32") continue;
    const values = numbers(t.shape, k, 0.5);
    const positive = name.includes("running_var") || name.endsWith("weight_g");
    t.copy_(floating(device, t.shape, positive ? values.map((v) => Math.abs(v) + 0.5) : values));
  }
}

function assertNear(what: string, t: Tensor, expected: readonly number[]): void {
  const found = t.dataSync();
  assertEquals(found.length, expected.length, what);
  expected.forEach((e, i) => {
    const near = Math.abs(found[i]! - e) <= 1e-8 * Math.max(1, Math.abs(e));
    assert(near, `element ${i} of ${what} is ${found[i]}: PyTorch has ${e}`);
  });
}

function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  return Array.isArray(result) ? result.flatMap(tensorsIn) : [];
}

for (const one of CASES) {
  const make = LAYER_MAKERS[one.name];
  Deno.test(`${one.name} prints and names its state as PyTorch does`, () => {
    assert(make, "there is no layer for it");
    using _ = new Scope();
    setDefaultDevice(DEVICES[0]!);
    const layer = make();
    assertEquals(layer.toString(), one.printed);
    assertEquals([...layer.stateDict().keys()], [...one.state]);
  });
  if (!one.inputs) continue;
  for (const device of DEVICES) {
    Deno.test(`${one.name} computes what PyTorch does on ${device.name}`, () => {
      using _ = new Scope();
      setDefaultDevice(device);
      const layer = make!();
      fill(layer, device);
      const inputs = one.inputs!.map((input, i) => inputOf(device, input, i));
      const outputs = tensorsIn((layer.forward as (...inputs: Tensor[]) => unknown).call(layer, ...inputs));
      assertEquals(outputs.map((y) => y.shape), one.outputs.map((y) => [...y.shape]));
      outputs.forEach((y, i) => assertNear(`output ${i}`, y, one.outputs[i]!.data));
      outputs.map((y, i) => y.mul(floating(device, y.shape, numbers(y.shape, 20 + i))).sum())
        .reduce((a, b) => a.add(b)).backward();
      one.inputGrads.forEach((g, i) => g && assertNear(`gradient of input ${i}`, inputs[i]!.grad!, g));
      const parameters = new Map(layer.namedParameters());
      for (const [name, g] of Object.entries(one.parameterGrads)) {
        assertNear(`gradient of ${name}`, parameters.get(name)!.grad!, g);
      }
      const buffers = new Map(layer.namedBuffers());
      for (const [name, values] of Object.entries(one.buffers)) assertNear(name, buffers.get(name)!, values);
      layer.dispose();
    });
  }
}
