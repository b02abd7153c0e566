import { assert } from "@std/assert";
import { Device, ReferenceBackend, Scope, tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import * as optim from "./mod.ts";

const devices = [new Device(new ReferenceBackend()), new Device(new CpuBackend())];

const PARAMETER = [1.5, -2.25, 0.3125, 40], GRADIENT = [0.125, -0.75, 3, -0.01171875];

type Maker = (params: optim.OptimizerParameters<never>) => { step(): unknown };

const OPTIMIZERS: Readonly<Record<string, Maker>> = {
  "SGD with momentum": (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, weightDecay: 0.01 }),
  "SGD with Nesterov's momentum": (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true }),
  Adam: (p) => new optim.Adam(p, { lr: 0.01 }),
  AdamW: (p) => new optim.AdamW(p, { lr: 0.01 }),
  NAdam: (p) => new optim.NAdam(p, { lr: 0.01 }),
  RAdam: (p) => new optim.RAdam(p, { lr: 0.01 }),
  Adamax: (p) => new optim.Adamax(p, { lr: 0.01 }),
  RMSprop: (p) => new optim.RMSprop(p, { lr: 0.01 }),
  Adagrad: (p) => new optim.Adagrad(p, { lr: 0.01 }),
  Adadelta: (p) => new optim.Adadelta(p, { lr: 0.5 }),
  ASGD: (p) => new optim.ASGD(p, { lr: 0.01 }),
  Rprop: (p) => new optim.Rprop(p, { lr: 0.01 }),
};

/** The parameter after a step. */
function stepped(make: Maker, device: Device, dtype: "float16" | "bfloat16" | "float64"): number[] {
  const p = tensor(PARAMETER, { device, dtype });
  p.grad = tensor(GRADIENT, { device, dtype });
  make([p] as never).step();
  return p.tolist() as number[];
}

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  Deno.test(`${name} makes a step of 16 bits in float32, and rounds it once`, () => {
    using _ = new Scope();
    const exact = stepped(make, devices[0]!, "float64");
    for (const device of devices) {
      for (const [dtype, bits] of [["float16", 10], ["bfloat16", 7]] as const) {
        stepped(make, device, dtype).forEach((found, i) => {
          const unit = 2 ** (Math.floor(Math.log2(Math.abs(exact[i]!))) - bits);
          const off = Math.abs(found - exact[i]!) / unit;
          assert(off <= 0.501, `${dtype} on ${device.name}: ${found} for ${exact[i]} is ${off} units off`);
        });
      }
    }
  });
}
