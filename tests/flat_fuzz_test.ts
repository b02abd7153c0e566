/** Random training programs, with parameters side by side and apart: the same values and gradients, to the bit. */
import { assert, assertEquals } from "@std/assert";
import { checkpoint, defineFunction, grad, noGrad, tape } from "@troodon/autograd";
import {
  type Backend,
  cat,
  Device,
  type DType,
  flatPlace,
  Generator,
  randn,
  Scope,
  type Tensor,
  tidySync,
} from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { clipGradNorm } from "@troodon/nn";
import { Adam, AveragedParameters, ema, type Optimizer, RMSprop, SGD } from "@troodon/optim";
import { WebGpuBackend } from "@troodon/webgpu";
import { type Random, randomOf } from "../packages/autograd/support_test.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

/** The processor, with launches that may have few buffers together, as a GPU's. */
class Narrow extends CpuBackend {
  override readonly limits: Backend["limits"] = { ...new CpuBackend().limits, launchBuffers: 8 };
}

const SHAPES = [[], [1], [3], [4], [5], [7, 3], [4, 4], [16], [3, 4], [2, 1], [33], [4, 1]];

/** A gradient that goes through unchanged, and one that is made anew. */
const THROUGH = defineFunction({ name: "Through", forward: (_, x) => x.mul(1), backward: (_, g) => g });
const DOUBLED = defineFunction({
  name: "Doubled",
  forward: (_, x) => x.mul(2),
  backward: (_, g) => g.mul(2),
});

const OPTIMIZERS: readonly ((params: readonly Tensor[]) => Optimizer)[] = [
  (params) => new Adam(params, { lr: 0.1, weightDecay: 0.01 }),
  (params) => new SGD(params, { lr: 0.1, momentum: 0.9 }),
  (params) => new SGD(params, { lr: 0.1 }),
  (params) => new RMSprop(params, { lr: 0.01, momentum: 0.5 }),
];

/** One program: what it does depends on the seed alone. */
class Program {
  readonly log: string[] = [];
  readonly device: Device;
  readonly #random: Random;
  readonly #params: Tensor[];
  #optimizers: Optimizer[];
  readonly #kept: Tensor[] = [];
  readonly #hooks: Disposable[] = [];
  readonly #averages: AveragedParameters;

  constructor(seed: number, device: Device, dtype: DType) {
    this.device = device;
    const random = this.#random = randomOf(seed), generator = new Generator().manualSeed(seed);
    const count = 2 + random(6);
    this.#params = Array.from({ length: count }, () => {
      const shape = SHAPES[random(SHAPES.length)]!;
      return tidySync(() => randn(shape, { device, generator }).to(dtype)).adopt().requiresGrad_();
    });
    this.#optimizers = [this.#optimizer()];
    this.#averages = new AveragedParameters(this.#params, { weight: ema(0.5) });
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
    return terms.reduce((sum, term) => sum.add(term));
  }

  #term(): Tensor {
    const p = this.#pick(), q = this.#pick(), kind = this.#random(11);
    this.log.push(`${kind}[${p.shape}]`);
    switch (kind) {
      case 0:
        return p.square();
      case 1:
        return p.sin().mul(p);
      case 2:
        return p.reshape([-1, 1]).mul(q.reshape([1, -1]));
      case 3:
        return p;
      case 4:
        return p.reshape([-1, 1]).matmul(q.reshape([1, -1])).tanh();
      case 5:
        return cat([p.reshape([-1]), q.reshape([-1])]).square();
      case 6:
        return THROUGH(p).add(DOUBLED(p));
      case 7:
        return checkpoint((x: Tensor) => x.mul(x).add(p), p);
      case 8:
        return p.reshape([-1]).softmax(0).mul(p.reshape([-1]));
      case 9:
        return p.sum().add(q.exp().mul(0.1).sum());
      default:
        return p.ndim === 2 ? p.t().mul(p.t()).cumsum(0) : p.neg();
    }
  }

  /** Does one thing. */
  step(): void {
    const kind = this.#random(22), { log } = this;
    log.push(`#${kind}`);
    switch (kind) {
      case 0:
      case 1:
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
        return this.#optimizers[0]!.zeroGrad();
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
        p.grad?.dispose();
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
            : p.registerPostAccumulateGradHook((leaf) => {
              leaf.grad?.dispose();
              leaf.grad = null;
            }),
        );
        return;
      }
      case 17: {
        using _ = noGrad();
        const p = this.#pick(), q = this.#pick();
        if (p.numel === q.numel && p !== q) p.copy_(q.reshape(p.shape));
        else p.mul_(0.5);
        return;
      }
      case 18: {
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
    return await Promise.all(all.map(async (t) => t === null ? [] : [...await t.data()].map(Number)));
  }

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

/** Runs programs on both devices; returns how many parameters lay in a place. */
async function compare(
  narrow: Device,
  wide: Device,
  seeds: readonly number[],
  dtypes: readonly DType[],
): Promise<number> {
  let placed = 0;
  for (const seed of seeds) {
    const before = [narrow.memory.buffers, wide.memory.buffers];
    const programs = [narrow, wide].map((device) => new Program(seed, device, dtypes[seed % dtypes.length]!));
    for (let i = 0; i < 25; i++) {
      for (const program of programs) {
        using _ = new Scope();
        program.step();
      }
      placed += programs[0]!.placed;
      assert(programs[1]!.placed === 0);
      if (i % 4 === 3) {
        const [one, two] = await Promise.all(programs.map((program) => program.numbers()));
        assertEquals(one, two, `seed ${seed} after ${programs[0]!.log.join(" ")}`);
      }
    }
    programs.forEach((program) => program.end());
    assertEquals([narrow.memory.buffers, wide.memory.buffers], before, `seed ${seed}`);
  }
  return placed;
}

const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

Deno.test("random programs train the same with parameters side by side on the CPU", async () => {
  using narrow = new Device(new Narrow(), { tape });
  using wide = new Device(new CpuBackend(), { tape });
  assert(
    await compare(narrow, wide, seeds(40), ["float32", "float32", "bfloat16", "float16", "float64"]) >
      40,
  );
});

for (const wide of GPU_DEVICES) {
  Deno.test(`random programs train the same with parameters side by side on ${wide.name}`, async () => {
    using narrow = new Device(await WebGpuBackend.create({ allowFallback: true, storageBuffers: 8 }), {
      tape,
    });
    assert(
      await compare(narrow, wide, seeds(3), [
        "float32",
        "float32",
        "bfloat16",
        "float16",
      ]) > 3,
    );
  });
}
