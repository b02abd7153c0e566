/** Views and changes in place under differentiation, beside PyTorch. */
import { gradgradcheck } from "@troodon/autograd";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Device, isFloating, Scope, Tensor } from "@troodon/core";
import { relative } from "./reference/compare.ts";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { inputsOf, loadPrograms, type Program, runStep, type Variables } from "./reference/programs.ts";

const compare = relative(1e-7);

for (const program of loadPrograms("views_in_place.json")) {
  for (const device of [...DEVICES, ...GPU_DEVICES]) {
    Deno.test(`the program ${program.name} agrees with PyTorch on ${device.name}`, () => {
      using _ = new Scope();
      if (program.error) refuse(program, device);
      else check(program, device);
    });
  }
  // A write that no tape sees is one that differences do see.
  const hidden = program.steps.some(({ op }) => op.startsWith("detach"));
  if (
    program.error || hidden || changesAfterBackward(program) ||
    !Object.values(program.grads!).some((g) => g !== null)
  ) continue;
  Deno.test(`the program ${program.name} has the second derivatives that differences show`, () => {
    using _ = new Scope();
    checkTwice(program, DEVICES[0]!);
  });
}

/** Whether something is changed that a loss before may have saved: second derivatives are taken of all losses at the end. */
function changesAfterBackward({ steps }: Program): boolean {
  const first = steps.findIndex(({ op }) => op === "backward");
  return steps.slice(first + 1).some(({ op }) => op === "setitem" || op.endsWith("_"));
}

function check({ steps, values, grads, ...program }: Program, device: Device): void {
  const variables = inputsOf({ steps, ...program }, device);
  for (const step of steps) runStep(step, variables, (loss) => loss.backward());
  for (const [name, expected] of Object.entries(values!)) {
    const actual = variables.get(name);
    if (typeof actual === "boolean") assertEquals([actual], expected.data, name);
    else compare(name, actual as Tensor, expected);
  }
  for (const [name, expected] of Object.entries(grads!)) {
    const { grad } = variables.get(name) as Tensor;
    // What is overwritten leads nowhere: nothing is left in the leaf, where PyTorch leaves zeros.
    if (grad === null) {
      assert(expected === null || expected.data.every((n) => n === 0), `${name} has no gradient`);
    } else {
      assert(expected !== null, `${name} has a gradient, and none in PyTorch`);
      compare(`gradient of ${name}`, grad, expected);
    }
  }
}

function refuse(program: Program, device: Device): void {
  const variables = inputsOf(program, device);
  program.steps.forEach((step, i) => {
    const run = () => runStep(step, variables, (loss) => loss.backward());
    if (i < program.error_at_step!) run();
    else if (i === program.error_at_step) assertThrows(run, Error, "Cannot ", step.python);
  });
}

function checkTwice(program: Program, device: Device): void {
  const given = inputsOf(program, device);
  const names = [...given].filter(([, t]) => (t as Tensor).requiresGrad).map(([name]) => name);
  const loss = (...leaves: Tensor[]): Tensor => {
    const variables: Variables = new Map(
      [...given].map(([name, t]) => [name, (t as Tensor).detach().clone()]),
    );
    // Leaves stay as they are, whatever the program changes.
    names.forEach((name, i) => variables.set(name, leaves[i]!.mul(1)));
    const losses: Tensor[] = [];
    for (const step of program.steps) runStep(step, variables, (loss) => losses.push(loss));
    return losses.reduce((a, b) => a.add(b));
  };
  const leaves = names.map((name) => (given.get(name) as Tensor).detach());
  assert(leaves.every((t) => isFloating(t.dtype)) && leaves.every((t) => t instanceof Tensor));
  gradgradcheck(loss, leaves);
}
