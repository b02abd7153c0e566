import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, Linear, noGrad, ReferenceBackend, setDefaultDevice, tensor } from "@troodon/troodon";
import { UsageError } from "../flags/options.ts";
import { createRecipe, type RecipeOptions } from "./recipe.ts";

setDefaultDevice(new Device(new ReferenceBackend()));

const BATCHES = 10;

function recipe(options: Partial<RecipeOptions> = {}) {
  const net = new Linear(1, 1);
  const given: RecipeOptions = {
    epochs: 2,
    "batch-size": 4,
    optimizer: "adam",
    lr: undefined,
    momentum: undefined,
    "weight-decay": undefined,
    schedule: undefined,
    "lr-step": undefined,
    "lr-gamma": undefined,
    average: "mean",
    clip: undefined,
    ...options,
  };
  const { parts, config } = createRecipe(net, given, BATCHES);
  using loss = tensor(0);
  const pass = { step: 0, epoch: 1, stop: () => {}, epochs: 2, seconds: 1, loss: 1, samples: 4 };
  const onStep = (): void => {
    for (const observer of parts.observers) observer.onStep?.({ ...pass, batch: 1, batches: BATCHES, loss });
  };
  const onBeforeValidation = (): DisposableStack => {
    const stack = new DisposableStack();
    for (const observer of parts.observers) stack.use(observer.onBeforeValidation?.(pass) ?? null);
    return stack;
  };
  return { parts, config, net, onStep, onBeforeValidation };
}

Deno.test("createRecipe() goes through one cycle in all the steps of a run", () => {
  const { parts, onStep, config } = recipe();
  const rates = [];
  for (let step = 0; step < 2 * BATCHES; step++) {
    rates.push(parts.optimizer.paramGroups[0]!.lr);
    onStep();
  }
  const highest = Math.max(...rates);
  assertAlmostEquals(highest, 0.004, 1e-9);
  assertAlmostEquals(rates[0]!, highest / 4, 1e-9);
  assertAlmostEquals(rates.at(-1)!, highest / 1000, 1e-9);
  assertEquals(parts.scheduler, undefined);
  const { optimizer, scheduler } = config as {
    optimizer: { lr: number };
    scheduler: Record<string, unknown>;
  };
  assertEquals([optimizer.lr, scheduler["name"], scheduler["maxLr"]], [0.004, "OneCycleLR", 0.004]);
  assertEquals(recipe({ lr: 0.1 }).config["optimizer"], { ...optimizer, lr: 0.1 });
});

Deno.test("createRecipe() goes down in steps if one of their flags is given", () => {
  for (const options of [{ schedule: "step" }, { "lr-step": 1 }, { "lr-gamma": 0.7 }] as const) {
    const { parts, onStep, config } = recipe(options);
    const rate = () => parts.optimizer.paramGroups[0]!.lr;
    onStep();
    assertEquals(rate(), 0.001);
    parts.scheduler!.step();
    assertAlmostEquals(rate(), 0.0007, 1e-12);
    assertEquals(config["scheduler"], { name: "StepLR", stepSize: 1, gamma: 0.7 });
  }
  assertThrows(() => recipe({ schedule: "one-cycle", "lr-step": 2 }), UsageError, "--lr-step");
  assertThrows(() => recipe({ momentum: 0.5 }), UsageError, "--momentum");
});

Deno.test("createRecipe() puts the mean of the weights in place, or leaves the last ones", () => {
  for (const average of ["mean", "last"] as const) {
    const { net, onStep, onBeforeValidation, config } = recipe({ average });
    for (const value of [0, 1]) {
      noGrad(() => net.bias!.fill_(value));
      onStep();
    }
    {
      using _ = onBeforeValidation();
      // Second of two: 9 of 10 parts.
      assertAlmostEquals(net.bias!.item(), average === "mean" ? 0.9 : 1, 1e-6);
    }
    assertEquals(net.bias!.item(), 1);
    assert((config["averages"] === null) === (average === "last"));
  }
});

for (const optimizer of ["adam", "adamw", "rmsprop", "sgd"] as const) {
  Deno.test(`createRecipe() gives ${optimizer} its cycle`, () => {
    const { parts } = recipe({ optimizer, lr: 0.5 });
    assertAlmostEquals(parts.optimizer.paramGroups[0]!.lr, 0.125, 1e-9);
  });
}

Deno.test("createRecipe() limits the norm of all gradients together", () => {
  for (const [clip, norm] of [[0.5, 0.5], [undefined, 5]] as const) {
    const { parts, net, config } = recipe({ clip });
    using loss = tensor(0);
    net.weight.grad = tensor([[3]]);
    net.bias!.grad = tensor([4]);
    for (const observer of parts.observers) {
      observer.onBeforeStep?.({ step: 0, epoch: 1, stop: () => {}, loss, samples: 4 });
    }
    assertAlmostEquals(Math.hypot(net.weight.grad.item(), net.bias!.grad.item()), norm, 1e-4);
    assertEquals(config["clip"], clip ?? null);
  }
});
