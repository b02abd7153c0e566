/** Trains benchmark programs, compiled and uncompiled. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { compile, type CompileOptions } from "@troodon/compile";
import {
  type Backend,
  Device,
  Generator,
  manualSeed,
  randn,
  Tensor,
  tidySync,
  withDevice,
} from "@troodon/core";
import { type ProgramName, PROGRAMS } from "../../bench/steps/programs/mod.ts";
import { RECIPES } from "./recipes.ts";

/** Training: a program, a recipe and its length. */
export interface TrainingCase {
  /** Name of the program. */
  readonly program: ProgramName;
  /** Name of the recipe. */
  readonly recipe: string;
  /** Batch size; 2 by default. */
  readonly batchSize?: number;
  /** Number of steps; 50 by default. */
  readonly steps?: number;
}

/** Result of a training: losses of all steps, and the tensors of model, optimizer and averages by name. */
interface Trained {
  readonly losses: readonly number[];
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** Number of steps that ran the function rather than a recording. */
  readonly ran: number;
}

/** Number of batches that a training uses in turns. */
const BATCHES = 3;

/** Device for several trainings, one after the other. */
export function trainingDevice(backend: Backend): Device {
  return new Device(backend, { tape, generator: new Generator(5) });
}

/** Trains on `device`, compiled if `options` are given; `noise` changes the first parameters by a share of their size. */
async function train(
  device: Device,
  training: TrainingCase,
  options?: CompileOptions,
  noise = 0,
): Promise<Trained> {
  const { program, recipe, batchSize = 2, steps = 50 } = training;
  manualSeed(3);
  device.generator.manualSeed(5);
  return await withDevice(device, async () => {
    const built = PROGRAMS[program].build(batchSize, "small");
    if (noise > 0) changeBy(noise, [...built.model.parameters()]);
    const batches = Array.from({ length: BATCHES }, () => built.draw());
    const trainer = RECIPES[recipe]!(built), losses: number[] = [];
    let ran = 0;
    const step = (...batch: Tensor[]): Tensor => {
      ran++;
      trainer.optimizer.zeroGrad();
      const loss = built.loss(...batch);
      loss.backward();
      trainer.update();
      return loss;
    };
    using compiled = options === undefined ? null : compile(step, options);
    const run = compiled ?? step;
    for (let i = 0; i < steps; i++) {
      const loss = run(...batches[i % BATCHES]!);
      losses.push(Number((await loss.dataAsync())[0]));
    }
    const tensors = new Map<string, readonly number[]>();
    const note = async (name: string, tensor: Tensor): Promise<void> => {
      tensors.set(name, Array.from(await tensor.dataAsync(), Number));
    };
    for (const [name, tensor] of built.model.stateDict()) await note(name, tensor);
    for (const [name, p] of built.model.namedParameters()) {
      if (p.grad !== null) await note(`${name}.grad`, p.grad);
    }
    for (const [i, state] of Object.entries(trainer.optimizer.stateDict().state)) {
      for (const [name, value] of Object.entries(state)) {
        if (value instanceof Tensor) await note(`state ${i} ${name}`, value);
        else tensors.set(`state ${i} ${name}`, [value]);
      }
    }
    for (const [i, tensor] of trainer.remembered().entries()) await note(`average ${i}`, tensor);
    return { losses, tensors, ran };
  });
}

/** Changes each element by a random number around 0, times `noise` and the element. */
function changeBy(noise: number, params: readonly Tensor[]): void {
  const generator = new Generator(7);
  for (const { data } of params) {
    tidySync(() => data.mul_(randn(data.shape, { generator, dtype: data.dtype }).mul(noise).add(1)));
  }
}

/** Relative change of a parameter, of the size of a rounding of float32. */
const NOISE = 2 ** -23;

/**
 * Trains compiled and uncompiled on `device`, and asserts equal results: bit for bit, or up to `relative` of the
 * largest element of each tensor, and what a change of the last digits of the first parameters makes of it. That is
 * more where Adam divides a gradient that is only rounding, such as that of the bias of keys, by its own size.
 */
export async function assertTrainsAlike(
  device: Device,
  training: TrainingCase,
  options: CompileOptions,
  relative: number | null,
): Promise<void> {
  const expected = await train(device, training), found = await train(device, training, options);
  const near = relative === null || differenceOf(found, expected, relative, expected) === null;
  const changed = near ? expected : await train(device, training, undefined, NOISE);
  assert(expected.losses.every(Number.isFinite), `${expected.losses}`);
  assertEquals([...found.tensors.keys()], [...expected.tensors.keys()]);
  if (relative === null) assertEquals(found.tensors, expected.tensors);
  assertEquals(differenceOf(found, expected, relative ?? 0, changed), null);
  assertEquals([expected.ran, found.ran], [training.steps ?? 50, 3], "steps that ran the function");
}

/**
 * Describes where trainings differ by more than `relative` of the largest element of a tensor and twice what `changed`
 * differs there; null if they do not.
 */
function differenceOf(found: Trained, expected: Trained, relative: number, changed: Trained): string | null {
  const all = ({ losses, tensors }: Trained): ReadonlyMap<string, readonly number[]> =>
    new Map([["losses", losses], ...tensors]);
  const [own, other] = [all(found), all(changed)];
  for (const [name, numbers] of all(expected)) {
    const largest = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const spread = numbers.reduce((most, x, i) => Math.max(most, Math.abs(other.get(name)![i]! - x)), 0);
    const at = numbers.findIndex((x, i) => {
      const y = own.get(name)?.[i] ?? NaN;
      return !Object.is(x, y) && !(Math.abs(y - x) <= relative * largest + 2 * spread);
    });
    if (at >= 0) return `${name}[${at}]: ${own.get(name)?.[at]} and ${numbers[at]}, largest ${largest}`;
  }
  return null;
}
