/** What owners hold on to, and what they hand over. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  Device,
  type GradNode,
  ReferenceBackend,
  Scope,
  type Tape,
  type Tensor,
  tensor,
  tidy,
  tidySync,
} from "./mod.ts";
import { Owner } from "./kernel.ts";

const makeDevice = (): Device => new Device(new ReferenceBackend());

/** How many of `references` are alive after the collector ran. */
async function countAlive(references: readonly WeakRef<object>[]): Promise<number> {
  // Weak references hold until the end of the job that reads them.
  await new Promise((resolve) => setTimeout(resolve, 0));
  // Asking for memory until the collector runs of itself fails where other processes take the time.
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return references.filter((r) => r.deref() !== undefined).length;
}

Deno.test("Owner lets go of handles that were disposed of, or kept, while it is in force", async () => {
  const device = makeDevice(), scope = new Scope();
  const references = Array.from({ length: 5000 }, (_, i) => {
    const x = i % 2 === 0 ? tensor([i], { device }) : tidy(() => tensor([i], { device }));
    x.dispose();
    return new WeakRef<object>(x);
  });
  const alive = await countAlive(references);
  assert(alive <= 2500, `${alive} of 5000 are held`);
  const mine = tensor([1], { device });
  scope[Symbol.dispose]();
  assert(mine.isDisposed);
});

Deno.test("Owner frees all that it took in, however much was disposed of meanwhile", () => {
  const device = makeDevice();
  const kept = tidySync(() => {
    const all = Array.from({ length: 6000 }, (_, i) => tensor([i], { device }));
    all.forEach((t, i) => i % 3 === 0 && t.dispose());
    for (let i = 0; i < 6000; i++) tensor([i], { device });
    return all[1]!;
  });
  assertEquals([kept.item(), device.memory.buffers], [1, 1]);
});

Deno.test("Owner holds none of those around it that have ended", async () => {
  // A loop that starts its next turn before the last one ends.
  const references: WeakRef<object>[] = [];
  let last = new Owner(null);
  for (let i = 0; i < 5000; i++) {
    const next = new Owner(last);
    last.free();
    references.push(new WeakRef(last));
    last = next;
  }
  const alive = await countAlive(references);
  assert(alive <= 2500, `${alive} of 5000 are held`);
  last.free();
});

Deno.test("Scope.keep() of the outer scope keeps what was made in the inner one", () => {
  const device = makeDevice();
  const kept = (() => {
    using outer = new Scope();
    using _ = new Scope();
    return tidySync(() => outer.keep(tensor([1], { device })));
  })();
  assertEquals([kept.item(), kept.scope, device.memory.buffers], [1, null, 1]);
  // What another scope owns stays with it.
  using mine = new Scope();
  const t = tensor([2], { device });
  tidySync(() => t);
  assertEquals(t.scope, mine);
});

Deno.test("tidy() finds tensors in records without a prototype, and in those that lead to themselves", () => {
  const device = makeDevice();
  interface Ring {
    readonly x: Tensor;
    readonly all: Ring[];
  }
  const ring = tidy(() => {
    const rings: Ring[] = Array.from({ length: 30 }, (_, i) => ({ x: tensor([i], { device }), all: [] }));
    for (const { all } of rings) all.push(...rings);
    return rings[0]!;
  });
  assertEquals(ring.all.map(({ x }) => x.item()), Array.from({ length: 30 }, (_, i) => i));
  const bare = tidy(() =>
    Object.assign(Object.create(null) as { x: Tensor }, { x: tensor([1], { device }) })
  );
  assertEquals(bare.x.item(), 1);
  // A list of many, each within the next.
  let deep: unknown = tidy(() => {
    let list: unknown = tensor([7], { device });
    for (let i = 0; i < 50000; i++) list = [list];
    return list;
  });
  while (Array.isArray(deep)) deep = deep[0];
  assertEquals((deep as Tensor).item(), 7);
});

Deno.test("tidy() hands over what the histories of all tapes saved", () => {
  const device = makeDevice(), asked: string[] = [];
  const nodeOf = (name: string): GradNode => {
    const tape = {
      visitSaved: (tensors: readonly Tensor[]) => {
        for (const t of tensors) assertEquals(t.node?.tape, tape);
        asked.push(`${name}${tensors.length}`);
      },
    } as unknown as Tape;
    return { tape, id: 1, name, isLeaf: false, nextFunctions: [], outputCount: 1 } as unknown as GradNode;
  };
  const [a, b] = [nodeOf("a"), nodeOf("b")];
  const made = tidy(() =>
    [a, a, b, null].map((node) => {
      const t = tensor([1], { device });
      t.node = node;
      return t;
    })
  );
  assertEquals(asked, ["a2", "b1"]);
  for (const t of made) assertEquals(t.scope, null);
});

Deno.test("Owner.free() frees all, also where a listener throws", () => {
  const device = makeDevice();
  {
    using _ = device.listen({
      free: () => {
        throw new RangeError("heard");
      },
    });
    assertThrows(
      () => tidySync(() => void [1, 2, 3].map((x) => tensor([x], { device }))),
      RangeError,
      "heard",
    );
  }
  assertEquals(device.memory.buffers, 0);
});

Deno.test("Owner.keepAll() refuses a promise, whose tensors would be freed before it ends", async () => {
  const device = makeDevice(), promise = Promise.resolve(tensor([1], { device }));
  assertThrows(() => tidySync(() => promise), TypeError, "current result is a promise");
  assertThrows(() => new Owner(null).keepAll(promise), TypeError, "current result is a promise");
  assertEquals((await promise).item(), 1);
});
