/** A deep network fitted to a sine. */
import { linspace } from "@troodon/core";
import { Linear, type Module, MSELoss, Sequential, SGD, Tanh } from "@troodon/troodon";
import { type Program, stepOf } from "./program.ts";

const WIDTHS = [1, 20, 50, 100, 500, 100, 50, 20, 1] as const;

/** 1,000 points through nine widths, as in `examples/tutorials/5_sine.ts`. */
export const SINE: Program = {
  title: "1-20-50-100-500-100-50-20-1 with tanh, SGD",
  batchSize: 1000,
  prepare(batchSize) {
    const layers: Module[] = [];
    for (let i = 1; i < WIDTHS.length; i++) {
      layers.push(new Linear(WIDTHS[i - 1]!, WIDTHS[i]!));
      if (i < WIDTHS.length - 1) layers.push(new Tanh());
    }
    const model = new Sequential(...layers), criterion = new MSELoss();
    const x = linspace(-Math.PI, Math.PI, batchSize).reshape([-1, 1]), y = x.sin();
    return stepOf(new SGD(model.parameters(), { lr: 0.05 }), () => criterion.forward(model.forward(x), y));
  },
};
