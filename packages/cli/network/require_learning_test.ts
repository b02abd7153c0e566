import { assertEquals, assertRejects } from "@std/assert";
import { Device, Linear, ReferenceBackend, setDefaultDevice } from "@troodon/troodon";
import { requireLearning } from "./require_learning.ts";

setDefaultDevice(new Device(new ReferenceBackend()));

/** Plays a run of some epochs, of what was logged in each and the loss of each; returns how many were ended. */
async function play(
  epochs: readonly (readonly [logged: readonly number[], loss: number])[],
  onEpoch: () => void = () => {},
): Promise<void> {
  const observer = requireLearning("runs/a", 10), stop = (): void => {};
  for (const [i, [logged, loss]] of epochs.entries()) {
    const common = { step: 1, epoch: i + 1, stop };
    for (const one of logged) await observer.onLog?.({ ...common, loss: one });
    observer.onBeforeValidation?.({ ...common, epochs: epochs.length, seconds: 1, samples: 1, loss });
    onEpoch();
  }
  await observer.onEnd?.({ step: 1, model: new Linear(1, 1), stopped: false });
}

Deno.test("requireLearning() ends runs whose loss is far above that of guessing", async () => {
  await play([[[2.3, 0.1], 0.5]]);
  // To learn nothing is not to diverge, nor is to begin badly.
  await play([[[2.5], 2.4], [[], 22]]);
  await play([[[2000, 3], 1900]]);
  await play([[[], 2000], [[1], 900]]);
  const fails = async (epochs: Parameters<typeof play>[0], passed: number): Promise<void> => {
    let count = 0;
    await assertRejects(
      () => play(epochs, () => count++),
      RangeError,
      "run runs/a as its loss must be near 2.3026, which guessing has, or less: current loss is ",
    );
    assertEquals(count, passed);
  };
  await fails([[[], 24]], 1);
  await fails([[[1, 24], 2]], 1);
  await fails([[[1], 1], [[5e20, 1], 1], [[1], 1]], 1);
  await fails([[[1], 1], [[], 5e20], [[1], 1]], 1);
});
