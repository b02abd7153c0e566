import { assertEquals, assertThrows } from "@std/assert";
import { compile } from "@troodon/compile";
import {
  Adam,
  detectAnomaly,
  type Device,
  Dropout,
  flattenParameters,
  Linear,
  noGrad,
  Sequential,
  SGD,
  type Tensor,
  tensor,
} from "@troodon/troodon";
import { assertSame, makeDevice, numbersFor, type Subject } from "./support_test.ts";

const args = (call: number, device: Device): unknown[] => [numbersFor(device, call, [4, 3])];

/** A training step of a small network. */
interface Trained extends Subject {
  readonly net: Sequential;
}

function trained(device: Device): Trained {
  const net = new Sequential(new Linear(3, 4, { device }), new Dropout(0.5), new Linear(4, 2, { device }));
  const optimizer = new Adam(net.parameters(), { lr: 0.1 });
  return {
    net,
    step: (x: Tensor) => {
      optimizer.zeroGrad();
      const loss = net(x).square().mean();
      loss.backward();
      optimizer.step();
      return loss;
    },
    state: () => [...net.parameters()].map((p) => [p, p.grad, p.version.count]),
  };
}

const netOf = (subject: Subject): Sequential => (subject as Trained).net;

Deno.test("compile() sees values that are changed in place, and loaded", () => {
  assertSame(trained, {
    args,
    before: (call, subject) => {
      if (call === 5) noGrad(() => [...netOf(subject).parameters()].forEach((p) => p.mul_(0.5)));
      if (call === 6) {
        const dict = netOf(subject).stateDict(), [first] = dict.values();
        netOf(subject).loadStateDict(
          Object.fromEntries([...dict].map(([k, v]) => [k, v === first ? v.mul(2) : v])),
        );
      }
    },
  });
});

Deno.test("compile() records anew where parameters moved to other memory", () => {
  assertSame(trained, {
    args,
    before: (call, subject) => {
      if (call === 5) {
        for (const p of netOf(subject).parameters()) {
          using doubled = p.detach().mul(2);
          p.setData(doubled);
        }
      }
      if (call === 8) flattenParameters(netOf(subject).parameters());
    },
    calls: 14,
    // After each: one call as it is, two that are recorded.
    recorded: [5, 6, 7, 8, 9, 10],
  });
});

Deno.test("compile() records anew where modules change between training and use", () => {
  assertSame(trained, {
    args,
    before: (call, subject) => void netOf(subject).train(call % 2 === 0),
    calls: 12,
    recorded: [3, 4, 6],
  });
});

Deno.test("compile() records anew where parameters are frozen, and free again", () => {
  assertSame(trained, {
    args,
    before: (call, subject) => {
      const [first] = netOf(subject).children() as Iterable<Linear>;
      if (call === 5) {
        for (const p of netOf(subject).parameters()) p.grad = null;
        first!.requiresGrad_(false);
      }
      if (call === 9) first!.requiresGrad_(true);
    },
    calls: 14,
    recorded: [5, 6, 7],
  });
});

Deno.test("compile() records anew where hooks come and go", () => {
  const hooks: Disposable[] = [];
  assertSame(trained, {
    args,
    before: (call, subject) => {
      const [layer] = netOf(subject).children() as Iterable<Linear>;
      if (call === 5) hooks.push(layer!.registerForwardHook((_, __, y) => y.mul(2)));
      if (call === 9) { for (const hook of hooks) hook[Symbol.dispose](); }
      if (call === 10) layer!.weight.registerHook((g) => g.mul(3));
    },
    calls: 16,
    recorded: [5, 6, 7, 10, 11, 12],
  });
});

Deno.test("compile() works under noGrad, and within another compiled function, and in itself", () => {
  const net = new Map<Device, Linear>();
  assertSame((device) => {
    const layer = new Linear(3, 2, { device });
    net.set(device, layer);
    return { step: (x: Tensor) => noGrad(() => layer(x)), state: () => [] };
  }, { args });
  const device = makeDevice(), layer = new Linear(3, 2, { device });
  const forward = compile((x: Tensor) => layer(x));
  for (let call = 0; call < 6; call++) {
    const x = numbersFor(device, call, [2, 3]);
    noGrad(() => assertEquals(forward(x).tolist(), layer(x).tolist()));
  }
  let runs = 0;
  const inner = compile((x: Tensor) => {
    runs++;
    return x.mul(2);
  });
  const outer = compile((x: Tensor) => inner(x).add(1));
  for (let call = 0; call < 6; call++) {
    assertEquals(outer(tensor([call], { device })).item(), 2 * call + 1);
    if (call === 3) inner(tensor([1], { device }));
  }
  assertEquals(runs, 4);
  const deep = compile((x: Tensor, depth: unknown): Tensor =>
    depth === "0" ? x : deep(x.mul(2), "0") as Tensor
  );
  for (let call = 0; call < 6; call++) assertEquals(deep(tensor([call], { device }), "1").item(), 2 * call);
});

Deno.test("compile() lets somebody listen to a device, who hears launches of replays", () => {
  const device = makeDevice(), compiled = compile((x: Tensor) => x.mul(2).sum());
  for (let call = 0; call < 4; call++) compiled(tensor([call, 1], { device }));
  const heard: string[] = [], x = tensor([4, 5], { device });
  {
    using _ = device.listen(({ call }) => heard.push(call.kernel));
    assertEquals(compiled(x).item(), 18);
  }
  assertEquals(heard, ["map", "reduce"]);
  assertEquals(compiled(x).item(), 18);
});

Deno.test("compile() does not keep what was disposed of", () => {
  const device = makeDevice(), w = tensor([2], { device });
  const compiled = compile((x: Tensor) => x.mul(w));
  for (let call = 0; call < 4; call++) assertEquals(compiled(tensor([call], { device })).item(), 2 * call);
  w.dispose();
  assertThrows(() => compiled(tensor([1], { device })), ReferenceError, "disposed of");
});

Deno.test("compile() moves to another device with the modules", () => {
  const devices = [makeDevice(), makeDevice()] as const;
  const net = new Linear(3, 2, { device: devices[0] }),
    optimizer = new SGD(net.parameters(), { lr: 0.1, momentum: 0.5 });
  const plain = new Linear(3, 2, { device: devices[0] });
  const other = new SGD(plain.parameters(), { lr: 0.1, momentum: 0.5 });
  plain.loadStateDict(net.stateDict());
  const stepOf = (net: Linear, optimizer: SGD) => (x: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = net(x).square().mean();
    loss.backward();
    optimizer.step();
    return loss;
  };
  const eager = stepOf(plain, other), compiled = compile(stepOf(net, optimizer), { fuse: false });
  for (let call = 0; call < 10; call++) {
    if (call === 5) {
      net.to(devices[1]);
      plain.to(devices[1]);
    }
    const x = numbersFor(devices[call < 5 ? 0 : 1], call, [4, 3]);
    assertEquals(compiled(x).item(), eager(x).item());
    assertEquals(net.weight.tolist(), plain.weight.tolist());
  }
});

Deno.test("compile() lets a function make leaves of tensors from outside", () => {
  assertSame((device) => {
    const w = numbersFor(device, 3, [3]);
    return {
      step: (x: Tensor) => {
        const leaf = w.detach().requiresGrad_();
        x.mul(leaf).square().sum().backward();
        w.sub_(leaf.grad!.mul(0.01));
      },
      state: () => [w, w.version.count],
    };
  }, { args });
});

Deno.test("compile() runs the function itself while anomalies are looked for", () => {
  const device = makeDevice(), x = tensor([1, 2], { device, requiresGrad: true });
  let runs = 0;
  const compiled = compile((y: Tensor) => {
    runs++;
    x.grad = null;
    x.mul(y).log().sum().backward();
  });
  for (let call = 0; call < 5; call++) compiled(tensor([1, 1], { device }));
  assertEquals(runs, 3);
  assertThrows(
    () => detectAnomaly({ infinities: true }, () => compiled(tensor([0, 1], { device }))),
    RangeError,
    "Cannot go on from log() as its result 0 of shape [2] has -Infinity",
  );
  assertEquals(runs, 4);
  compiled(tensor([1, 1], { device }));
  assertEquals(runs, 4);
});

Deno.test("compile() applies full backward hooks, also those of a single call", () => {
  for (const isLasting of [true, false]) {
    assertSame((device) => {
      const subject = trained(device), [layer] = netOf(subject).children() as Iterable<Linear>;
      const register = () => layer!.registerFullBackwardHook((_, [g]) => [g?.mul(2) ?? null]);
      if (isLasting) register();
      return {
        ...subject,
        step: (x: Tensor) => {
          const leaf = x.detach().requiresGrad_();
          using _ = isLasting ? null : register();
          const loss = subject.step(leaf as never) as Tensor;
          return [loss, leaf.grad];
        },
      };
    }, { args });
  }
});

Deno.test("compile() records anew where a second hook comes and the first one goes", () => {
  const hooks: Disposable[] = [];
  const scaledBy = (factor: number, { children }: { children: Iterable<Linear> }): void => {
    const [layer] = children;
    hooks.push(layer!.registerForwardHook((_, __, y) => y.mul(factor)));
  };
  assertSame(trained, {
    args,
    before: (call, subject) => {
      const children = netOf(subject).children() as Iterable<Linear>;
      if (call === 0 || call === 5) scaledBy(call + 2, { children });
      if (call === 9) { for (const hook of hooks.splice(0, 1)) hook[Symbol.dispose](); }
    },
    calls: 14,
    recorded: [5, 6, 7, 9, 10, 11],
  });
});
