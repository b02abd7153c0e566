import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, ReferenceBackend, setDefaultDevice, type Tensor, tensor } from "@troodon/core";
import { DataLoader, GeneratedDigits, ToTensor } from "@troodon/datasets";
import { Identity, Module } from "@troodon/nn";
import { Accuracy, evaluate, LogLoss, MeanAbsoluteError, MeanSquaredError, Mlp, R2Score } from "./mod.ts";

const device = new Device(new ReferenceBackend(), { tape });
setDefaultDevice(device);

/** Fails where it is trained. */
class Doubling extends Module {
  override forward(x: Tensor): Tensor {
    assert(!this.training);
    return x.mul(2);
  }
}

Deno.test("evaluate() scores a regression over batches of unequal size", async () => {
  const [x, y] = [[0.5, 1, 1.5, 2, 2.5], [1, 3, 2, 4, 7]];
  const batches = [[0, 2], [2, 5]].map(([from, to]) =>
    [tensor(x.slice(from, to), { requiresGrad: true }), tensor(y.slice(from, to))] as const
  );
  using mae = new MeanAbsoluteError();
  using mse = new MeanSquaredError();
  using r2 = new R2Score();
  mae.update(tensor([9]), tensor([0])); // Forgotten at the beginning.
  const model = new Doubling(), { buffers } = device.memory;
  for (let i = 0; i < 2; i++) {
    const scores = await evaluate(model, batches, { metrics: { mae, mse, r2 } });
    // Errors are 0, 1, 1, 0 and 2; the mean of y is 3.4, its squared deviations sum to 21.2.
    assertAlmostEquals(scores.mae, 4 / 5, 1e-6);
    assertAlmostEquals(scores.mse, 6 / 5, 1e-6);
    assertAlmostEquals(scores.r2, 1 - 6 / 21.2, 1e-6);
  }
  assert(model.training);
  for (const metric of [mae, mse, r2]) metric.reset();
  assert(device.memory.buffers < buffers, "nothing is left but what metrics kept");
});

Deno.test("evaluate() takes batches of any structure by predict, and gives values of other types", async () => {
  const batches = [{
    left: tensor([[1, 0], [0, 1]]),
    right: tensor([[0, 3], [0, 1]]),
    label: tensor([1, 0], { dtype: "int32" }),
  }];
  using accuracy = new Accuracy();
  const text = {
    update: () => {},
    compute: () => Promise.resolve("done"),
    reset: () => {},
    [Symbol.dispose]: () => {},
  };
  const model = new Identity();
  const scores = await evaluate(model, batches, {
    metrics: { accuracy, text },
    predict: ({ left, right, label }) => [model.forward(left.add(right)), label],
  });
  const { accuracy: share, text: said } = scores satisfies { accuracy: number; text: string };
  assertEquals([share, said], [0.5, "done"]);
  // @ts-expect-error: the types refuse such batches too.
  await assertRejects(() => evaluate(model, batches), TypeError, "must be a pair or have image and label");
});

Deno.test("evaluate() by metrics agrees with what it gives for a classifier", async () => {
  const logits = tensor([[2, 1, 0], [0, 3, 1], [1, 1, 5]]), label = tensor([0, 2, 2], { dtype: "int32" });
  const batches = [[logits, label]] as const;
  using accuracy = new Accuracy();
  using loss = new LogLoss({ fromLogits: true });
  const expected = await evaluate(new Identity(), batches);
  const found = await evaluate(new Identity(), batches, { metrics: { accuracy, loss } });
  assertEquals(found.accuracy, expected.accuracy);
  assertAlmostEquals(found.loss, expected.loss, 1e-6);
  assertEquals([logits.shape, label.tolist()], [[3, 3], [0, 2, 2]]);
});

Deno.test("evaluate() counts, and leaves the mode and the memory as they were", async () => {
  manualSeed(3);
  const digits = await GeneratedDigits.open({ count: 50, transform: new ToTensor() });
  const model = new Mlp({ hidden: 4 });
  const loader = new DataLoader(digits, { batchSize: 16 });
  const { buffers } = device.memory;
  const { accuracy, count, confusion, misclassified, loss } = await evaluate(model, loader);
  assertEquals(count, 50);
  assertEquals(confusion.flat().reduce((a, b) => a + b), 50);
  const right = confusion.reduce((sum, row, i) => sum + row[i]!, 0);
  assertEquals(accuracy, right / 50);
  assertEquals(misclassified.length, 50 - right);
  for (const { index, prediction, truth } of misclassified) {
    assertEquals(truth, digits.labels[index]);
    assert(prediction !== truth);
  }
  assert(loss > 1 && loss < 4);
  assert(model.training && device.memory.buffers === buffers);
});

Deno.test("evaluate() refuses to look for classes in a regression, and says what to give", async () => {
  const batches = [[tensor([[1], [2]]), tensor([[1], [4]])] as const];
  const { message } = await assertRejects(() => evaluate(new Identity(), batches), TypeError);
  assertEquals(
    message,
    "Cannot score by classes as predictions must be [n, classes] and targets integers [n]: current shapes are " +
      "[2, 1] and [2, 1], the dtype of targets is float32. " +
      "Give metrics for anything else: evaluate(model, batches, { metrics: { error: new MeanSquaredError() } })",
  );
});

Deno.test("evaluate() leaves out samples of the class -100, as the loss does", async () => {
  const batches = [
    [tensor([[5, 0], [0, 5], [5, 0]]), tensor([0, -100, 1], { dtype: "int32" })] as const,
    [tensor([[5, 0]]), tensor([-100], { dtype: "int32" })] as const,
    [tensor([[5, 0]]), tensor([1], { dtype: "int32" })] as const,
  ];
  const { accuracy, count, confusion, misclassified, loss } = await evaluate(new Identity(), batches);
  assertEquals([accuracy, count, confusion], [1 / 3, 3, [[1, 0], [2, 0]]]);
  assertEquals(misclassified.map(({ index }) => index), [2, 4]);
  assert(Number.isFinite(loss));
});
