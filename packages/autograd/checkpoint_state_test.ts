/** What checkpoint() restores: generators, recording, scopes; and what it frees. */
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  currentScope,
  defaultGenerator,
  Device,
  dropout,
  Generator,
  manualSeed,
  rand,
  ReferenceBackend,
  Scope,
  type Tensor,
  tensor,
  tidy,
  withDevice,
} from "@troodon/core";
import { checkpoint, defineFunction, grad, isGradEnabled, tape } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

const COUNT = 64;

/** `x` doubled or zeroed, by draws from `generator`. */
function masked(x: Tensor, generator: Generator): Tensor {
  return x.mul(rand(x.shape, { device: x.device, generator }).lt(0.5)).mul(2);
}

/** The device's own generator, and the default one. */
const SOURCES: Readonly<Record<string, (device: Device) => Generator>> = {
  "the device's own generator": (device) => device.generator,
  "the default generator": () => defaultGenerator(),
};

for (const [name, source] of Object.entries(SOURCES)) {
  const make = () => {
    manualSeed(11);
    const device = new Device(new ReferenceBackend(), { tape, generator: new Generator(5) });
    const x = leaf(device, new Array(COUNT).fill(1)), generator = source(device);
    const y = checkpoint((x: Tensor) => masked(x.mul(x), generator), x);
    return { x, y, generator, mask: [...y.dataSync()].map((v) => 2 * Number(v)) };
  };

  Deno.test(`checkpoint() repeats what ${name} drew, whatever is drawn before backward()`, () => {
    const { x, y, generator, mask } = make();
    assert(mask.includes(0) && mask.includes(4));
    // By a kernel, and by the host in the middle of a block.
    masked(x.detach(), generator);
    generator.random();
    y.sum().backward();
    assertClose(x.grad, mask);
  });

  Deno.test(`checkpoint() leaves ${name} where it was before backward()`, () => {
    const { y, generator } = make();
    generator.nextUint32();
    const before = generator.getState();
    const next = new Generator().setState(before).nextUint32();
    y.sum().backward();
    assertEquals(generator.getState(), before);
    assertEquals(generator.nextUint32(), next);
  });

  Deno.test(`checkpoint() leaves ${name} where it was if its function fails the second time`, () => {
    const { x, generator } = make();
    let calls = 0;
    const y = checkpoint((x: Tensor) => {
      const z = masked(x.exp(), generator);
      if (calls++ > 0) throw new RangeError("the second time");
      return z;
    }, x);
    generator.nextUint32();
    const before = generator.getState();
    assertThrows(() => y.sum().backward(), RangeError, "the second time");
    assertEquals(generator.getState(), before);
    assertEquals([isGradEnabled(), currentScope()], [true, null]);
  });
}

Deno.test("checkpoint() of inputs on a device repeats the draws of each walk", () => {
  const { device, x } = (() => {
    const device = new Device(new ReferenceBackend(), { tape, generator: new Generator(5) });
    return { device, x: leaf(device, new Array(COUNT).fill(1)) };
  })();
  const first = checkpoint((x: Tensor) => dropout(x.mul(x)), x);
  const second = checkpoint((x: Tensor) => dropout(x.mul(x)), x);
  const masks = [first, second].map((y) => [...y.dataSync()].map((v) => 2 * Number(v)));
  assertNotEquals(masks[0], masks[1], "each forward pass draws its own");
  // Walked in the other order than made.
  for (const [y, mask] of [[first, masks[0]!], [second, masks[1]!]] as const) {
    assertClose(grad(y.sum(), x)[0]!, mask);
  }
  assertEquals(device.generator.offset, 2 * COUNT);
});

Deno.test("checkpoint() records again after its function failed", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), before = device.memory.buffers;
  const references = x.storage.references;
  {
    using _ = new Scope();
    assertThrows(
      () =>
        checkpoint((x: Tensor) => {
          x.exp();
          throw new RangeError("inside");
        }, x),
      RangeError,
      "inside",
    );
  }
  assertEquals([isGradEnabled(), currentScope(), device.memory.buffers], [true, null, before]);
  // A segment that stayed open would swallow what this call saves.
  const y = x.mul(x).sum();
  y.backward();
  assertClose(x.grad, [2, 4]);
  assertEquals(x.storage.references, references);
});

Deno.test("checkpoint() says which input a scope freed", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  let y: Tensor;
  {
    using _ = new Scope();
    y = checkpoint((x: Tensor) => x.exp(), x.mul(2)).adopt();
  }
  assertThrows(
    () => y.sum().backward(),
    ReferenceError,
    "through checkpoint() as its input 0 was freed at the end of a Scope",
  );
});

Deno.test("checkpoint() hands its inputs out of tidy() where nothing was walked yet", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = tidy(() => checkpoint((x: Tensor) => x.exp(), x.mul(2)));
  y.sum().backward();
  assertClose(x.grad, [2 * Math.exp(2), 2 * Math.exp(4)]);
});

Deno.test("checkpoint() frees what a second walk was kept for", () => {
  const device = makeDevice(), x = leaf(device, [0.5, 1]);
  x.grad = constant(device, [0, 0]);
  const before = device.memory.buffers;
  {
    using _ = new Scope();
    const y = checkpoint((x: Tensor) => x.exp().mul(x).sin(), x.mul(1)).sum();
    y.backward({ retainGraph: true });
    y.backward();
  }
  assertEquals(device.memory.buffers, before);
});

Deno.test("checkpoint() walks a part of its calls alone", () => {
  const device = makeDevice(), x = leaf(device, [0.5, 1]), w = leaf(device, [2, 3]);
  x.grad = w.grad = null;
  const before = device.memory.buffers;
  {
    using _ = new Scope();
    // Two results, of which one is used; the calls behind the other are released unread.
    const [y] = checkpoint((x: Tensor) => [x.exp(), x.mul(w).exp()], x);
    y!.sum().backward();
  }
  assertClose(x.grad, [Math.exp(0.5), Math.E]);
  assertEquals([w.grad, device.memory.buffers], [null, before + 1]);
});

Deno.test("checkpoint() refuses a function that ends with other calls", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  let calls = 0;
  const other = checkpoint((x: Tensor) => calls++ === 0 ? x.exp().sin() : x.exp().cos(), x);
  assertThrows(() => other.sum().backward(), TypeError, "there were 2 at first and 2 now, or others");
  calls = 0;
  const fewer = checkpoint((x: Tensor) => calls++ === 0 ? x.exp().sin() : x.exp(), x);
  assertThrows(() => fewer.sum().backward(), TypeError, "there were 2 at first and 1 now");
});

Deno.test("checkpoint() holds no input where nothing in it was recorded", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), before = x.storage.references;
  const y = checkpoint((x: Tensor) => x.detach(), x);
  assertEquals(x.storage.references, before + 1, "the result");
  y.dispose();
  assertEquals(x.storage.references, before);
});

Deno.test("checkpoint() within checkpoint() is part of it, and random numbers of both are repeated", () => {
  const device = new Device(new ReferenceBackend(), { tape, generator: new Generator(5) });
  const x = leaf(device, new Array(COUNT).fill(1));
  const y = checkpoint((x: Tensor) => checkpoint((x: Tensor) => dropout(x.mul(x)), dropout(x)), x);
  const scale = [...y.dataSync()].map(Number);
  assertEquals(device.memory.buffers, 2, "x and the result: nothing of what was on the way");
  y.sum().backward();
  // y = a (b x)^2 with a, b of 0 and 2: twice y at x = 1.
  assertClose(x.grad, scale.map((v) => 2 * v));
  assertEquals(device.generator.offset, 2 * COUNT);
});

Deno.test("checkpoint() frees what is saved again for a call that was walked already", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  // Its rule saves, and reads nothing: it is released before the call below it asks for its values.
  const idle = defineFunction({
    name: "Idle",
    forward(ctx, x) {
      const y = x.mul(1);
      ctx.saveForBackward(x, y);
      return y;
    },
    backward: (_, g) => g,
  });
  const y = checkpoint((x: Tensor) => idle(x.exp()), x), sum = y.sum();
  sum.backward();
  assertClose(x.grad, [Math.E, Math.exp(2)]);
  for (const t of [y, sum]) t.dispose();
  assertEquals(device.memory.buffers, 2, "x and its gradient");
});

Deno.test("checkpoint() makes its tensors again on the device that was in force at first", () => {
  const device = makeDevice(), x = leaf(device, [2, 3]);
  const y = withDevice(device, () => checkpoint((x: Tensor) => x.mul(tensor([3, 5])).mul(x), x));
  withDevice(makeDevice(), () => y.sum().backward());
  assertClose(x.grad, [12, 30]);
});
