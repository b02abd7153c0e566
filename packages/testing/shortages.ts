/** Shortage check: what a call leaves allocated that finds no memory on the way. */
import { grad, tape } from "@troodon/autograd";
import { Device, Generator, isFloating, ReferenceBackend, type ReferenceBuffer } from "@troodon/core";
import { sameNumbers } from "@troodon/core/kernel";
import type { OpCase } from "./case.ts";
import { type Drawn, tensorsFrom, tensorsOf, weightsLike } from "./run.ts";

/** A backend that has memory for so many buffers more. */
class ScarceBackend extends ReferenceBackend {
  left: number = Infinity;

  override allocate(bytes: number): ReferenceBuffer {
    if (this.left <= 0) throw new RangeError(SHORTAGE);
    this.left--;
    return super.allocate(bytes);
  }
}

const SHORTAGE = "Cannot allocate as there is no more";

/** Buffers after which a call is taken to want no more. */
const MOST = 1000;

/**
 * Calls an op outside of any scope with memory for no buffer, for one, for two, and so on until it succeeds, without a
 * tape and with one, and takes its gradients likewise: what fails may leave nothing behind.
 *
 * @throws {RangeError} If it does, or fails in another way.
 */
export function checkShortages(
  what: string,
  { op, inPlace }: Pick<OpCase, "op" | "inPlace">,
  drawn: Drawn,
): void {
  for (const recorded of [false, true]) {
    const backend = new ScarceBackend(), device = new Device(backend, { tape, generator: new Generator(1) });
    const own = tensorsFrom(device, "float32", drawn, "contiguous");
    if (recorded) { for (const t of own) if (isFloating(t.dtype)) t.requiresGrad_(); }
    const inputs = "prepare" in op
      ? op.prepare(...own).map((t) => t.isLeaf ? t : t.detach().requiresGrad_())
      : own;
    const call = "prepare" in op ? op.call : op, name = `${what}, ${recorded ? "" : "not "}recorded`;
    const results = untilItFits(backend, device, name, () => tensorsOf(call(...inputs)));
    if (inPlace && !recorded && sameNumbers(results[0]!.shape, own[0]!.shape)) {
      const target = own[0]!.clone();
      untilItFits(backend, device, `${what}, in place`, () => inPlace(target, ...own.slice(1)));
    }
    const roots = results.filter((y) => y.requiresGrad && !inputs.includes(y));
    if (roots.length === 0) continue;
    const leaves = inputs.filter((t) => t.requiresGrad);
    const gradOutputs = roots.map((y, i) => weightsLike(y, i));
    untilItFits(
      backend,
      device,
      `gradients of ${what}`,
      () => grad(roots, leaves, { gradOutputs, allowUnused: true, retainGraph: true }),
    );
  }
}

/** The result of `call` with memory for enough buffers. */
function untilItFits<T>(backend: ScarceBackend, device: Device, what: string, call: () => T): T {
  const before = device.memory.buffers;
  for (let room = 0; room < MOST; room++) {
    backend.left = room;
    let result: T;
    try {
      result = call();
    } catch (error) {
      backend.left = Infinity;
      if (!(error instanceof RangeError && error.message.includes(SHORTAGE))) throw error;
      const left = device.memory.buffers - before;
      if (left !== 0) {
        throw new RangeError(`${what}, with memory for ${room} buffers: ${left} of them are left`);
      }
      continue;
    }
    backend.left = Infinity;
    return result;
  }
  throw new RangeError(`${what} must do with ${MOST} buffers`);
}
