/** Every class of `@troodon/nn`, exported and loaded again. */
import { assert, assertEquals } from "@std/assert";
import { allclose, Device, manualSeed, setDefaultDevice, type Tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { exportOnnx, loadOnnx, type OnnxOutputs } from "@troodon/onnx";
import { tensorsIn } from "./compare.ts";
import { type Exported, MODULES } from "./modules.ts";

const device = new Device(new CpuBackend());

/** Checks that the export of a module gives its outputs for another number of samples than it was traced with. */
async function checkExport({ module, inputs, options }: Exported): Promise<void> {
  const isFixed = Object.keys(options?.dynamicAxes ?? { input: [] }).length === 0;
  const net = await loadOnnx<Tensor | OnnxOutputs>(
    await exportOnnx(module, inputs(isFixed ? 1 : 2), options),
  );
  const given = inputs(isFixed ? 1 : 3), wanted = tensorsIn(module.eval().forward(...given as never[]));
  const got = tensorsIn(net(...tensorsIn(given)));
  assertEquals(got.map(({ shape }) => shape), wanted.map(({ shape }) => shape));
  wanted.forEach((x, i) =>
    assert(allclose(got[i]!, x, { rtol: 1e-5, atol: 1e-5, equalNan: true }), `output ${i}`)
  );
}

Deno.test("loadOnnx() gives the outputs of every module that exportOnnx() exports", async () => {
  setDefaultDevice(device);
  manualSeed(1);
  const failed: string[] = [];
  for (const [name, make] of Object.entries(MODULES)) {
    try {
      await checkExport(make());
    } catch (error) {
      failed.push(`${name}: ${error}`);
    }
  }
  assertEquals(failed, []);
});
