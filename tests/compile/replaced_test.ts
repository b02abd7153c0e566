import { assertEquals } from "@std/assert";
import {
  Adam,
  type Device,
  grad,
  Linear,
  Module,
  ModuleDict,
  noGrad,
  Parameter,
  relu,
  Sequential,
  type Tensor,
} from "@troodon/troodon";
import { assertSame, numbersFor, type Subject } from "./support_test.ts";

const args = (call: number, device: Device): unknown[] => [numbersFor(device, call, [4, 3])];

/** A network that uses what is in its fields in all ways. */
class Net extends Module {
  body: Linear;
  blocks: Sequential;
  heads: ModuleDict<Linear>;
  branches: Linear[];
  scales = [1, 2];
  options = { power: 2 };
  activation = relu;
  /** Is not called: the network takes its parameters. */
  table: Linear;

  constructor(device: Device) {
    super();
    const made = (): Linear => new Linear(3, 3, { device });
    this.body = made();
    this.table = made();
    this.blocks = new Sequential(made());
    this.heads = new ModuleDict({ a: made() });
    this.branches = [made()];
  }

  override forward(x: Tensor): Tensor {
    const y = this.activation(this.blocks(this.body(x)).matmul(this.table.weight));
    const branched = this.branches.reduce((sum, branch) => sum.add(branch(y)), this.heads.get("a")(y));
    return branched.pow(this.options.power).mul(this.scales[0]!);
  }
}

/** A way to change a network between calls; what it takes away stays in use elsewhere. */
type Change = (net: Net, device: Device) => unknown;

const CHANGES: Readonly<Record<string, Change>> = {
  "a module": (net, device) => {
    const before = net.body;
    net.body = new Linear(3, 3, { device });
    return before;
  },
  "a parameter of a module that is not called": (net, device) => {
    const before = net.table.weight;
    net.table.weight = new Parameter(numbersFor(device, 50, [3, 3]));
    return before;
  },
  "a module of a dictionary": (net, device) => {
    const before = net.heads.get("a");
    net.heads.set("a", new Linear(3, 3, { device }));
    return before;
  },
  "a module of a list of its own": (net, device) => net.branches.splice(0, 1, new Linear(3, 3, { device })),
  "a function": (net) => net.activation = (x) => x.tanh(),
  "a number of a list": (net) => net.scales[0] = 3,
  "a number of a record": (net) => net.options.power = 3,
};

for (const [what, change] of Object.entries(CHANGES)) {
  Deno.test(`compile() records anew where ${what} takes the place of another`, () => {
    assertReplaced(change);
  });
}

Deno.test("compile() records anew where modules are added to lists", () => {
  assertReplaced((net, device) => net.blocks.append(new Linear(3, 3, { device })));
  assertReplaced((net, device) => net.branches.push(new Linear(3, 3, { device })));
});

function assertReplaced(change: Change): void {
  const kept: unknown[] = [];
  const nets = new Map<Subject, Net>();
  assertSame((device) => {
    const net = new Net(device), subject = { step: (x: Tensor) => noGrad(() => net(x)), state: () => [] };
    nets.set(subject, net);
    return subject;
  }, {
    args,
    before: (call, subject, device) => void (call === 5 && kept.push(change(nets.get(subject)!, device))),
    calls: 10,
    recorded: [5, 6, 7],
  });
  assertEquals(kept.length, 2);
}

Deno.test("compile() steps after gradients of leaves that the function makes itself", () => {
  assertSame((device) => {
    const net = new Linear(3, 2, { device }), optimizer = new Adam(net.parameters(), { lr: 0.05 });
    return {
      step: (x: Tensor) => {
        optimizer.zeroGrad();
        const at = x.detach().requiresGrad_();
        const [slope] = grad(net(at).tanh().sum(), [at], { createGraph: true });
        const loss = slope!.square().sum().sub(1).square();
        loss.backward();
        optimizer.step();
        return loss;
      },
      state: () => [...net.parameters()].map((p) => [p, p.grad]),
    };
  }, { args });
});

Deno.test("compile() records anew where an optimizer gets parameters that had gradients before", () => {
  const optimizers = new Map<Device, readonly [Adam, Tensor]>();
  assertSame((device) => {
    const net = new Linear(3, 2, { device }), scale = numbersFor(device, 60, [3]).requiresGrad_();
    const optimizer = new Adam(net.parameters(), { lr: 0.05 });
    optimizers.set(device, [optimizer, scale]);
    return {
      step: (x: Tensor) => {
        optimizer.zeroGrad();
        net(x.mul(scale)).square().mean().backward();
        optimizer.step();
      },
      state: () => [scale, scale.grad, ...net.parameters()],
    };
  }, {
    args,
    before: (call, _, device) => {
      const [optimizer, scale] = optimizers.get(device)!;
      if (call === 5) optimizer.addParamGroup({ params: [scale], lr: 0.5 });
    },
    calls: 10,
    recorded: [5, 6, 7],
  });
});
