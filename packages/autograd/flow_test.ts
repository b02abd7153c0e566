import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, Scope, scoped, type Tensor, tensor, withDevice } from "@troodon/core";
import { detectAnomaly, isAnomalyEnabled, isGradEnabled, noGrad, setDetectAnomaly, tape } from "./mod.ts";
import { makeDevice } from "./support_test.ts";

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** What every training of these tests leaves behind: losses, and the bits of its weights. */
interface Outcome {
  readonly losses: number[];
  readonly weights: number[];
}

interface TrainingOptions {
  readonly seed: number;
  readonly steps: number;
  /** Throws at this step. */
  readonly fails?: number;
}

/** Gradient descent on a line, with an await in every step. */
async function step(weight: Tensor, x: Tensor, target: Tensor): Promise<number> {
  const loss = x.mul(weight).sub(target).square().mean();
  weight.grad?.dispose();
  weight.grad = null;
  await turn();
  loss.backward();
  noGrad(() => weight.sub_(weight.grad!.mul(0.1)));
  const [value] = await loss.dataAsync();
  return Number(value);
}

function setUp({ seed }: TrainingOptions): { device: Device; weight: Tensor; x: Tensor; target: Tensor } {
  const device = makeDevice();
  const options = { device, dtype: "float64" } as const;
  return {
    device,
    weight: tensor([0.1 * seed, -0.3], { ...options, requiresGrad: true }),
    x: tensor([[1, seed], [-0.5, 2]], options),
    target: tensor([[3, 1], [seed, -1]], options),
  };
}

/** A training by exact forms. */
async function trainExactly(options: TrainingOptions): Promise<Outcome> {
  const { device, weight, x, target } = setUp(options), losses: number[] = [];
  const before = device.memory.buffers;
  for (let i = 0; i < options.steps; i++) {
    losses.push(
      await scoped(async () => {
        if (i === options.fails) throw new RangeError(`step ${i}`);
        return await step(weight, x, target);
      }),
    );
    assertEquals(device.memory.buffers, before + 1, "a step left something");
  }
  return { losses, weights: weight.tolist() as number[] };
}

/** A training by blocks of `using`, which begin after a first await. */
async function trainWithUsing(options: TrainingOptions): Promise<Outcome> {
  await turn();
  const { device, weight, x, target } = setUp(options), losses: number[] = [];
  const before = device.memory.buffers;
  for (let i = 0; i < options.steps; i++) {
    {
      using _ = new Scope();
      if (i === options.fails) throw new RangeError(`step ${i}`);
      losses.push(await step(weight, x, target));
    }
    assertEquals(device.memory.buffers, before + 1, "a step left something");
  }
  return { losses, weights: weight.tolist() as number[] };
}

/** An evaluation that records nothing, over several awaits. */
async function validate(turns: number): Promise<number> {
  using _ = noGrad();
  const weight = tensor([turns], { device: makeDevice(), requiresGrad: true });
  for (let i = 0; i < turns; i++) {
    await turn();
    assert(!weight.mul(2).requiresGrad, "an evaluation was recorded");
  }
  return weight.mul(2).item();
}

for (const train of [trainExactly, trainWithUsing]) {
  Deno.test(`${train.name}: interleaved trainings end as they do alone, while one throws and others evaluate`, async () => {
    const all = [{ seed: 1, steps: 9 }, { seed: 2, steps: 6 }, { seed: 3, steps: 5, fails: 3 }];
    const alone = [await train(all[0]!), await train(all[1]!)];
    await assertRejects(() => train(all[2]!), RangeError, "step 3");
    const evaluation = noGrad(async () => {
      await turn();
      return await validate(12);
    });
    const together = await Promise.allSettled([...all.map((options) => train(options)), evaluation]);
    assertEquals(together.slice(0, 2).map((r) => r.status === "fulfilled" && r.value), alone);
    assertEquals(together.slice(2).map(({ status }) => status), ["rejected", "fulfilled"]);
    assertEquals(isGradEnabled(), true);
    assertEquals(tensor([1], { device: makeDevice() }).scope, null);
  });
}

Deno.test("noGrad() of evaluations that overlap leaves recording on", async () => {
  assertEquals(await Promise.all([validate(5), validate(10)]), [10, 20]);
  assertEquals(isGradEnabled(), true);
  assertEquals(await Promise.all([validate(10), validate(5)]), [20, 10]);
  assertEquals(isGradEnabled(), true);
});

Deno.test("noGrad() of an asynchronous function holds for it alone, to the end of its promise", async () => {
  const seen: string[] = [];
  const watched = async (name: string, turns: number): Promise<void> => {
    for (let i = 0; i < turns; i++) {
      await turn();
      seen.push(`${name}${isGradEnabled() ? "+" : "-"}`);
    }
  };
  await Promise.all([noGrad(() => watched("a", 3)), watched("b", 5)]);
  assertEquals(seen.filter((s) => s.startsWith("a")), ["a-", "a-", "a-"]);
  assertEquals(seen.filter((s) => s.startsWith("b")), ["b+", "b+", "b+", "b+", "b+"]);
  await assertRejects(() =>
    noGrad(async () => {
      await turn();
      throw new RangeError("late");
    }), RangeError);
  assertEquals(isGradEnabled(), true);
});

Deno.test("detectAnomaly() belongs to the flow that asked for it", async () => {
  const bad = async (): Promise<number> => {
    await turn();
    return tensor([-1], { device: makeDevice(), requiresGrad: true }).log().item();
  };
  const [found, unseen] = await Promise.allSettled([detectAnomaly({}, bad), bad()]);
  assertEquals([found.status, unseen.status], ["rejected", "fulfilled"]);
  assertEquals(isAnomalyEnabled(), false);
  setDetectAnomaly(true);
  try {
    assertThrows(() => tensor([-1], { device: makeDevice(), requiresGrad: true }).log(), RangeError, "log()");
  } finally {
    setDetectAnomaly(false);
  }
  assertEquals(isAnomalyEnabled(), false);
});

Deno.test("withDevice() gives each flow its own device", async () => {
  const devices = [1, 2].map(() => new Device(new ReferenceBackend(), { tape }));
  const made = await Promise.all(devices.map((device, i) =>
    withDevice(device, async () => {
      for (let n = 0; n <= i; n++) await turn();
      return tensor([1]).device;
    })
  ));
  assertEquals(made.map((device) => devices.indexOf(device)), [0, 1]);
  assertEquals(withDevice(devices[0]!, () => tensor([1]).device), devices[0]);
});
