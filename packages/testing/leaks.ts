/** Leak check: buffers that a call leaves allocated besides its results and saved tensors. */
import { grad } from "@troodon/autograd";
import { type Device, isFloating, type Tensor, tidySync } from "@troodon/core";
import { type OpCall, type OpCase, prepared } from "./case.ts";
import { type Drawn, tensorsFrom, tensorsOf, weightsLike } from "./run.ts";

/**
 * Calls an op outside of any scope, without a tape and with one: beside the results there may be only what the
 * history saved, and nothing once gradients were taken and the results disposed of. Neither may handles on operands
 * be left, whose memory would stay when they go.
 *
 * @throws {RangeError} If something else is left.
 */
export function checkLeaks(what: string, { op }: Pick<OpCase, "op">, device: Device, drawn: Drawn): void {
  check(`${what}, not recorded`, op, device, drawn, false);
  check(`${what}, recorded`, op, device, drawn, true);
}

/** {@linkcode checkLeaks} of the form of an op that leaves the result in its first operand, without a tape. */
export function checkLeaksInPlace(
  what: string,
  inPlace: (...tensors: Tensor[]) => Tensor,
  device: Device,
  drawn: Drawn,
): void {
  check(what, prepared((x, ...rest) => [x!.clone(), ...rest], inPlace), device, drawn, false);
}

function check(what: string, op: OpCall, device: Device, drawn: Drawn, recorded: boolean): void {
  const empty = device.memory.buffers, own = tensorsFrom(device, "float32", drawn, "contiguous");
  if (recorded) { for (const t of own) if (isFloating(t.dtype)) t.requiresGrad_(); }
  // What preparing records is not the op's.
  const inputs = !("prepare" in op)
    ? own
    : tidySync(() => op.prepare(...own).map((t) => t.isLeaf ? t : t.detach().requiresGrad_()));
  const storages = new Set(inputs.map((t) => t.storage));
  const references = () => [...storages].reduce((sum, s) => sum + s.references, 0);
  const before = device.memory.buffers, held = references();

  const results = tensorsOf("prepare" in op ? op.call(...inputs) : op(...inputs));
  const alive = new Set(results);
  for (const y of results) y.node?.tape.visitSaved([y], 0, (t) => alive.add(t));
  const wanted = new Set([...alive].map((t) => t.storage)).difference(storages).size;
  expectCount(`${what}: buffers of results and history`, device.memory.buffers - before, wanted);

  const roots = results.filter((y) => y.requiresGrad && !inputs.includes(y));
  const seeds = roots.map((y, i) => weightsLike(y, i)), leaves = inputs.filter((t) => t.requiresGrad);
  if (roots.length > 0) {
    for (const g of grad(roots, leaves, { gradOutputs: seeds, allowUnused: true })) g?.dispose();
  }
  for (const y of [...seeds, ...results]) if (!inputs.includes(y)) y.dispose();
  expectCount(`${what}: buffers left when the results are gone`, device.memory.buffers - before, 0);
  expectCount(`${what}: handles left on the operands`, references() - held, 0);
  for (const t of [...own, ...inputs]) t.dispose();
  expectCount(`${what}: buffers left when the operands are gone`, device.memory.buffers - empty, 0);
}

function expectCount(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new RangeError(`${what} must be ${wanted}: current number is ${found}`);
}
