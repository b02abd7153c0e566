/** Cases of ONNX's own backend test, which `scripts/onnx/pack_cases.ts` packed. */
import { assert, assertEquals } from "@std/assert";
import { chooseDevice, onnx } from "@troodon/troodon";
import { runCase } from "../scripts/onnx/case.ts";
import { recordedCases } from "../scripts/onnx/recorded_cases.ts";

const cases = await recordedCases();

for (const name of ["cpu", "reference"]) {
  Deno.test(`loadOnnx() runs the cases of ONNX's backend test on ${name}`, async () => {
    const device = await chooseDevice(name, { log: null }), failed: string[] = [];
    for (const found of cases) {
      const outcome = await runCase(found, device);
      if (outcome.kind !== "passed") failed.push(`${found.name}: ${outcome.reason}`);
    }
    assertEquals(failed, []);
  });
}

Deno.test("the cases of ONNX's backend test call more than 150 operators", () => {
  const operators = cases.flatMap(({ model }) =>
    onnx.decodeOnnx(model).graph.node.map(({ opType }) => opType)
  );
  assert(new Set(operators).size > 150, `${new Set(operators).size}`);
});
