/** Frames that were left open, and those that outlive the ones around them. */
import { assertEquals } from "@std/assert";
import { Device, flow, ReferenceBackend, Scope, scoped, tensor, tidySync } from "./mod.ts";

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
