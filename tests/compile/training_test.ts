import { assertSame, numbersFor, type Subject } from "./support_test.ts";
import type { Device, Tensor } from "@troodon/core";
import { BatchNorm1d, clipGradNorm, Dropout, Linear, ReLU, Sequential } from "@troodon/nn";
import { Adam, AveragedParameters, ema, flattenParameters, StepLR } from "@troodon/optim";

/** Small network with all parts of a training step. */
function training(device: Device, flat: boolean): Subject {
  const net = new Sequential(
    new Linear(5, 8, { device }),
    new BatchNorm1d(8, { device }),
    new ReLU(),
    new Dropout(0.25),
    new Linear(8, 3, { device }),
  );
  const params = [...net.parameters()];
  if (flat) flattenParameters(params);
  const optimizer = new Adam(params, { lr: 0.01 }),
    scheduler = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
  const averages = new AveragedParameters(params, { weight: ema(0.9) });
  return {
    step: (x: Tensor, y: Tensor): Tensor => {
      optimizer.zeroGrad();
      const loss = net(x).sub(y).square().mean();
      loss.backward();
      clipGradNorm(params, 0.5);
      optimizer.step();
      scheduler.step();
      averages.update();
      return loss;
    },
    state: () => [
      ...net.stateDict().values(),
      params.map((p) => p.grad),
      averages.averages,
      scheduler.getLastLr(),
    ],
  };
}

for (const flat of [false, true]) {
  Deno.test(`compile() replays a training step to the bit, ${flat ? "with parameters side by side" : "each by itself"}`, () => {
    assertSame((device) => training(device, flat), {
      args: (call, device) => [numbersFor(device, call, [4, 5]), numbersFor(device, call, [4, 3])],
    });
  });
}
