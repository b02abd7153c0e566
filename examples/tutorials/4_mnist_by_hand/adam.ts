/** The optimizer by hand. */
import { type Tensor, zerosLike } from "@troodon/troodon";

export class Adam {
  parameters: Tensor[];
  lr: number;
  step = 0;
  means: Tensor[];
  squares: Tensor[];

  constructor(parameters: Tensor[], lr: number) {
    this.parameters = parameters;
    this.lr = lr;
    this.means = parameters.map((p) => zerosLike(p));
    this.squares = parameters.map((p) => zerosLike(p));
  }

  update(grads: Tensor[]) {
    this.step++;
    for (const [i, g] of grads.entries()) {
      const mean = this.means[i].mul_(0.9).add_(g.mul(0.1));
      const square = this.squares[i].mul_(0.999).add_(g.mul(g).mul(0.001));
      const m = mean.div(1 - 0.9 ** this.step);
      const s = square.div(1 - 0.999 ** this.step);
      this.parameters[i].sub_(m.div(s.sqrt().add(1e-8)).mul(this.lr));
    }
  }
}
