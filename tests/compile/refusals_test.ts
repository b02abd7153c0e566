import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { compile, type CompileOptions } from "@troodon/compile";
import { type Device, inv, Linear, OneCycleLR, SGD, type Tensor, tensor, zeros } from "@troodon/troodon";
import { assertSame, makeDevice, numbersFor, type Subject, valuesOf } from "./support_test.ts";

/** Error message of a compiled function in one of its first calls. */
function refusalOf(step: (call: number) => unknown, calls = 4): string {
  let call = 0;
  const compiled = compile(() => step(call));
  try {
    for (; call < calls; call++) compiled();
  } catch (error) {
    assert(error instanceof TypeError, String(error));
    return error.message;
  }
  return "";
}

const HERE = String.raw`at file://\S*refusals_test\.ts:\d+:\d+`;

Deno.test("compile() names the line where a value is read", () => {
  const device = makeDevice(), x = tensor([[2, 1], [1, 3]], { device });
  for (
    const [name, read] of [
      ["item", () => x.sum().item()],
      ["tolist", () => x.tolist()],
      ["dataSync", () => x.dataSync()],
      ["inv", () => inv(x)],
      ["toString", () => `${x}`],
    ] as const
  ) {
    const message = refusalOf(() => {
      read();
      return x.add(1);
    });
    assertMatch(
      message,
      new RegExp(
        String
          .raw`^Cannot compile a function as no value may be read while it runs in ${name}\(\) ${HERE}: kernels`,
      ),
    );
  }
});

Deno.test("compile() refuses what is awaited, and asynchronous functions", async () => {
  const device = makeDevice(), x = tensor([1, 2], { device });
  const reads: Promise<unknown>[] = [];
  assertMatch(
    refusalOf(() => {
      reads.push(x.dataAsync());
      return x.add(1);
    }),
    /no value may be read while it runs in dataAsync\(\)/,
  );
  await assertRejects(() => reads.at(-1)!, TypeError, "no value may be read");
  assertThrows(
    () => compile(async () => await x.dataAsync())(),
    TypeError,
    "must be synchronous: current result is a promise, await outside of it",
  );
});

Deno.test("compile() names the line where numbers, shapes, kernels, data or memory differ", () => {
  const device = makeDevice(),
    x = tensor([1, 2, 3, 4], { device }),
    others = [0, 1, 2, 3].map((n) => tensor([n], { device }));
  for (
    const [step, message] of [
      [(n: number) => x.mul(n), "a number of it differs between calls (1 and 2) in mul()"],
      [(n: number) => x.slice(0, 0, n).mul(2), "kernel calls differ between calls (map and map) in mul()"],
      [
        (n: number) => n === 2 ? x.exp() : x.sin(),
        "kernel calls differ between calls (map and map) in exp()",
      ],
      [
        (n: number) => n === 2 ? x.exp().sum() : x.exp(),
        "the number of kernel calls is 1 in one call and 2 in another",
      ],
      [
        (n: number) => x.add(tensor([n], { device })),
        "data of the host differ between calls, give them as a tensor",
      ],
      [(n: number) => x.add(others[n]!), "it reads other memory in each call in add()"],
      [
        (n: number) => [x.add(1), n],
        "its result differs between calls in more than tensor values",
      ],
    ] as const
  ) {
    const said = refusalOf(step);
    assert(said.includes(message), `${said} must say ${message}`);
    if (!said.includes("its result")) assertMatch(said, new RegExp(HERE));
  }
});

Deno.test("compile() refuses tensors that live on, and histories of tensors from outside", () => {
  const device = makeDevice(), x = tensor([1, 2], { device, requiresGrad: true }), kept: Tensor[] = [];
  assertMatch(
    refusalOf(() => {
      kept.push(x.detach().mul(2).adopt());
    }),
    new RegExp(
      String.raw`a tensor of 8 bytes that it makes in mul\(\) ${HERE} stays alive after it: return it`,
    ),
  );
  const outer = zeros([2], { device });
  assertMatch(
    refusalOf(() => outer.copy_(x.mul(2)).detach()),
    /a tensor from outside must not get a history in it/,
  );
  let stashed: Tensor | null = null;
  const compiled = compile(() => {
    stashed = x.detach().mul(2);
    return x.detach().add(stashed);
  });
  compiled();
  assertThrows(() => stashed!.tolist(), ReferenceError, "disposed of");
});

Deno.test("compile() returns nothing, constants, and lists and records of tensors", () => {
  assertSame((device) => {
    const w = tensor([1, 2], { device });
    return {
      step: () => ({
        w,
        one: 1,
        none: null,
        list: [w.add(1), "text", [w.mul(2)]],
        max: w.reshape([1, 2]).max(1),
      }),
      state: () => w,
    };
  });
  assertSame((device) => {
    const w = tensor([1, 2], { device });
    return { step: () => void w.add_(1), state: () => [w, w.version.count] };
  });
  assertSame(() => ({ step: () => 7, state: () => [] }), { recorded: [3, 4, 5, 6, 7] });
  const device = makeDevice(),
    w = tensor([1, 2], { device }),
    compiled = compile(() => [w, w.reshape([2, 1]), w.add(1)]);
  for (let call = 0; call < 5; call++) assert((compiled() as Tensor[])[0] === w);
});

Deno.test("compile() makes results unusable by the next call, but not what others have of them", () => {
  const device = makeDevice(), compiled = compile((x: Tensor) => x.mul(2));
  const results = [0, 1, 2, 3, 4].map((n) => compiled(tensor([n, 1], { device })));
  assertEquals(results.slice(0, 3).map((y) => y.tolist()), [[0, 2], [2, 2], [4, 2]]);
  assertThrows(
    () => results[3]!.tolist(),
    ReferenceError,
    "as it was disposed of by the next call of the compiled function that returned it: read it before, or keep a copy by clone()",
  );
  assertEquals(results[4]!.tolist(), [8, 2]);
  const view = results[4]!.slice(0, 0, 1);
  compiled(tensor([9, 9], { device }));
  assertEquals(view.tolist(), [8]);
});

Deno.test("compile() leaves things as they would be where the function throws", () => {
  assertSame((device) => {
    const net = new Linear(3, 2, { device }),
      optimizer = new SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    let call = -1;
    const step = (x: Tensor): unknown => {
      call++;
      optimizer.zeroGrad();
      net(x).square().sum().backward();
      if (call === 1 || call === 2) throw new RangeError("stop");
      optimizer.step();
      return null;
    };
    return {
      step: ((x: Tensor) => step(x)) as Subject["step"],
      state: () => [
        [...net.parameters()].map((p) => [p, p.grad]),
        valuesOf(Object.values(optimizer.stateDict().state)),
      ],
      net,
    };
  }, { args: (call, device) => [numbersFor(device, call, [4, 3])], throws: [1, 2], recorded: [3, 4] });
  // A section throws in a replay.
  assertSame((device) => {
    const net = new Linear(3, 2, { device }),
      optimizer = new SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    const scheduler = new OneCycleLR(optimizer, { maxLr: 0.5, totalSteps: 6 });
    return {
      step: (x: Tensor) => {
        optimizer.zeroGrad();
        const loss = net(x).square().sum();
        loss.backward();
        optimizer.step();
        scheduler.step();
        net.weight.detach().mul_(2);
        return loss;
      },
      state:
        () => [[...net.parameters()].map((p) => [p, p.grad]), scheduler.getLastLr(), scheduler.lastEpoch],
    };
  }, {
    args: (call, device) => [numbersFor(device, call, [4, 3])],
    calls: 9,
    throws: [6, 7, 8],
    recorded: [7, 8],
  });
});

Deno.test("compile() goes on as it is in mode auto, and says so once", () => {
  const said: string[] = [], { warn } = console;
  console.warn = (text: string) => said.push(text);
  try {
    const make = (device: Device): Subject => {
      const x = tensor([1, 2], { device });
      let n = 0;
      return { step: () => x.mul(x.sum().item() + n++), state: () => n };
    };
    assertSame(make, { options: { mode: "auto" }, recorded: [3, 4, 5, 6, 7] });
    const device = makeDevice(), x = tensor([1, 2], { device });
    let n = 0;
    const compiled = compile(() => x.mul(n++), { mode: "auto" });
    for (let call = 0; call < 6; call++) assertEquals(compiled().tolist(), [call, 2 * call]);
    assertEquals(compiled.explain(), "It runs uncompiled.");
  } finally {
    console.warn = warn;
  }
  assertEquals(said.length, 2);
  assertMatch(
    said[0]!,
    /^Cannot compile a function as no value may be read .* It runs uncompiled\.$/s,
  );
  assertMatch(said[1]!, /a number of it differs between calls \(1 and 2\)/);
});

Deno.test("compile() records every so many calls again to verify, and finds what changed", () => {
  const device = makeDevice(), x = tensor([1, 2], { device });
  let [factor, runs] = [2, 0];
  const compiled = compile(() => {
    runs++;
    return x.mul(factor);
  }, { verify: 3 });
  for (let call = 0; call < 12; call++) compiled();
  assert(runs > 3 && runs <= 6, `${runs} runs`);
  factor = 3;
  assertThrows(
    () => {
      for (let call = 0; call < 4; call++) compiled();
    },
    TypeError,
    "a number of it differs between calls (2 and 3) in mul()",
  );
});

Deno.test("compile() gives all memory back when it is disposed of, and begins anew", () => {
  const device = makeDevice(), x = tensor([1, 2], { device }), { buffers } = device.memory;
  {
    using compiled = compile(() => x.mul(2).add(tensor([1], { device })).sum());
    for (let call = 0; call < 5; call++) compiled().dispose();
    assert(device.memory.buffers > buffers);
    compiled.dispose();
    assertEquals(device.memory.buffers, buffers);
    for (let call = 0; call < 5; call++) assertEquals(compiled().item(), 8);
    assertMatch(compiled.explain(), /^Program 0\n {2}recorded: /);
  }
  assertEquals(device.memory.buffers, buffers + 4);
});

Deno.test("compile() refuses arguments that are other objects in each call, or lead to themselves", () => {
  const device = makeDevice(), compiled = compile((x: Float32Array) => tensor(x, { device }).mul(2));
  assertThrows(
    () => {
      for (let call = 0; call < 30; call++) compiled(new Float32Array([call]));
    },
    TypeError,
    "each of its calls passes new objects: pass tensors",
  );
  const round: unknown[] = [tensor([1], { device })];
  round.push(round);
  assertThrows(() => compile((x: unknown[]) => (x[0] as Tensor).mul(2))(round), TypeError, "contains itself");
});

Deno.test("compile() refuses what is no function, and options that there are not", () => {
  assertThrows(() => compile(3 as never), TypeError, "compile");
  for (const options of [{ verify: -1 }, { verify: 0.5 }, { mode: "lazy" }]) {
    assertThrows(
      () => compile(() => 0, options as CompileOptions),
      RangeError,
      "Cannot compile a function as",
    );
  }
  for (const options of [{ fused: true }, { fuse: { merge: true } }]) {
    assertThrows(() => compile(() => 0, options as CompileOptions), TypeError);
  }
});

Deno.test("compile() names the line where a tensor from outside gets other memory", () => {
  const device = makeDevice(), w = tensor([1, 2], { device }), x = tensor([3, 4], { device });
  const moves: readonly ((tensor: Tensor, argument: Tensor) => void)[] = [
    (tensor) => void tensor.setData(tensor.detach().mul(2)),
    (tensor) => tensor.data = tensor.detach().mul(2),
    (tensor, argument) => void tensor.setData(argument),
  ];
  for (const move of moves) {
    const compiled = compile((argument: Tensor) => {
      move(w, argument);
      return w.add(1);
    });
    compiled(x);
    const { message } = assertThrows(() => compiled(x), TypeError);
    assertMatch(
      message,
      new RegExp(`a tensor from outside gets other memory in each call in \\w+\\(\\) ${HERE}`),
    );
  }
  // A value from outside that lasts is no other memory.
  const other = tensor([5, 6], { device }), compiled = compile(() => void w.setData(other));
  for (let call = 0; call < 5; call++) compiled();
  assertEquals(w.tolist(), [5, 6]);
});

Deno.test("compile() runs the function itself where an index of an argument is out of range", () => {
  for (const dtype of ["int32", "int64"] as const) {
    assertSame((device) => {
      const table = numbersFor(device, 9, [5, 3]).requiresGrad_(), net = new Linear(3, 2, { device });
      const optimizer = new SGD([table, ...net.parameters()], { lr: 0.1, momentum: 0.9 });
      return {
        step: (index: Tensor) => {
          optimizer.zeroGrad();
          const loss = net(table.indexSelect(0, index)).square().mean();
          loss.backward();
          optimizer.step();
          return loss;
        },
        state: () => [table, table.grad, ...net.parameters(), Object.values(optimizer.stateDict().state)],
      };
    }, {
      args: (call, device) => {
        const all = tensor([9, call % 5, call % 4 === 1 && call > 3 ? 7 - call * 2 : 1, 4, 9], {
          device,
          dtype,
        });
        return [all.slice(0, 1, 4)];
      },
      calls: 12,
      throws: [5, 9],
      recorded: [5, 9],
    });
  }
});
