import { assertEquals, assertThrows } from "@std/assert";
import { compile } from "@troodon/compile";
import { type Device, noGrad, Scope, type Tensor, tensor } from "@troodon/troodon";
import { assertSame, makeDevice, numbersFor, type Subject } from "./support_test.ts";

/** A function of what it is given alone. */
function pure(step: (...args: never[]) => unknown): () => Subject {
  return () => ({ step, state: () => [] });
}

Deno.test("compile() takes other tensors in each call", () => {
  assertSame(pure((x: Tensor, y: Tensor) => x.mul(y).sum(0)), {
    args: (call, device) => [numbersFor(device, call, [3, 4]), numbersFor(device, call + 50, [3, 4])],
  });
});

Deno.test("compile() takes views that begin anywhere in their memory, and records other strides anew", () => {
  const makeData = (device: Device): Tensor => numbersFor(device, 1, [40, 3]);
  assertSame(pure((x: Tensor) => x.mul(2).add(x)), {
    args: (call, device) => [makeData(device).slice(0, call * 3, call * 3 + 4)],
    calls: 10,
  });
  assertSame(pure((x: Tensor) => x.mul(2).add(x)), {
    args: (call, device) => [call === 5 ? makeData(device).t() : makeData(device)],
    recorded: [5],
  });
});

Deno.test("compile() takes views of one tensor that a call changes in place", () => {
  const make = (device: Device): Subject & { data: Tensor } => {
    const data = numbersFor(device, 3, [40]);
    return { step: (x: Tensor) => x.mul_(2).sum(), state: () => data, data };
  };
  const rows: Tensor[] = [];
  assertSame((device) => {
    const subject = make(device);
    rows.push(subject.data);
    return subject;
  }, {
    args: (
      call,
      device,
    ) => [rows.find((row) => row.device === device)!.slice(0, call % 2 * 4, call % 2 * 4 + 4)],
    recorded: [3, 4],
    calls: 12,
  });
});

Deno.test("compile() takes lists and records of tensors, and tells other values apart", () => {
  const step = (batch: { readonly x: Tensor; readonly rest: readonly Tensor[] }, name: string): Tensor =>
    name === "sum" ? batch.x.add(batch.rest[0]!).sum() : batch.x.sub(batch.rest[0]!).mean();
  assertSame(pure(step), {
    args: (call, device) => [
      { x: numbersFor(device, call, [3]), rest: [numbersFor(device, call + 9, [3])] },
      call % 2 === 0 ? "sum" : "mean",
    ],
    calls: 12,
    recorded: [3, 4, 5],
  });
});

Deno.test("compile() stays right where an argument is another one, or a tensor from outside", () => {
  const aliases = (call: number, device: Device): unknown[] => {
    const x = numbersFor(device, call, [3]);
    return call % 3 === 2 ? [x, x] : [x, numbersFor(device, call + 9, [3])];
  };
  assertSame(pure((x: Tensor, y: Tensor) => x.mul(3).add(y)), {
    args: aliases,
    calls: 14,
    recorded: [3, 5, 8],
  });
  const known = new Map<Device, Tensor>();
  const make = (device: Device): Subject => {
    const w = numbersFor(device, 2, [3]);
    known.set(device, w);
    return { step: (x: Tensor) => x.mul(w).add(1), state: () => w };
  };
  // The tensor from outside first: it must not be taken for the argument.
  assertSame(make, {
    args: (call, device) => [call < 5 ? known.get(device)! : numbersFor(device, call, [3])],
    calls: 12,
    recorded: [5, 6],
  });
  assertSame(make, {
    args: (call, device) => [call % 5 === 4 ? known.get(device)! : numbersFor(device, call, [3])],
    calls: 12,
    recorded: [4, 9],
  });
});

Deno.test("compile() takes the same tensors in each call, and then others", () => {
  const first = new Map<Device, Tensor>();
  assertSame((device) => {
    first.set(device, numbersFor(device, 0, [4]));
    return { step: (x: Tensor) => x.mul(x).sum(), state: () => [] };
  }, {
    args: (call, device) => [call < 5 ? first.get(device)! : numbersFor(device, call, [4])],
    recorded: [5],
  });
});

Deno.test("compile() takes numbers, which kernels are given, and finds out later what they are for", () => {
  const step = (x: Tensor, factor: number, shift: number): Tensor => x.mul(factor).add(shift).mul(3);
  const args = (
    call: number,
    device: Device,
  ): unknown[] => [numbersFor(device, call, [4]), call + 0.5, call < 5 ? 7 : call];
  assertSame(pure(step), { args, recorded: [5] });
});

Deno.test("compile() refuses a number that a kernel is not given as it is", () => {
  const device = makeDevice(), x = tensor([1, 2], { device });
  const compiled = compile((x: Tensor, factor: number) => x.mul(factor * 2));
  assertEquals([0, 1].map((i) => compiled(x, i).tolist()), [[0, 0], [2, 4]]);
  assertThrows(
    () => compiled(x, 2),
    TypeError,
    "a number of it differs between calls (2 and 4) in mul() at file://",
  );
});

Deno.test("compile() records other shapes, dtypes and modes of recording anew, and keeps eight programs", () => {
  assertSame(pure((x: Tensor) => x.add(x).sum()), {
    args: (call, device) => [numbersFor(device, call, [2 + call % 2])],
    calls: 12,
    recorded: [3, 4, 5],
  });
  assertSame(pure((x: Tensor) => x.add(x)), {
    args: (call, device) => [tensor([call, 2], { device, dtype: call % 2 === 0 ? "float64" : "int32" })],
    calls: 12,
    recorded: [3, 4, 5],
  });
  const device = makeDevice();
  let runs = 0;
  const compiled = compile((x: Tensor) => {
    runs++;
    return x.add(1);
  });
  const call = (n: number): void => void compiled(numbersFor(device, n, [n]));
  for (let n = 1; n <= 9; n++) for (let i = 0; i < 4; i++) call(n);
  assertEquals(runs, 27);
  for (const n of [9, 8, 2]) call(n);
  assertEquals(runs, 27);
  call(1);
  assertEquals(runs, 28);
});

Deno.test("compile() takes what it returned as the next argument", () => {
  let carried: Tensor[] = [];
  assertSame((device) => {
    carried.push(numbersFor(device, 0, [3]));
    return { step: (h: Tensor, x: Tensor) => h.mul(0.5).add(x).tanh(), state: () => [] };
  }, { args: (call, device) => [numbersFor(device, call, [3]), numbersFor(device, call + 1, [3])] });
  carried = [];
  const device = makeDevice(), step = (h: Tensor, x: Tensor): Tensor => h.mul(0.5).add(x).tanh();
  const compiled = compile(step, { fuse: false }),
    xs = Array.from({ length: 9 }, (_, i) => numbersFor(device, i, [3]));
  let [a, b] = [tensor([0, 0, 0], { device }), tensor([0, 0, 0], { device })];
  for (const x of xs) {
    a = step(a, x);
    b = compiled(b, x);
    assertEquals(b.tolist(), a.tolist());
  }
});

Deno.test("compile() refuses an argument with a history, and arguments on another device than the rest", () => {
  const device = makeDevice(), x = tensor([1, 2], { device, requiresGrad: true });
  const compiled = compile((x: Tensor) => x.mul(2).sum().backward());
  assertThrows(
    () => compiled(x.mul(2)),
    TypeError,
    "must have no history: current one, of shape [2], comes from MulBackward0",
  );
  compiled(x);
  const other = makeDevice();
  const both = compile((x: Tensor, y: Tensor) => [x.add(1), y.add(1)]);
  both(x.detach(), tensor([1], { device: other }));
  assertThrows(() => both(x.detach(), tensor([1], { device: other })), TypeError, "must use a single device");
});

Deno.test("compile() leaves gradients in arguments that require one", () => {
  const leaves = new Map<Device, Tensor>();
  assertSame((device) => {
    const leaf = numbersFor(device, 1, [3]).requiresGrad_();
    leaves.set(device, leaf);
    return { step: (x: Tensor) => x.square().sum().backward(), state: () => leaf.grad };
  }, {
    args: (_, device) => [leaves.get(device)!],
    before: (call, _, device) => {
      if (call % 2 === 0) leaves.get(device)!.grad = null;
    },
    calls: 12,
    recorded: [3, 4, 6],
  });
});

Deno.test("compile() takes views of an argument that it returns from where the argument begins", () => {
  using _ = new Scope();
  using __ = noGrad();
  assertSame(pure((x: Tensor) => [x, x.slice(0, 1, 3), x.add(1)]), {
    args: (call, device) => [numbersFor(device, 0, [20]).slice(0, call, call + 4)],
  });
});

Deno.test("compile() disposes of arguments that the function disposes of", () => {
  const given = new Map<Device, Tensor>();
  assertSame(() => ({
    step: (x: Tensor) => {
      const y = x.mul(2);
      x.dispose();
      return y;
    },
    state: () => [],
  }), {
    args: (call, device) => {
      assertEquals(given.get(device)?.isDisposed ?? true, true);
      const x = numbersFor(device, call, [3]);
      given.set(device, x);
      return [x];
    },
  });
});

Deno.test("compile() repeats requiresGrad_() of arguments and of tensors from outside", () => {
  const known = new Map<Device, { readonly w: Tensor; x: Tensor | null }>();
  assertSame((device) => {
    const tensors = { w: numbersFor(device, 1, [3]), x: null };
    known.set(device, tensors);
    return {
      step: (x: Tensor) => {
        x.requiresGrad_();
        tensors.w.requiresGrad_();
        x.mul(tensors.w).sum().backward();
      },
      state: () => [tensors.w, known.get(device)!.x!].flatMap((t) => [t.requiresGrad, t.grad]),
    };
  }, {
    args: (call, device) => [known.get(device)!.x = numbersFor(device, call, [3])],
    before: (_, __, device) => {
      const { w } = known.get(device)!;
      w.grad = null;
      w.requiresGrad_(false);
    },
  });
});
