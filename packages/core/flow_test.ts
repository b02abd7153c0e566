/** Frames that were left open, and those that outlive the ones around them. */
import { assertEquals } from "@std/assert";
import { Device, ReferenceBackend, Scope, scoped, tensor, tidySync, withDevice } from "./mod.ts";
import { flow } from "./kernel.ts";

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("blocks that nobody closes do not lie too deep for those within", () => {
  const frames = Array.from({ length: 30000 }, () => flow.openFrame({ recording: false }));
  // Has all of them be looked at again.
  scoped(() => {});
  assertEquals(flow.currentFlow().recording, false);
  for (const frame of frames) flow.closeFrame(frame);
  assertEquals(flow.currentFlow().recording, true);
});

Deno.test("a function that tidySync() starts does not find its owner in force later, whatever ended meanwhile", async () => {
  const device = new Device(new ReferenceBackend()), scope = new Scope();
  let running: Promise<void> | undefined;
  tidySync(() => {
    running = flow.runInFrame({ recording: false }, async () => {
      // One block more, and one less.
      scope[Symbol.dispose]();
      flow.currentFlow();
      await turn();
      assertEquals(tensor([1], { device }).scope, null);
    });
  });
  await running;
});

Deno.test("Scope frees what is its own too where flows run within one block of a function", async () => {
  const device = new Device(new ReferenceBackend());
  const work = async (n: number, wait: number): Promise<number> => {
    await turn();
    using _ = new Scope();
    const x = tensor([n]).mul(2);
    for (let i = 0; i < wait; i++) await turn();
    return x.add(1).item();
  };
  assertEquals(
    await withDevice(device, () => Promise.all([work(1, 5), work(2, 1), work(3, 3)])),
    [3, 5, 7],
  );
  assertEquals(device.memory.buffers, 0);
});

Deno.test("closeFrame() of a frame that is closed already leaves later blocks in force", () => {
  const outside = flow.currentFlow().recording;
  for (let i = 0; i < 3; i++) {
    const frame = flow.openFrame({ recording: !outside });
    assertEquals(flow.currentFlow().recording, !outside);
    flow.closeFrame(frame);
    flow.closeFrame(frame);
    assertEquals(flow.currentFlow().recording, outside);
  }
  const [first, second] = [flow.openFrame({ recording: !outside }), flow.openFrame({ recording: outside })];
  flow.closeFrame(second);
  flow.closeFrame(second);
  assertEquals(flow.currentFlow().recording, !outside);
  flow.closeFrame(first);
  assertEquals(flow.runInFrame({ recording: !outside }, () => flow.currentFlow().recording), !outside);
  assertEquals(flow.currentFlow().recording, outside);
});
