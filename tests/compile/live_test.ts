import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { compile } from "@troodon/compile";
import {
  Adam,
  AveragedParameters,
  BatchNorm1d,
  checkpoint,
  clipGradNorm,
  clipGradValue,
  CosineAnnealingWarmRestarts,
  type Device,
  Dropout,
  ema,
  Linear,
  LinearLR,
  live,
  Muon,
  OneCycleLR,
  type Optimizer,
  randperm,
  ReduceLROnPlateau,
  Sequential,
  SequentialLR,
  SGD,
  StepLR,
  SWALR,
  type Tensor,
  tensor,
} from "@troodon/troodon";
import { assertSame, makeDevice, numbersFor, type Subject } from "./support_test.ts";

const args = (call: number, device: Device): unknown[] => [numbersFor(device, call, [4, 3])];

/** A training step of one layer with an optimizer. */
interface Trained extends Subject {
  readonly optimizer: Optimizer;
}

function trained(
  device: Device,
  make: (params: Tensor[]) => Optimizer,
  after: () => void = () => {},
): Trained {
  const net = new Linear(3, 2, { device }), params = [...net.parameters()], optimizer = make(params);
  return {
    optimizer,
    step: (x: Tensor) => {
      optimizer.zeroGrad();
      const loss = net(x).square().mean();
      loss.backward();
      optimizer.step();
      after();
      return loss;
    },
    state:
      () => [params, optimizer.paramGroups.map(({ lr }) => lr), Object.values(optimizer.stateDict().state)],
  };
}

Deno.test("compile() steps with options that are changed between calls, also where that changes the kernels", () => {
  const group = (subject: Subject): { lr: number; momentum: number; weightDecay: number } =>
    (subject as Trained).optimizer.paramGroups[0] as never;
  assertSame((device) => trained(device, (params) => new SGD(params, { lr: 0.1, momentum: 0.9 })), {
    args,
    before: (call, subject) => {
      group(subject).lr = 0.1 / (1 + call);
      group(subject).momentum = call < 5 ? 0.9 : 0.5;
    },
    calls: 10,
  });
  // Another body of the kernel: one run in pieces, then recordings.
  assertSame((device) => trained(device, (params) => new Adam(params, { lr: 0.1 })), {
    args,
    before: (call, subject) => group(subject).weightDecay = call < 5 ? 0 : 0.25,
    calls: 12,
    recorded: [6, 7, 8],
  });
  assertSame((device) => trained(device, (params) => new SGD(params, { lr: 0.1 })), {
    args,
    before: (call, subject) => group(subject).momentum = call < 5 ? 0 : 0.5,
    calls: 12,
    recorded: [6, 7, 8],
  });
});

Deno.test("compile() steps schedulers and averages as ever, also changed ones", () => {
  const make = (schedule: (optimizer: Optimizer) => { step(): void }) => (device: Device): Trained => {
    let after = (): void => {};
    const subject = trained(device, (params) => new SGD(params, { lr: 0.1, momentum: 0.9 }), () => after());
    const scheduler = schedule(subject.optimizer);
    after = () => scheduler.step();
    return subject;
  };
  assertSame(make((o) => new StepLR(o, { stepSize: 3, gamma: 0.5 })), { args, calls: 10 });
  assertSame(make((o) => new OneCycleLR(o, { maxLr: 0.5, totalSteps: 12 })), { args, calls: 10 });
  assertSame(make((o) => new SWALR(o, { swaLr: 0.01, annealEpochs: 4 })), { args, calls: 10 });
  assertSame(
    make((o) =>
      new SequentialLR([new LinearLR(o, { totalIters: 3 }), new StepLR(o, { stepSize: 2 })], {
        milestones: [4],
      })
    ),
    { args, calls: 10 },
  );
  assertSame(make((o) => new CosineAnnealingWarmRestarts(o, { t0: 3 })), { args, calls: 10 });
  assertSame((device) => {
    let after = (): void => {};
    const subject = trained(device, (params) => new SGD(params, { lr: 0.1 }), () => after());
    const averages = new AveragedParameters(subject.optimizer.paramGroups[0]!.params, {
      weight: (n) => 1 / (n + 1),
    });
    after = () => averages.update();
    return { ...subject, state: () => [subject.state(), averages.averages, averages.nAveraged] };
  }, { args });
});

Deno.test("compile() steps an optimizer that makes tensors on the way", () => {
  assertSame((device) => {
    const net = new Linear(3, 4, { device, bias: false }),
      optimizer = new Muon(net.parameters(), { lr: 0.1 });
    return {
      step: (x: Tensor) => {
        optimizer.zeroGrad();
        net(x).square().sum().backward();
        optimizer.step();
      },
      state: () => [...net.parameters()],
      optimizer,
    };
  }, {
    args,
    before: (call, subject) => {
      const { optimizer } = subject as unknown as { optimizer: Muon };
      optimizer.paramGroups[0]!.lr = 0.1 + call;
      // More launches than were recorded.
      optimizer.paramGroups[0]!.nsSteps = call < 5 ? 2 : 3;
    },
    calls: 12,
    recorded: [6, 7, 8],
  });
});

Deno.test("compile() draws random numbers as ever, in forward and backward passes, whatever the generator is told", () => {
  const make = (device: Device): Subject => {
    const net = new Sequential(new Linear(3, 8, { device }), new Dropout(0.5), new Linear(8, 2, { device }));
    return {
      step: (x: Tensor) => {
        net.zeroGrad();
        const y = checkpoint((x: Tensor) => net(x), x).square().mean();
        y.backward();
        return [y, x.detach().dropout({ p: 0.25 })];
      },
      state:
        () => [[...net.parameters()].map((p) => p.grad), device.generator.offset, device.generator.random()],
    };
  };
  assertSame(make, { args });
  assertSame(make, {
    args,
    before: (call, _, device) => {
      if (call % 2 === 1) device.generator.manualSeed(call);
      else device.generator.nextUint32();
    },
  });
});

Deno.test("live() gives a compiled function numbers that the caller changes", () => {
  let alpha = 0, beta = 0;
  assertSame(() => ({
    step: (x: Tensor) => x.mul(live(() => alpha)).add(live(() => beta + 1)).mul(2),
    state: () => [],
  }), {
    args,
    before: (call) => {
      alpha = call / 3;
      // First changes later than the recordings.
      beta = call < 5 ? 2 : 10 * call;
    },
    calls: 12,
    recorded: [5],
  });
});

Deno.test("live() numbers that were equal so far are told apart as soon as they differ", () => {
  let [alpha, beta] = [0, 0];
  assertSame(() => ({
    step: (x: Tensor) => x.mul(live(() => alpha)).add(live(() => beta)),
    state: () => [],
  }), {
    args,
    before: (call) => {
      alpha = call;
      beta = call < 5 ? call : 100 + call * call;
    },
    calls: 12,
    recorded: [5],
  });
});

Deno.test("live() checks what its function returns", () => {
  assertEquals(live(() => 3), 3);
  assertThrows(() => live((() => "3") as never), TypeError, "current type is string");
  assertThrows(() => live(3 as never), TypeError);
});

Deno.test("compile() keeps batch-norm's statistics, also as a plain mean of all batches", () => {
  for (const momentum of [0.25, null]) {
    assertSame((device) => {
      const net = new BatchNorm1d(3, { device, momentum });
      return { step: (x: Tensor) => net(x).detach(), state: () => net.stateDict().toJSON(), net };
    }, {
      args,
      before: (call, subject) => {
        const { net } = subject as unknown as { net: BatchNorm1d };
        if (call === 6) net.loadStateDict(net.stateDict());
      },
      calls: 10,
    });
  }
});

Deno.test("compile() passes numbers of arguments and of live() to schedulers and limits on gradients", () => {
  type Step = { step(value: number): void };
  let value = 0;
  const make = (
    schedule: (optimizer: Optimizer) => Step,
    isLive: boolean,
  ) =>
  (device: Device): Subject => {
    const net = new Linear(3, 2, { device }), params = [...net.parameters()];
    const optimizer = new SGD(params, { lr: 0.1, momentum: 0.9 }), scheduler = schedule(optimizer);
    return {
      step: (x: Tensor, number: number) => {
        optimizer.zeroGrad();
        net(x).square().mean().backward();
        const norm = clipGradNorm(params, isLive ? live(() => value + 1) : number);
        clipGradValue(params, 0.25);
        optimizer.step();
        scheduler.step(isLive ? live(() => value) : number);
        return norm;
      },
      state: () => [params, optimizer.paramGroups.map(({ lr }) => lr)],
    };
  };
  for (
    const schedule of [
      (o: Optimizer) => new CosineAnnealingWarmRestarts(o, { t0: 3 }),
      (o: Optimizer) => new ReduceLROnPlateau(o, { patience: 1 }),
    ]
  ) {
    assertSame(make(schedule, false), {
      args: (call, device) => [...args(call, device), call / 2 + 0.5],
      calls: 10,
    });
    assertSame(make(schedule, true), {
      args: (...of) => [...args(...of), 1],
      before: (call) => value = call / 2,
    });
  }
});

Deno.test("compile() refuses numbers of schedulers that only the function knows, and draws on the host", () => {
  const device = makeDevice(), p = tensor([1], { device }), optimizer = new SGD([p]);
  const plateau = new ReduceLROnPlateau(optimizer);
  let epoch = 0;
  for (
    const [step, message] of [
      [() => plateau.step(epoch++), "a number of it differs between calls (1 and 2) in step() at file:"],
      [
        () => randperm(3, { device }),
        "no random number may be drawn on the host while it runs in randperm()",
      ],
    ] as const
  ) {
    const compiled = compile(() => {
      step();
      return p.add(1);
    });
    compiled();
    assertThrows(() => [compiled(), compiled()], TypeError, message);
  }
});

Deno.test("compile() averages in float32 what eager averages", () => {
  const device = makeDevice(),
    p = tensor([0], { device }),
    averages = new AveragedParameters([p], { weight: ema(0.5) });
  const compiled = compile((x: Tensor) => {
    p.copy_(x);
    averages.update();
  });
  for (let i = 0; i < 6; i++) compiled(tensor([i], { device }));
  assertAlmostEquals(averages.averages[0]!.item(), 4.03125);
  assert(averages.nAveraged === 6);
});
