/** Limits on flattening: which parameters share a buffer, and how many. */
import { assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { type Backend, Device, ReferenceBackend, tensor } from "@troodon/core";
import { FlatLayout, flatPlace } from "@troodon/core/kernel";
import { Adam, flattenParameters } from "./mod.ts";

/** Creates a device whose backend has the given limits. */
function limited(limits: Partial<Backend["limits"]>): Device {
  const backend = new ReferenceBackend();
  Object.defineProperty(backend, "limits", { value: { ...backend.limits, ...limits } });
  return new Device(backend, { tape });
}

Deno.test("Adam lays parameters side by side where their updates have more buffers than a launch", () => {
  for (
    const [count, launchBuffers, laid] of [[2, 8, false], [2, 7, true], [3, 12, false], [
      3,
      11,
      true,
    ]] as const
  ) {
    const device = limited({ launchBuffers });
    const parameters = Array.from({ length: count }, () => tensor([1, 2], { device, requiresGrad: true }));
    new Adam(parameters);
    assertEquals(parameters.map((p) => flatPlace(p) !== null), parameters.map(() => laid));
  }
});

Deno.test("FlatParameters says which parameter lies elsewhere since, the first one too", () => {
  for (const away of [0, 1]) {
    const device = limited({});
    const parameters = [[1, 2], [3, 4]].map((values) => tensor(values, { device, requiresGrad: true }));
    const [flat] = flattenParameters(parameters);
    assertEquals(flat!.data.sum().item(), 10);
    parameters[away]!.setData(tensor([5, 6], { device }));
    for (const act of [() => flat!.data, () => flat!.gatherGradients()]) {
      assertThrows(act, ReferenceError, `parameter ${away} lies elsewhere since`);
    }
  }
});

Deno.test("flattenParameters() fills a buffer up to what the device can hold, and begins another beyond that", () => {
  const bytes = 4 * new FlatLayout("float32", [[3]]).size;
  for (const [bufferBytes, sizes] of [[2 * bytes, [2, 2, 1]], [2 * bytes - 1, [1, 1, 1, 1, 1]]] as const) {
    const device = limited({ bufferBytes });
    const parameters = Array.from({ length: 5 }, () => tensor([1, 2, 3], { device, requiresGrad: true }));
    assertEquals(flattenParameters(parameters).map((flat) => flat.parameters.length), [...sizes]);
    assertEquals(parameters.map((p) => p.tolist()), parameters.map(() => [1, 2, 3]));
  }
});
