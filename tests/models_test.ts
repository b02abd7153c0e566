/**
 * Models of `@troodon/models` have torchvision's names and shapes, and PyTorch's logits with the same
 * weights.
 */
import { assertEquals } from "@std/assert";
import { Device, Scope, setDefaultDevice } from "@troodon/troodon";
import { getModel, listModels } from "@troodon/models";
import type { Module } from "@troodon/nn";
import { sha256 } from "@troodon/io";
import { ADAPTERS, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { DEVICES } from "./reference/devices.ts";
import { checkModel, readModels } from "./reference/model_logits.ts";

const { models, rule: { salt } } = await readModels();

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

/** Classifiers that take seconds, whose logits `tests/long/models_long.ts` compares. */
const HEAVY: ReadonlySet<string> = new Set([
  "convnext_tiny",
  "densenet121",
  "resnet50",
  "vgg11_bn",
  "vit_b_16",
]);

for (const reference of models.filter(({ name }) => !HEAVY.has(name))) {
  const { name } = reference, dtype = name === "efficientnet_b0" ? "float64" : "float32";
  Deno.test(`getModel("${name}") has torchvision's state dict, and PyTorch's logits`, () => {
    checkModel(reference, { device: DEVICES[1]!, dtype, salt });
  });
}
