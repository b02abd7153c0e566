import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { BatchNorm1d, Linear, Module, Parameter, ReLU, Sequential } from "@troodon/nn";
import { Adam, AveragedParameters } from "@troodon/optim";

const device = new Device(new ReferenceBackend(), { tape });
const x = tensor([1, 2], { device, requiresGrad: true });
const layer = new Linear(2, 2, { device });

/** All that programs may try to send to a worker. */
const THINGS: Readonly<Record<string, unknown>> = {
  "a leaf": x,
  "a result": x.mul(2),
  "a plain tensor": tensor([1], { device }),
  "a tensor of the CPU": tensor([1], { device: new Device(new CpuBackend()) }),
  "a list of tensors": [tensor([1], { device })],
  "a parameter": new Parameter(tensor([1], { device })),
  "a device": device,
  "a module": layer,
  "a module without parameters": new ReLU(),
  "a container": new Sequential(),
  "a module with buffers": new BatchNorm1d(2, { device }),
  "a state dictionary": layer.stateDict(),
  "an optimizer": new Adam(layer.parameters()),
  "averages": new AveragedParameters(layer.parameters()),
};

function says(thing: unknown): string {
  return thing instanceof Module
    ? "Cannot clone a module: send encodeSafetensors(module.stateDict())"
    : "Cannot clone a tensor: send `await x.dataAsync()` and x.shape; of modules send encodeSafetensors(module.stateDict())";
}

for (const [name, thing] of Object.entries(THINGS)) {
  Deno.test(`structuredClone() and postMessage() of ${name} say what to send`, () => {
    const { port1, port2 } = new MessageChannel();
    for (const clone of [structuredClone, (value: unknown) => port1.postMessage(value)]) {
      const error = assertThrows(() => clone(thing), DOMException);
      assertEquals(error.name, "DataCloneError");
      assertStringIncludes(error.message, says(thing));
    }
    port1.close();
    port2.close();
  });
}

Deno.test("tensors and modules can be printed, compared and spread as ever", () => {
  assertEquals(Deno.inspect(tensor([1], { device })), "tensor([1.])");
  assertEquals(Deno.inspect(layer), "Linear(in_features=2, out_features=2, bias=True)");
  assertEquals([x, layer, device], [x, layer, device]);
  assertThrows(() => assertEquals(x, tensor([7], { device })));
  assertEquals({ ...x }.shape, [2]);
  assertEquals(Object.keys({ ...layer }), Object.keys(layer));
  assert(!JSON.stringify({ ...device, backend: null, tape: null, generator: null }).includes("Cannot"));
});
