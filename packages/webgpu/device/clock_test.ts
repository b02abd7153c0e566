import { assert, assertEquals } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { openBackend } from "../test_support.ts";

const NEXT = body(e.add(e.input(0), 1));

Deno.test("WebGpuBackend.timeGpu() tells the time of what was launched, over several submissions too", async () => {
  const backend = await openBackend();
  if (backend === undefined || !backend.features.has("timestamp-query")) return console.log("SKIP: no clock");
  const shape = [2 ** 20], buffer = backend.allocate(2 ** 22);
  const view = { buffer, dtype: "float32", shape, strides: [1], offset: 0 } as const;
  const launch = (times: number) => () => {
    for (let i = 0; i < times; i++) {
      backend.launch({ kernel: "map", body: NEXT, compute: "float32", scalars: [], shape }, [view], [view]);
    }
  };
  await backend.timeGpu(launch(1));
  const start = performance.now(),
    few = await backend.timeGpu(launch(3)),
    most = (performance.now() - start) / 1000;
  assert(few! > 0 && few! <= most, `${few} of ${most} seconds`);
  const many = await backend.timeGpu(launch(300));
  assert(many! > few!, `${many} and ${few}`);
  assertEquals(await backend.timeGpu(() => {}), 0);
});

Deno.test("WebGpuBackend.timeGpu() says where there is no clock", async () => {
  const backend = await openBackend({ features: [] });
  if (backend !== undefined) assertEquals(await backend.timeGpu(() => {}), null);
});
