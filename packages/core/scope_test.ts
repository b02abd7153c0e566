import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, Scope, scoped, type Tensor, tensor, tidy, tidySync } from "./mod.ts";
import { setContextPlatform } from "./kernel.ts";

const makeDevice = (): Device => new Device(new ReferenceBackend());

/** Lets everything else that is ready run first. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("Scope frees what was made within, and nothing else", () => {
  const device = makeDevice(), before = tensor([1], { device });
  {
    using scope = new Scope();
    const kept = scope.keep(tensor([2], { device }));
    tensor([3], { device });
    before.add(1);
    assertEquals(device.memory.buffers, 4);
    assertEquals(kept.item(), 2);
  }
  assertEquals(device.memory.buffers, 2);
});

Deno.test("Scope hands what it keeps to the scope around it", () => {
  const device = makeDevice();
  {
    using _ = new Scope();
    let kept: Tensor;
    {
      using inner = new Scope();
      kept = inner.keep(tensor([1], { device }));
    }
    assertEquals(kept.item(), 1);
  }
  assertEquals(device.memory.buffers, 0);
});

Deno.test("Scope that is disposed of twice, or out of order, changes nothing for others", () => {
  const device = makeDevice(), a = new Scope(), b = new Scope();
  const t = tensor([1], { device });
  a[Symbol.dispose]();
  a[Symbol.dispose]();
  // Nobody can tell whose it is: it is left to the collector.
  assertEquals(t.item(), 1);
  // This flow has left the inner one too.
  const u = tensor([2], { device });
  assertEquals(u.scope, null);
  b[Symbol.dispose]();
  assertEquals([t.item(), u.item()], [1, 2]);
  const later = tensor([3], { device });
  assertEquals(later.scope, null);
  for (const x of [t, u, later]) x.dispose();
});

Deno.test("Scope of one asynchronous function leaves the tensors of others alone", async () => {
  const device = makeDevice();
  const work = async (n: number, wait: number): Promise<number[]> => {
    await turn();
    using _ = new Scope();
    const x = tensor([n], { device }), y = x.mul(2);
    for (let i = 0; i < wait; i++) await turn();
    return Array.from(await y.add(x).dataAsync());
  };
  assertEquals(await Promise.all([work(1, 5), work(2, 1), work(3, 3)]), [[3], [6], [9]]);
  assertEquals(device.memory.buffers, 0);
});

Deno.test("Scope opened before the first await never frees what others made meanwhile", async () => {
  const device = makeDevice();
  const work = async (wait: number): Promise<number> => {
    const early = tensor([wait], { device });
    using _ = new Scope();
    let x = tensor([1], { device });
    for (let i = 0; i < wait; i++) {
      await turn();
      x = x.mul(1);
    }
    return early.item() + x.item();
  };
  for (const waits of [[1, 4], [4, 1], [2, 2], [3, 1, 2]]) {
    const running = waits.map(work), mine = tensor([7], { device });
    assertEquals(await Promise.all(running), waits.map((wait) => wait + 1));
    assertEquals(mine.item(), 7);
    const after = tensor([8], { device });
    assertEquals(after.scope, null, "a scope that was closed is in force");
  }
});

Deno.test("Scope within a suspended generator does not outlive it", () => {
  const device = makeDevice();
  function* numbers(): Generator<Tensor> {
    using _ = new Scope();
    yield tensor([1], { device });
    yield tensor([2], { device });
  }
  const outer = new Scope(), suspended = numbers(), first = suspended.next().value as Tensor;
  outer[Symbol.dispose]();
  assertEquals(first.item(), 1);
  suspended.return(undefined);
  assertEquals(tensor([1], { device }).scope, null);
});

Deno.test("tidy() keeps what is returned, in records and arrays, and frees the rest also after an error", () => {
  const device = makeDevice();
  const { a, list } = tidy(() => {
    tensor([0], { device });
    return { a: tensor([1], { device }), list: [tensor([2], { device }), 3] as const };
  });
  assertEquals([a.item(), list[0].item()], [1, 2]);
  assertEquals(device.memory.buffers, 2);
  for (const run of [tidy, tidySync]) {
    assertThrows(
      () =>
        run(() => {
          tensor([0], { device });
          throw new RangeError("within");
        }),
      RangeError,
      "within",
    );
  }
  assertEquals(device.memory.buffers, 2);
  assertEquals(tensor([1], { device }).scope, null);
});

Deno.test("tidy() and scoped() take asynchronous functions, each as if alone", async () => {
  const device = makeDevice();
  const results = await Promise.all([3, 1, 2].map((n) =>
    tidy(async () => {
      const x = tensor([n], { device });
      for (let i = 0; i < n; i++) await turn();
      return { y: x.mul(10).add(x) };
    })
  ));
  assertEquals(results.map(({ y }) => y.item()), [33, 11, 22]);
  assertEquals(device.memory.buffers, 3);
  await assertRejects(() =>
    scoped(async () => {
      tensor([1], { device });
      await turn();
      throw new RangeError("late");
    }), RangeError);
  const kept = await scoped(async (keep) => {
    await turn();
    tensor([1], { device });
    return keep(tensor([5], { device }));
  });
  assertEquals(kept.item(), 5);
  assertEquals(device.memory.buffers, 4);
});

Deno.test("tidy() of a promise that another function made is exact too", async () => {
  const device = makeDevice();
  const late = async (): Promise<Tensor> => {
    await turn();
    return tensor([1], { device }).add(1);
  };
  const outside = turn().then(() => tensor([9], { device }));
  const y = await tidy(() => late());
  assertEquals([y.item(), (await outside).item(), device.memory.buffers], [2, 9, 2]);
});

Deno.test("a closed scope within tidySync() is not in force after it", async () => {
  const device = makeDevice();
  let running: Promise<number> | undefined;
  const careless = async (): Promise<number> => {
    using _ = new Scope();
    const x = tensor([4], { device });
    await turn();
    return x.item();
  };
  const y = tidySync(() => {
    running = careless();
    return tensor([1], { device });
  });
  assertEquals(y.item(), 1);
  assertEquals(await running, 4);
  assertEquals(y.item(), 1);
  assertEquals(tensor([1], { device }).scope, null);
});

Deno.test("without AsyncLocalStorage, nested blocks work and overlapping ones are an error", async () => {
  const device = makeDevice();
  setContextPlatform(undefined);
  try {
    const y = await tidy(async () => {
      const x = tensor([1], { device });
      await turn();
      const z = tidy(() => x.add(1).mul(3));
      {
        using _ = new Scope();
        await turn();
        x.add(5);
      }
      return z.add(x);
    });
    assertEquals([y.item(), device.memory.buffers], [7, 1]);
    assertEquals(tensor([1], { device }).scope, null);
    const work = (turns: number): Promise<void> =>
      scoped(async () => {
        tensor([1], { device });
        for (let i = 0; i < turns; i++) await turn();
      });
    const [first, second] = await Promise.allSettled([work(1), work(4)]);
    assertEquals([first.status, second.status], ["rejected", "fulfilled"]);
    assert(
      String((first as PromiseRejectedResult).reason).includes(
        "blocks of two asynchronous functions overlap",
      ),
    );
    assertEquals(tensor([1], { device }).scope, null);
    const a = new Scope(), b = new Scope();
    assertThrows(() => a[Symbol.dispose](), TypeError, "overlap");
    b[Symbol.dispose]();
    assertEquals(tensor([1], { device }).scope, null);
  } finally {
    setContextPlatform(globalThis.process);
  }
});

/** Keeps one value, for a test that never awaits. */
class CountingStorage<T> {
  #store: T | undefined;
  readonly #read: () => void;

  constructor(read: () => void) {
    this.#read = read;
  }

  getStore(): T | undefined {
    this.#read();
    return this.#store;
  }

  enterWith(store: T): void {
    this.#store = store;
  }

  run<R>(store: T, f: () => R): R {
    const before = this.#store;
    this.#store = store;
    try {
      return f();
    } finally {
      this.#store = before;
    }
  }
}

Deno.test("an op reads the context once, and not at all until a block was opened", () => {
  const device = makeDevice(), x = tensor([1, 2], { device });
  let reads = 0;
  const readsOf = (f: () => unknown): number => {
    const before = reads;
    f();
    return reads - before;
  };
  class AsyncLocalStorage<T> extends CountingStorage<T> {
    constructor() {
      super(() => reads++);
    }
  }
  setContextPlatform({ getBuiltinModule: () => ({ AsyncLocalStorage }) });
  try {
    const ops = {
      kernel: () => x.add(x),
      view: () => x.reshape([2, 1]),
      inPlace: () => x.mul_(1),
      composite: () => x.norm(),
    };
    for (const [name, op] of Object.entries(ops)) assertEquals(readsOf(op), 0, name);
    {
      using _ = new Scope();
      for (const name of ["kernel", "view", "inPlace"] as const) assertEquals(readsOf(ops[name]), 1, name);
      assertEquals(readsOf(() => tidySync(() => x.add(x).mul(x).sum())), 1);
    }
    for (const [name, op] of Object.entries(ops)) assertEquals(readsOf(op), 0, name);
  } finally {
    setContextPlatform(globalThis.process);
  }
});
