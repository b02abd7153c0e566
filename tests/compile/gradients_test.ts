import { assertEquals, assertThrows } from "@std/assert";
import { compile } from "@troodon/compile";
import {
  Adam,
  type Device,
  flattenParameters,
  grad,
  Linear,
  Scope,
  SGD,
  type Tensor,
  tensor,
} from "@troodon/troodon";
import { assertSame, makeDevice, numbersFor, type Subject } from "./support_test.ts";

/** A layer and a loss of it. */
interface Layer extends Subject {
  readonly net: Linear;
  readonly optimizer: Adam;
}

function layer(
  device: Device,
  run: (net: Linear, optimizer: Adam, loss: Tensor) => unknown,
  flat = false,
): Layer {
  const net = new Linear(3, 2, { device }), params = [...net.parameters()];
  if (flat) flattenParameters(params);
  const optimizer = new Adam(params, { lr: 0.05 });
  return {
    net,
    optimizer,
    step: (x: Tensor) => run(net, optimizer, net(x).square().mean()),
    state: () => [params, params.map((p) => p.grad), params.map((p) => p.version.count)],
  };
}

const args = (call: number, device: Device): unknown[] => [numbersFor(device, call, [4, 3])];

for (const flat of [false, true]) {
  const how = flat ? "of parameters side by side" : "each by itself";
  Deno.test(`compile() adds gradients up, ${how}, and begins anew where they were taken away between calls`, () => {
    const make = (device: Device): Layer => layer(device, (_, __, loss) => loss.backward(), flat);
    assertSame(make, { args, recorded: [] });
    assertSame(make, {
      args,
      before: (call, subject) => call % 2 === 0 && (subject as Layer).optimizer.zeroGrad(),
      calls: 12,
      recorded: [3, 4, 6],
    });
    assertSame(make, {
      args,
      before: (_, subject) => (subject as Layer).optimizer.zeroGrad(),
    });
    assertSame(make, {
      args,
      before: (_, subject) => {
        for (const p of (subject as Layer).net.parameters()) p.grad = null;
      },
    });
  });

  Deno.test(`compile() steps and forgets gradients in any order, ${how}`, () => {
    for (const setToNull of [true, false]) {
      assertSame((device) =>
        layer(device, (_, optimizer, loss) => {
          loss.backward();
          optimizer.step();
          optimizer.zeroGrad({ setToNull });
          return loss;
        }, flat), { args });
      assertSame((device) =>
        layer(device, (net, optimizer, loss) => {
          optimizer.zeroGrad({ setToNull });
          loss.backward();
          optimizer.step();
          net.zeroGrad();
          net(numbersFor(device, 77, [2, 3])).sum().backward();
          optimizer.step();
          return loss;
        }, flat), { args });
    }
  });
}

Deno.test("compile() leaves gradients that somebody keeps as they were", () => {
  const device = makeDevice(), kept: Tensor[] = [], plain: Tensor[] = [];
  const { net, step } = layer(device, (_, __, loss) => loss.backward());
  const eager = layer(makeDevice(), (_, __, loss) => loss.backward());
  eager.net.loadStateDict(net.stateDict());
  const compiled = compile(step);
  for (let call = 0; call < 8; call++) {
    net.weight.grad = eager.net.weight.grad = null;
    net.bias!.grad = eager.net.bias!.grad = null;
    compiled(numbersFor(device, call, [4, 3]) as never);
    eager.step(numbersFor(eager.net.weight.device, call, [4, 3]) as never);
    kept.push(net.weight.grad!.slice(0, 0, 1));
    plain.push(eager.net.weight.grad!.slice(0, 0, 1));
  }
  assertEquals(kept.map((g) => g.tolist()), plain.map((g) => g.tolist()));
});

Deno.test("compile() lets two functions share parameters, gradients and an optimizer", () => {
  const subjects = [makeDevice(), makeDevice()].map((device) => {
    const net = new Linear(3, 2, { device });
    const optimizer = new SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
    const add = (x: Tensor): Tensor => {
      const loss = net(x).square().mean();
      loss.backward();
      return loss;
    };
    const last = (x: Tensor): Tensor => {
      const loss = add(x);
      optimizer.step();
      optimizer.zeroGrad();
      return loss;
    };
    return { net, device, add, last };
  });
  const [plain, subject] = subjects as [typeof subjects[0], typeof subjects[0]];
  plain.net.loadStateDict(subject.net.stateDict());
  const add = compile(subject.add, { fuse: false }), last = compile(subject.last, { fuse: false });
  for (let call = 0; call < 20; call++) {
    const isLast = call % 3 === 2;
    const [x, y] = [plain, subject].map(({ device }) => numbersFor(device, call, [4, 3])) as [Tensor, Tensor];
    assertEquals((isLast ? last : add)(y).item(), (isLast ? plain.last : plain.add)(x).item());
    assertEquals(subject.net.weight.tolist(), plain.net.weight.tolist());
    assertEquals(subject.net.weight.grad?.tolist(), plain.net.weight.grad?.tolist());
  }
});

Deno.test("compile() steps on gradients that come from outside", () => {
  assertSame((device) => {
    const net = new Linear(3, 2, { device }), optimizer = new Adam(net.parameters());
    return {
      step: () => optimizer.step(),
      state: () => [...net.parameters()],
      net,
    };
  }, {
    before: (call, subject, device) => {
      const { net } = subject as Subject & { net: Linear };
      net.zeroGrad();
      net(numbersFor(device, call, [2, 3])).square().sum().backward();
    },
    recorded: [],
  });
});

Deno.test("compile() takes gradients of what it makes itself, and of gradients", () => {
  assertSame(() => ({
    step: (x: Tensor) => {
      const leaf = x.detach().requiresGrad_();
      leaf.pow(3).sum().backward();
      return leaf.grad;
    },
    state: () => [],
  }), { args });
  assertSame((device) => {
    const net = new Linear(3, 2, { device });
    return {
      step: (x: Tensor) => {
        net.zeroGrad();
        const leaf = x.detach().requiresGrad_();
        net(leaf).square().sum().backward({ createGraph: true });
        const penalty = leaf.grad!.square().sum();
        net.zeroGrad();
        penalty.backward();
        return penalty.detach();
      },
      state: () => net.weight.grad,
    };
  }, { args });
});

Deno.test("compile() returns gradients as they are in their leaves", () => {
  const device = makeDevice(), net = new Linear(3, 2, { device });
  const compiled = compile((x: Tensor) => {
    net.zeroGrad();
    net(x).sum().backward();
    return net.weight.grad!;
  });
  for (let call = 0; call < 6; call++) {
    const result = compiled(numbersFor(device, call, [1, 3]));
    assertEquals(result === net.weight.grad, true);
    assertEquals(result.tolist(), [0, 1].map(() => numbersFor(device, call, [3]).tolist()) as never);
  }
});

Deno.test("compile() refuses to leave a history in gradients or results", () => {
  const device = makeDevice(), x = tensor([2, 3], { device, requiresGrad: true });
  const forward = compile(() => x.mul(3));
  forward();
  assertThrows(
    () => forward(),
    TypeError,
    "call backward() in it, return y.detach(), or call it within noGrad()",
  );
  const twice = compile(() => {
    x.grad = null;
    x.pow(3).sum().backward({ createGraph: true });
  });
  twice();
  assertThrows(() => twice(), TypeError, "has a history");
});

Deno.test("compile() works in scopes of the caller and without", () => {
  const device = makeDevice();
  const { net, optimizer, step } = layer(device, (_, optimizer, loss) => {
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  });
  const compiled = compile(step);
  let loss: Tensor | null = null;
  for (let call = 0; call < 6; call++) {
    using _ = new Scope();
    loss = compiled(numbersFor(device, call, [4, 3]) as never) as Tensor;
  }
  assertEquals(loss!.isDisposed, false);
  loss!.item();
  const { buffers } = device.memory;
  for (let call = 0; call < 50; call++) {
    using _ = new Scope();
    compiled(numbersFor(device, call, [4, 3]) as never);
  }
  assertEquals(device.memory.buffers, buffers);
  compiled.dispose();
  optimizer.dispose();
  net.zeroGrad();
  loss!.dispose();
  assertEquals(device.memory.buffers, 3);
});

Deno.test("compile() frees graphs that are not used up where only gradients of gradients run backward", () => {
  assertSame((device) => {
    const w = numbersFor(device, 50, [3, 4]).requiresGrad_(),
      v = numbersFor(device, 51, [4, 2]).requiresGrad_();
    return {
      step: (x: Tensor) => {
        w.grad = v.grad = null;
        const leaf = x.detach().requiresGrad_();
        const [slope] = grad(leaf.matmul(w).relu().matmul(v).sum(), [leaf], { createGraph: true });
        const penalty = slope!.square().sum();
        penalty.backward();
        return { penalty, list: [penalty] };
      },
      state: () => [w.grad, v.grad],
    };
  }, { args });
});
