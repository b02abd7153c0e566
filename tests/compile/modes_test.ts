import { compile } from "@troodon/compile";
import { Adam, type Device, Dropout, Linear, noGrad, Sequential, type Tensor } from "@troodon/troodon";
import { assertSame, numbersFor, type Subject } from "./support_test.ts";

const args = (call: number, device: Device): unknown[] => [numbersFor(device, call, [4, 3])];

/** A generator and a critic, with a compiled step of the critic beside that of the generator. */
interface Adversaries extends Subject {
  readonly critic: Linear;
  readonly judge: (z: Tensor) => Tensor;
}

function adversaries(device: Device, within: boolean): Adversaries {
  const generator = new Linear(3, 4, { device }), critic = new Linear(4, 1, { device });
  const makes = new Adam(generator.parameters(), { lr: 0.01 }),
    judges = new Adam(critic.parameters(), { lr: 0.01 });
  const parameters = [...generator.parameters(), ...critic.parameters()];
  return {
    critic,
    judge: compile((z: Tensor) => {
      if (within) critic.requiresGrad_(true);
      judges.zeroGrad();
      const loss = critic(generator(z).detach()).tanh().mean();
      loss.backward();
      judges.step();
      return loss;
    }, { fuse: false }),
    step: (z: Tensor) => {
      if (within) critic.requiresGrad_(false);
      makes.zeroGrad();
      const loss = critic(generator(z)).mean().neg();
      loss.backward();
      makes.step();
      return loss;
    },
    state: () => parameters.map((p) => [p, p.grad, p.requiresGrad]),
  };
}

for (const within of [false, true]) {
  Deno.test(`compile() keeps programs of parameters that are frozen in turn, ${within ? "within" : "between"} calls`, () => {
    assertSame((device) => adversaries(device, within), {
      args,
      before: (call, subject, device) => {
        const { critic, judge } = subject as Adversaries;
        if (!within) critic.requiresGrad_(true);
        judge(numbersFor(device, 100 + call, [4, 3]));
        if (!within) critic.requiresGrad_(false);
      },
      calls: 60,
    });
  });
}

Deno.test("compile() sets modes again that the function sets", () => {
  const nets = new Map<Subject, Sequential>();
  const make = (before: boolean) => (device: Device): Subject => {
    const net = new Sequential(new Linear(3, 4, { device }), new Dropout(0.5), new Linear(4, 2, { device }));
    const optimizer = new Adam(net.parameters(), { lr: 0.1 });
    const subject = {
      step: (x: Tensor) => {
        if (before) net.train();
        optimizer.zeroGrad();
        const loss = net(x).square().mean();
        loss.backward();
        optimizer.step();
        if (!before) net.eval();
        return [loss, noGrad(() => net(x))];
      },
      state: () => [[...net.parameters()], net.training],
    };
    nets.set(subject, net);
    return subject;
  };
  const withMode = (training: (call: number) => boolean) => (call: number, subject: Subject): void =>
    void nets.get(subject)!.train(training(call));
  assertSame(make(true), { args, before: withMode(() => false), calls: 40 });
  assertSame(make(false), { args, before: withMode((call) => call !== 6), recorded: [6] });
});

Deno.test("compile() records anew where tensors outside of modules are frozen", () => {
  const leaves = new Map<Subject, Tensor[]>();
  assertSame((device) => {
    const [w, v] = [numbersFor(device, 3, [3]).requiresGrad_(), numbersFor(device, 4, [3]).requiresGrad_()];
    const subject = {
      step: (x: Tensor) => {
        w.grad = v.grad = null;
        x.mul(w).mul(v).sum().backward();
      },
      state: () => [w, v].map((leaf) => [leaf.grad, leaf.requiresGrad]),
    };
    leaves.set(subject, [w, v]);
    return subject;
  }, {
    args,
    before: (call, subject) => {
      const [w, v] = leaves.get(subject)!;
      w!.requiresGrad_(call % 4 !== 1);
      v!.requiresGrad_(call % 4 !== 3);
    },
    calls: 20,
    recorded: [3, 4, 5, 6, 7, 8],
  });
});

Deno.test("compile() records once more where an optimizer makes its state in a recorded call", () => {
  const layers = new Map<Subject, Linear>();
  assertSame((device) => {
    const first = new Linear(3, 4, { device }), net = new Sequential(first, new Linear(4, 2, { device }));
    const optimizer = new Adam(net.parameters(), { lr: 0.1 });
    const subject = {
      step: (x: Tensor) => {
        optimizer.zeroGrad();
        net(x).square().mean().backward();
        optimizer.step();
      },
      state: () => [...net.parameters()].map((p) => [p, p.grad]),
    };
    layers.set(subject, first);
    return subject;
  }, {
    args,
    before: (call, subject) => void layers.get(subject)!.requiresGrad_(call > 0),
    recorded: [3],
  });
});

Deno.test("compile() sets `training` again that the function assigns", () => {
  const nets = new Map<Subject, Dropout>();
  assertSame((device) => {
    const dropout = new Dropout(0.5);
    const subject = {
      step: (x: Tensor) => {
        dropout.training = true;
        const y = dropout(x);
        dropout.training = false;
        return [y, dropout(x)];
      },
      state: () => [dropout.training, device.generator.offset],
    };
    nets.set(subject, dropout);
    return subject;
  }, { args, calls: 10, recorded: [3, 4] });
  assertSame(() => {
    const dropout = new Dropout(0.5);
    const subject = {
      step: (x: Tensor) => {
        dropout.training = true;
        return dropout(x);
      },
      state: () => dropout.training,
    };
    nets.set(subject, dropout);
    return subject;
  }, {
    args,
    before: (_, subject) => void nets.get(subject)!.eval(),
    calls: 10,
    recorded: [3, 4],
  });
});
