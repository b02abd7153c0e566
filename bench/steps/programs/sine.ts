/** A deep network fitted to a sine. */
import { linspace } from "@troodon/core";
import { Linear, type Module, MSELoss, Sequential, SGD, Tanh } from "@troodon/troodon";
import { type Program, program, type ProgramSize } from "./program.ts";

const WIDTHS: Readonly<Record<ProgramSize, readonly number[]>> = {
  usual: [1, 20, 50, 100, 500, 100, 50, 20, 1],
  small: [1, 4, 6, 9, 20, 9, 6, 4, 1],
};

/** 1,000 points through nine widths, as in `examples/tutorials/5_sine.ts`. */
export const SINE: Program = program({
  title: "1-20-50-100-500-100-50-20-1 with tanh, SGD",
  batchSize: 1000,
  build(batchSize, size = "usual") {
    const layers: Module[] = [], widths = WIDTHS[size];
    for (let i = 1; i < widths.length; i++) {
      layers.push(new Linear(widths[i - 1]!, widths[i]!));
      if (i < widths.length - 1) layers.push(new Tanh());
    }
    const model = new Sequential(...layers), criterion = new MSELoss();
    return {
      model,
      optimizer: () => new SGD(model.parameters(), { lr: 0.05 }),
      draw: () => {
        const x = linspace(-Math.PI, Math.PI, batchSize).reshape([-1, 1]);
        return [x, x.sin()];
      },
      loss: (x, y) => criterion.forward(model.forward(x!), y!),
    };
  },
});
