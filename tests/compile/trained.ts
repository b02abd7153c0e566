/** Trains benchmark programs, compiled and uncompiled. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { compile, type CompileOptions } from "@troodon/compile";
import { type Backend, Device, Generator, manualSeed, Tensor, withDevice } from "@troodon/core";
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

/** Trains on `device`, compiled if `options` are given. */
async function train(
  device: Device,
  training: TrainingCase,
  options?: CompileOptions,
): Promise<Trained> {
  const { program, recipe, batchSize = 2, steps = 50 } = training;
  manualSeed(3);
  device.generator.manualSeed(5);
  return await withDevice(device, async () => {
    const built = PROGRAMS[program].build(batchSize, "small");
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

/** Trains compiled and uncompiled on `device`, and asserts equal results. */
export async function assertTrainsAlike(
  device: Device,
  training: TrainingCase,
  options: CompileOptions,
  relative: number | null,
): Promise<void> {
  const expected = await train(device, training), found = await train(device, training, options);
  assertSameTraining(found, expected, relative);
  assertEquals([expected.ran, found.ran], [training.steps ?? 50, 3], "steps that ran the function");
}

/**
 * Asserts that two trainings have equal results: bit for bit, or up to `relative` of the largest element of each
 * tensor.
 */
function assertSameTraining(found: Trained, expected: Trained, relative: number | null): void {
  assert(expected.losses.every(Number.isFinite), `${expected.losses}`);
  assertNear("losses", found.losses, expected.losses, relative);
  assertEquals([...found.tensors.keys()], [...expected.tensors.keys()]);
  for (const [name, numbers] of expected.tensors) {
    assertNear(name, found.tensors.get(name)!, numbers, relative);
  }
}

function assertNear(
  name: string,
  found: readonly number[],
  expected: readonly number[],
  relative: number | null,
): void {
  if (relative === null) return assertEquals(found, expected, name);
  assertEquals(found.length, expected.length, name);
  const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (const [i, x] of expected.entries()) {
    const error = Math.abs(found[i]! - x);
    assert(error <= relative * largest, `${name}[${i}]: ${found[i]} and ${x}, largest ${largest}`);
  }
}
