import { assertEquals, assertThrows } from "@std/assert";
import { type BackendLaunch, Device, ReferenceBackend, Scope, type Tensor, tensor } from "../mod.ts";
import { body, expr as e, Updates } from "../kernel.ts";

const DOUBLE = body(e.mul(e.input(0), 2));
const ADD = body(e.add(e.input(0), e.mul(e.scalar(0), e.input(1))));

/** A backend that counts what it is given at once. */
class Counting extends ReferenceBackend {
  readonly counts: number[] = [];
  launchAll(launches: readonly BackendLaunch[]): void {
    this.counts.push(launches.length);
    for (const { call, inputs, outputs } of launches) {
      super.launch(
        call,
        inputs as Parameters<ReferenceBackend["launch"]>[1],
        outputs as typeof inputs as never,
      );
    }
  }
}

const on = (device: Device, ...values: number[]): Tensor => tensor(values, { device });

Deno.test("Updates changes nothing before it is run, and each tensor once", () => {
  using device = new Device(new ReferenceBackend());
  const x = on(device, 1, 2), version = x.version.count, heard: string[] = [];
  const updates = new Updates();
  updates.add(DOUBLE, [x]);
  assertEquals(x.tolist(), [1, 2]);
  using _ = device.listen(({ call, inputs, outputs }) =>
    heard.push(`${call.kernel} ${inputs.length} ${outputs.length}`)
  );
  updates.run();
  updates.run();
  assertEquals(x.tolist(), [2, 4]);
  assertEquals(x.version.count, version + 1);
  assertEquals(heard, ["map 1 1"]);
});

Deno.test("Updates follow one another where they have tensors in common", () => {
  using device = new Device(new ReferenceBackend());
  const [x, y] = [on(device, 1, 2), on(device, 10, 20)];
  {
    using updates = new Updates();
    updates.add(DOUBLE, [x]);
    updates.add(ADD, [y, x], [3]);
    updates.add(ADD, [x, y], [1]);
    updates.add(DOUBLE, [x]);
  }
  assertEquals([x.tolist(), y.tolist()], [[36, 72], [16, 32]]);
});

Deno.test("Updates hands each device all of its own at once, and none where there is none", () => {
  const [a, b] = [new Counting(), new Counting()], devices = [new Device(a), new Device(b)];
  const tensors = [0, 1, 0, 0, 1].map((d, i) => on(devices[d]!, i));
  const updates = new Updates();
  updates.run();
  for (const t of tensors) updates.add(DOUBLE, [t]);
  updates.run();
  assertEquals([a.counts, b.counts], [[3], [2]]);
  assertEquals(tensors.map((t) => t.item()), [0, 2, 4, 6, 8]);
  const { buffers } = devices[0]!.memory;
  updates.add(DOUBLE, [tensors[0]!]);
  updates.run();
  assertEquals(a.counts, [3, 1]);
  assertEquals(devices[0]!.memory.buffers, buffers);
});

Deno.test("Updates are made at the end of a block that throws", () => {
  using device = new Device(new ReferenceBackend());
  const x = on(device, 3);
  assertThrows(() => {
    using updates = new Updates();
    updates.add(DOUBLE, [x]);
    throw new RangeError("Cannot go on");
  }, RangeError);
  assertEquals(x.item(), 6);
});

Deno.test("Updates refuses what was disposed of before it is run, and changes nothing then", () => {
  using device = new Device(new ReferenceBackend());
  const x = on(device, 1, 2), y = on(device, 3, 4);
  for (const values of [[5, 6], [5]]) {
    assertThrows(
      () => {
        using updates = new Updates();
        updates.add(DOUBLE, [y]);
        // Freed before the updates are run.
        using _ = new Scope();
        updates.add(ADD, [x, on(device, ...values)], [1]);
      },
      ReferenceError,
      "disposed of",
    );
    assertEquals([x.tolist(), y.tolist()], [[1, 2], [3, 4]]);
  }
});
