/** Random training programs. */
import { assertThrows } from "@std/assert";
import { grad, noGrad } from "@troodon/autograd";
import { type Device, type DType, Generator, randn, type Tensor, tidySync } from "@troodon/core";
import { flatPlace } from "@troodon/core/kernel";
import { clipGradNorm } from "@troodon/nn";
import {
  Adam,
  AveragedParameters,
  ema,
  LBFGS,
  Muon,
  NAdam,
  type Optimizer,
  RMSprop,
  SGD,
} from "@troodon/optim";
import { TERMS } from "./flat_fuzz_terms.ts";

const SHAPES = [[], [1], [3], [4], [5], [7, 3], [4, 4], [16], [3, 4], [2, 1], [33], [4, 1]];

const OPTIMIZERS: readonly ((params: readonly Tensor[]) => Optimizer)[] = [
  ([first, ...others]) =>
    new Adam([{ params: first!, lr: 0.2 }, { params: others }], { lr: 0.1, weightDecay: 0.01 }),
  (params) => new SGD(params, { lr: 0.1, momentum: 0.9 }),
  (params) => new SGD(params, { lr: 0.1 }),
  (params) => {
    const matrices = params.filter(({ ndim }) => ndim === 2);
    return matrices.length > 0 ? new Muon(matrices) : new NAdam(params);
  },
  (params) => new RMSprop(params, { lr: 0.01, momentum: 0.5 }),
];

/** One program: what it does depends on the seed alone. */
export class Program {
  /** Steps that the program has taken. */
  readonly log: string[] = [];
  readonly device: Device;
  readonly #generator: Generator;
  readonly #params: Tensor[];
  #optimizers: Optimizer[];
  readonly #kept: Tensor[] = [];
  readonly #hooks: Disposable[] = [];
  readonly #averages: AveragedParameters;

  /** The program of a number, with parameters of `dtype`. */
  constructor(seed: number, device: Device, dtype: DType) {
    this.device = device;
    const generator = this.#generator = new Generator(seed), count = 2 + this.#random(6);
    this.#params = Array.from({ length: count }, () => {
      const shape = SHAPES[this.#random(SHAPES.length)]!;
      return tidySync(() => randn(shape, { device, generator }).to(dtype)).adopt().requiresGrad_();
    });
    this.#optimizers = [this.#optimizer()];
    this.#averages = new AveragedParameters(this.#params, { weight: ema(0.5) });
  }

  #random(n: number): number {
    return this.#generator.integer(n);
  }

  #optimizer(): Optimizer {
    return OPTIMIZERS[this.#random(OPTIMIZERS.length)]!(this.#params);
  }

  #pick(): Tensor {
    return this.#params[this.#random(this.#params.length)]!;
  }

  /** Some loss of some of the parameters. */
  #loss(): Tensor {
    const terms: Tensor[] = [];
    for (let n = 1 + this.#random(4); n > 0; n--) terms.push(this.#term().sum());
    const loss = terms.reduce((sum, term) => sum.add(term));
    return loss.requiresGrad ? loss : loss.add(this.#params.find((p) => p.requiresGrad)!.cos().sum());
  }

  #term(): Tensor {
    const p = this.#pick(), q = this.#pick(), term = this.#random(TERMS.length);
    this.log.push(`${term}[${p.shape}]`);
    return TERMS[term]!(p, q);
  }

  /** Frees the gradient of `leaf`, which others may have as well. */
  #drop({ grad }: Tensor): void {
    for (const p of this.#params) if (p.grad === grad) p.grad = null;
    grad?.dispose();
  }

  /** Does one thing. */
  step(): void {
    const kind = this.#random(27), { log } = this;
    log.push(`#${kind}`);
    switch (kind) {
      case 0:
      case 1: {
        // A step as most programs make it.
        const all = this.#params.filter((p) => p.requiresGrad).map((p) => p.sin().square().sum());
        all.reduce((sum, part) => sum.add(part), this.#loss()).backward();
        return this.#optimizers.at(-1)!.step();
      }
      case 2:
        this.#loss().backward();
        return;
      case 3: {
        const loss = this.#loss();
        loss.backward({ retainGraph: true });
        loss.backward();
        return;
      }
      case 4: {
        const loss = this.#loss(), wanted = this.#params.filter((p) => p.requiresGrad);
        const found = grad(loss, wanted, { createGraph: true, allowUnused: true }).filter((g) => g !== null);
        const norm = found.map((g) => g.square().sum()).reduce((a, b) => a.add(b), loss);
        norm.backward();
        return;
      }
      case 5:
      case 6:
      case 7:
      case 8:
        return this.#optimizers[this.#random(this.#optimizers.length)]!.step();
      case 9:
      case 10:
        return this.#params.forEach((p) => this.#drop(p));
      case 11:
        return this.#optimizers[0]!.zeroGrad({ setToNull: false });
      case 12: {
        const { grad } = this.#pick();
        if (grad !== null) this.#kept.push(grad.detach().adopt());
        return;
      }
      case 13:
        this.#kept.splice(0).forEach((t) => t.dispose());
        return;
      case 14:
        return clipGradNorm(this.#params, 1).dispose();
      case 15: {
        const p = this.#pick();
        this.#drop(p);
        p.grad = this.#random(2) ? null : p.detach().mul(0.5).adopt();
        return;
      }
      case 16: {
        const p = this.#pick();
        if (this.#hooks.length > 3 || !p.requiresGrad) {
          return this.#hooks.splice(0).forEach((h) => h[Symbol.dispose]());
        }
        const which = this.#random(3);
        this.#hooks.push(
          which === 0
            ? p.registerHook((g) => g.mul(0.5))
            : which === 1
            ? p.registerHook((g) => void this.#kept.push(g.detach().adopt()))
            : p.registerPostAccumulateGradHook((leaf) => this.#drop(leaf)),
        );
        return;
      }
      case 17: {
        using _ = noGrad();
        const p = this.#pick(), q = this.#pick();
        if (p.numel() === q.numel() && p !== q) p.copy_(q.reshape(p.shape));
        else p.mul_(0.5);
        return;
      }
      case 18: {
        if (this.#random(4) > 0) return;
        const p = this.#pick();
        p.setData(tidySync(() => p.detach().mul(0.75)));
        return;
      }
      case 19: {
        const state = this.#optimizers[0]!.stateDict();
        this.#optimizers[0]!.loadStateDict(state);
        return;
      }
      case 20:
        if (this.#optimizers.length > 1) this.#optimizers.shift()!.dispose();
        this.#optimizers.push(this.#optimizer());
        return;
      case 21: {
        // A gradient in another order, or that of another parameter as well.
        const p = this.#pick(), q = this.#pick();
        this.#drop(p);
        if (p.ndim === 2) p.grad = p.detach().clone().t().contiguous().t().adopt();
        else {p.grad = String(q.shape) === String(p.shape) && q.grad !== null && !q.grad.isDisposed
            ? q.grad
            : null;}
        return;
      }
      case 22: {
        const p = this.#pick();
        p.requiresGrad_(!p.requiresGrad);
        if (this.#params.every((p) => !p.requiresGrad)) p.requiresGrad_();
        return;
      }
      case 23: {
        // An error in the middle, after which all goes on.
        const p = this.#pick();
        if (!p.requiresGrad) return;
        using _ = p.registerHook(() => {
          throw new RangeError("stop");
        });
        const loss = this.#loss().add(p.exp().sum());
        assertThrows(() => loss.backward(), RangeError, "stop");
        return;
      }
      case 24: {
        // With more of them other devices lay them side by side as well.
        if (this.#params.length > 6) return;
        const shapes = this.#params.map((p) => p.shape);
        const extra = tidySync(() =>
          randn(shapes[0]!, { device: this.device, generator: this.#generator }).to(this.#params[0]!.dtype)
        )
          .adopt().requiresGrad_();
        this.#params.push(extra);
        for (const optimizer of this.#optimizers) {
          if (!(optimizer instanceof Muon)) optimizer.addParamGroup({ params: extra });
        }
        return;
      }
      case 25: {
        const optimizer = new LBFGS(this.#params, { lr: 0.01, maxIter: 2, historySize: 2 }),
          [p, q] = [this.#pick(), this.#pick()];
        optimizer.step(() => {
          optimizer.zeroGrad();
          const loss = p.square().sum().add(q.sin().sum());
          if (loss.requiresGrad) loss.backward();
          return loss;
        });
        return optimizer.dispose();
      }
      default:
        this.#averages.update();
        if (this.#random(2)) {
          using _ = this.#averages.applied();
          this.#loss().backward();
        }
    }
  }

  /** All numbers that there are. */
  async numbers(): Promise<number[][]> {
    const { state } = this.#optimizers[0]!.stateDict();
    const remembered = Object.values(state).flatMap((of) => Object.values(of)).filter((value) =>
      typeof value !== "number"
    );
    const all = [
      ...this.#params,
      ...this.#params.map(({ grad }) => grad),
      ...remembered,
      ...this.#kept,
      ...this.#averages.averages,
    ];
    return await Promise.all(all.map(async (t) => t === null ? [] : [...await t.dataAsync()].map(Number)));
  }

  /** Number of parameters that lie side by side with others. */
  get placed(): number {
    return this.#params.filter((p) => flatPlace(p) !== null).length;
  }

  /** Gives all memory back. */
  end(): void {
    this.#optimizers.forEach((optimizer) => optimizer.dispose());
    this.#averages[Symbol.dispose]();
    for (const p of this.#params) {
      p.grad?.dispose();
      p.dispose();
    }
    this.#kept.forEach((t) => t.dispose());
    this.#hooks.forEach((h) => h[Symbol.dispose]());
  }
}
