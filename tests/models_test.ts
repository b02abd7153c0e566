/**
 * Models of `@troodon/models` have torchvision's names and shapes, and PyTorch's logits with the same
 * weights.
 */
import { assert, assertEquals } from "@std/assert";
import { Device, noGrad, Scope, setDefaultDevice, type Tensor, tensor } from "@troodon/troodon";
import { getModel, listModels } from "@troodon/models";
import type { Module } from "@troodon/nn";
import { sha256 } from "@troodon/io";
import { ADAPTERS, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { DEVICES } from "./reference/devices.ts";
import { ruledWeight } from "./reference/rule.ts";

interface Logits {
  readonly first_200_of_each_row?: readonly (readonly number[])[];
  readonly first_50_of_each_row?: readonly (readonly number[])[];
  readonly sum?: number;
  readonly sum_of_squares?: number;
  readonly argmax: readonly number[];
  readonly largest_magnitude?: number;
}

interface Reference {
  readonly name: string;
  readonly input: { readonly shape: readonly number[] };
  readonly state_dict: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly parameters: number;
  readonly logits_float64: Logits;
  readonly logits_float32: Logits;
}

const { models }: { readonly models: readonly Reference[] } = JSON.parse(
  await Deno.readTextFile(new URL("./reference/models.json", import.meta.url)),
);

interface State {
  readonly tensors: number;
  readonly parameters: number;
  readonly sha256: string;
}

const { states }: { readonly states: Readonly<Record<string, State>> } = JSON.parse(
  await Deno.readTextFile(new URL("./reference/model_states.json", import.meta.url)),
);

Deno.test("listModels() has the names of torchvision", () => {
  assertEquals(listModels(), Object.keys(states).sort());
});

for (const [name, wanted] of Object.entries(states)) {
  Deno.test(`getModel("${name}") has the state dict of torchvision, and is made again by describe()`, async () => {
    // A GPU that computes nothing, because the largest models take gigabytes.
    setDefaultDevice(
      new Device(new WebGpuBackend(new CountingGpu(ADAPTERS.metal, { records: false }).opened)),
    );
    using _ = new Scope();
    const model = getModel(name);
    const lines = [...model.stateDict()].map(([key, { shape }]) => `${key} [${shape.join(", ")}]`);
    const parameters = [...model.parameters()].reduce((sum, p) => sum + p.numel(), 0);
    const digest = await sha256(new TextEncoder().encode(lines.join("\n")));
    assertEquals({ tensors: lines.length, parameters, sha256: digest }, wanted);
    const again: Module = Reflect.construct(model.constructor, model.describe());
    assertEquals(again.toString(), model.toString());
  });
}

const close = (got: number, wanted: number, scale: number): void =>
  assert(Math.abs(got - wanted) <= scale, `${got} is not ${wanted} within ${scale}`);

for (const { name, input, state_dict, parameters, logits_float32, logits_float64 } of models) {
  Deno.test(`getModel("${name}") has torchvision's state dict, and PyTorch's logits`, () => {
    setDefaultDevice(DEVICES[1]!);
    using _ = new Scope();
    using _no = noGrad();
    const model = getModel(name).eval();
    assertEquals([...model.stateDict()].map(([name, { shape }]) => [name, shape]), state_dict as unknown);
    assertEquals([...model.parameters()].reduce((sum, p) => sum + p.numel(), 0), parameters);
    const dtypes = name === "efficientnet_b0" ? ["float64"] as const : ["float32"] as const;
    for (const dtype of dtypes) {
      model.to(dtype);
      for (const [k, [name, t]] of [...model.stateDict()].entries()) {
        if (name.endsWith("num_batches_tracked")) continue;
        using values = tensor(ruledWeight(k, name, t.shape), { dtype: t.dtype });
        t.copy_(values.view(t.shape));
      }
      const size = input.shape.reduce((a, b) => a * b, 1);
      const x = tensor(Float64Array.from({ length: size }, (_, i) => Math.sin(0.01 * i)), { dtype });
      const y: Tensor = model(x.view(input.shape)), rows = y.tolist() as number[][];
      const { argmax } = logits_float64, { largest_magnitude = 1 } = logits_float32;
      const tolerance = (dtype === "float64" ? 1e-8 : 1e-4) * Math.max(1, largest_magnitude);
      assertEquals(y.argmax(1).tolist(), [...argmax]);
      for (const [r, row] of logits_float64.first_200_of_each_row!.entries()) {
        for (const [i, wanted] of row.entries()) close(rows[r]![i]!, wanted, tolerance);
      }
    }
  });
}
