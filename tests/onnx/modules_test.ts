/** Every class of `@troodon/nn`, exported and run by onnxruntime. */
import { assert, assertEquals } from "@std/assert";
import { Device, setDefaultDevice } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import * as nn from "@troodon/nn";
import { compare } from "./compare.ts";
import { MODULES, NOT_EXPORTED } from "./modules.ts";
import { onnxruntime } from "./session.ts";

const device = new Device(new CpuBackend()), load = await onnxruntime();

for (const [name, make] of Object.entries(MODULES)) {
  Deno.test({
    name: `exportOnnx() of ${name} computes the same in onnxruntime`,
    ignore: load === null,
    fn: async () => {
      setDefaultDevice(device);
      const exported = make(),
        fixed = Object.keys(exported.options?.dynamicAxes ?? { input: [] }).length === 0;
      await compare([load], { ...exported, ...(fixed && { counts: [1] }) });
    },
  });
}

Deno.test("exportOnnx() is tried with every class of modules", () => {
  setDefaultDevice(device);
  const tried = new Set<unknown>(Object.values(MODULES).map((make) => make().module.constructor));
  const classes = Object.entries<unknown>({ ...nn }).filter(([, value]) =>
    typeof value === "function" && value.prototype instanceof nn.Module
  );
  assertEquals(
    classes.filter(([, type]) => !tried.has(type) && !NOT_EXPORTED.has(type)).map(([name]) => name),
    [],
  );
  assert(classes.length > 140);
});
