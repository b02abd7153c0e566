import { assertEquals } from "@std/assert";
import { MSELoss } from "@troodon/nn";
import { fit } from "./mod.ts";
import { setUp } from "./testdata/line.ts";

Deno.test("fit() gives states after each stateEvery batches of an epoch, and after it", async () => {
  const { model, optimizer, x, y } = setUp(), heard: number[] = [];
  await fit(model, Array(5).fill([x, y]), {
    optimizer,
    loss: new MSELoss(),
    epochs: 2,
    stateEvery: 2,
    observers: [{ onState: ({ state: { position } }) => void heard.push(position.step) }],
  });
  assertEquals(heard, [2, 4, 5, 7, 9, 10]);
});

Deno.test("fit() lets timers and signals be heard between steps that wait for settled promises alone", async () => {
  const { model, optimizer, x, y } = setUp();
  let rang = false, heard = Infinity;
  setTimeout(() => rang = true, 0);
  const onStep = ({ step }: { step: number }): void => {
    if (rang) heard = Math.min(heard, step);
  };
  await fit(model, Array(5).fill([x, y]), { optimizer, loss: new MSELoss(), observers: [{ onStep }] });
  assertEquals(heard, 2);
});
