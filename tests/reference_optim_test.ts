/** Replays what PyTorch's optimizers and schedulers did. Those that do not exist here yet are shown as ignored. */
import { assert, assertEquals } from "@std/assert";
import { CpuBackend } from "@troodon/cpu";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { Adam, AdamW, type Optimizer, RMSprop, SGD, StepLR } from "@troodon/optim";
import reference from "./reference/optim.json" with { type: "json" };

type Options = Readonly<Record<string, unknown>>;

const OPTIMIZERS: Readonly<Record<string, (params: Tensor[], options: Options) => Optimizer>> = {
  SGD: (params, options) => new SGD(params, options),
  Adam: (params, options) => new Adam(params, options),
  AdamW: (params, options) => new AdamW(params, options),
  RMSprop: (params, options) => new RMSprop(params, options),
};

const BACKENDS = { reference: () => new ReferenceBackend(), cpu: () => new CpuBackend() } as const;

/** `weight_decay` as `weightDecay`. */
function inCamelCase(options: Options): Options {
  const renamed = Object.entries(options).map(([name, value]) =>
    [name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value] as const
  );
  return Object.fromEntries(renamed);
}

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

function assertClose(actual: Tensor, expected: Values, what: string): void {
  assertEquals(actual.shape, expected.shape);
  actual.dataSync().forEach((value, i) => {
    const wanted = expected.data[i]!;
    const bound = 1e-6 * Math.max(1, Math.abs(wanted));
    assert(Math.abs(value - wanted) <= bound, `${what}, element ${i}: ${value} instead of ${wanted}`);
  });
}

/** Every second column of a larger tensor: the values of `t`, not contiguous. */
function spread(t: Tensor): Tensor {
  const wide = tensor(new Float64Array(t.numel * 2), { device: t.device });
  const strides = t.strides.map((s) => 2 * s);
  const view = wide.apply({
    name: "spread",
    infer: () => [t],
    view: () => ({ shape: t.shape, strides, offset: 1 }),
  }, {});
  view.copy_(t);
  return view;
}

for (const [backend, make] of Object.entries(BACKENDS)) {
  for (const { optimizer: name, options, ...run } of reference.optimizers) {
    const { gradients } = run;
    const create = OPTIMIZERS[name];
    Deno.test({
      name: `${name}(${JSON.stringify(options)}) on ${backend} goes where PyTorch's goes`,
      ignore: create === undefined || gradients === undefined,
      fn() {
        using device = new Device(make());
        const placed = (values: Values): Tensor =>
          tensor(Float64Array.from(values.data), { device }).reshape(values.shape);
        const trajectory = run.parameters_after_each_step as unknown as Values[][];
        for (const layout of [(t: Tensor) => t, spread]) {
          const parameters = run.initial.map((values) => layout(placed(values)));
          const optimizer = create!(parameters, inCamelCase(options));
          gradients!.forEach((step, t) => {
            parameters.forEach((p, i) => p.grad = placed(step[i]!));
            optimizer.step();
            parameters.forEach((p, i) => assertClose(p, trajectory[t]![i]!, `step ${t}, parameter ${i}`));
          });
        }
      },
    });
  }
}

for (const { scheduler: name, options, ...run } of reference.schedulers) {
  Deno.test({
    name: `${name}(${JSON.stringify(options)}) gives PyTorch's learning rates`,
    ignore: name !== "StepLR",
    fn() {
      using device = new Device(new ReferenceBackend());
      const optimizer = new SGD([tensor([1], { device })], { lr: run.base_lr });
      const scheduler = new StepLR(optimizer, inCamelCase(options) as { stepSize: number });
      run.lr_after_each_step.forEach((expected, i) => {
        if (i > 0) scheduler.step();
        const lr = scheduler.getLastLr()[0]!;
        assert(Math.abs(lr - expected) <= 1e-6 * expected, `epoch ${i}: ${lr} instead of ${expected}`);
      });
    },
  });
}
