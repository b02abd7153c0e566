/** Sums of products, written with a letter for each axis. */
import { showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated, hasHalf } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { matmul } from "./matmul.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** A tensor whose axes have names. */
interface Labeled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/** Marks what is made on the way. */
function refuse(equation: string, reason: string): never {
  throw new RangeError(`Cannot apply einsum() as ${reason}: current equation is "${equation}"`);
}

/** The labels of each operand, and those of the result; axes that "..." stands for are called "1", "2" from the last. */
function parse(equation: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const [left, right, ...more] = equation.replaceAll(" ", "").split("->");
  const terms = left!.split(",");
  if (more.length > 0 || !terms.every(isTerm) || (right !== undefined && !isTerm(right))) {
    refuse(equation, 'terms must be made of letters and at most one "..." each');
  }
  if (terms.length !== operands.length) {
    refuse(equation, `there must be a term for each operand, ${operands.length} of them`);
  }
  let hidden = 0;
  const inputs = terms.map((term, i) => {
    const rank = operands[i]!.ndim, letters = term.replace("...", "").length;
    const dots = term.includes("...") ? rank - letters : 0;
    if (letters + dots !== rank || dots < 0) {
      refuse(
        equation,
        `the term "${term}" must have a letter for each axis of ${showShape(operands[i]!.shape)}`,
      );
    }
    hidden = Math.max(hidden, dots);
    return spread(term, dots);
  });
  const all = inputs.flat();
  const implied = () => [
    ...dotLabels(hidden),
    ...[...new Set(all)].filter((l) => isLetter(l) && all.indexOf(l) === all.lastIndexOf(l)).sort(),
  ];
  const output = right === undefined ? implied() : spread(right, hidden);
  if (new Set(output).size !== output.length || output.some((l) => isLetter(l) && !all.includes(l))) {
    refuse(equation, "letters of the result must differ and appear in a term");
  }
  return { inputs, output };
}

const isTerm = (term: string): boolean => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term);
const isLetter = (label: string): boolean => /[A-Za-z]/.test(label);
const dotLabels = (count: number): string[] => Array.from({ length: count }, (_, i) => String(count - i));

function spread(term: string, dots: number): string[] {
  const [before, after] = term.split("...");
  return after === undefined ? [...before!] : [...before!, ...dotLabels(dots), ...after];
}

/** Takes the diagonal of axes that share a label. */
function withoutRepeats(equation: string, { x, labels }: Labeled): Labeled {
  const second = labels.findIndex((l, i) => labels.indexOf(l) < i);
  if (second < 0) return { x, labels };
  const first = labels.indexOf(labels[second]!);
  if (x.shape[first] !== x.shape[second]) {
    refuse(equation, `axes of one letter must have one extent, not ${x.shape[first]} and ${x.shape[second]}`);
  }
  const rest = labels.filter((_, i) => i !== first && i !== second);
  const diagonal = x.diagonal(0, first, second);
  return withoutRepeats(equation, { x: diagonal, labels: [...rest, labels[second]!] });
}

/** Sums over the axes that nobody needs. */
function summed({ x, labels }: Labeled, needed: ReadonlySet<string>): Labeled {
  const axes = labels.flatMap((l, i) => needed.has(l) ? [] : [i]);
  if (axes.length === 0) return { x, labels };
  return { x: x.sum(axes), labels: labels.filter((l) => needed.has(l)) };
}

/** `x` with its axes in the order of `labels`; those it has not are 1. */
function arranged({ x, labels: own }: Labeled, labels: readonly string[]): Tensor {
  const order = labels.filter((l) => own.includes(l)).map((l) => own.indexOf(l));
  const permuted = order.every((axis, i) => axis === i) ? x : x.permute(order);
  if (order.length === labels.length) return permuted;
  return permuted.reshape(labels.map((l) => own.includes(l) ? x.shape[own.indexOf(l)]! : 1));
}

/** The sum of products of two operands over what both have and nobody needs later. */
function contracted(
  a: Labeled,
  b: Labeled,
  needed: ReadonlySet<string>,
  extents: ReadonlyMap<string, number>,
): Labeled {
  const shared = a.labels.filter((l) => b.labels.includes(l));
  const batch = shared.filter((l) => needed.has(l)), inner = shared.filter((l) => !needed.has(l));
  const left = a.labels.filter((l) => !shared.includes(l)),
    right = b.labels.filter((l) => !shared.includes(l));
  const labels = [...batch, ...left, ...right];
  if (inner.length === 0) {
    return { x: arranged(a, labels).mul(arranged(b, labels)), labels };
  }
  const size = (some: readonly string[]) => some.map((l) => extents.get(l)!);
  const packed = (operand: Labeled, rows: readonly string[], columns: readonly string[]): Tensor => {
    const order = [...batch, ...rows, ...columns];
    const whole = arranged(operand, order).expand(size(order));
    const shape = [sizeOf(size(rows)), sizeOf(size(columns))];
    return whole.reshape(batch.length === 0 ? shape : [sizeOf(size(batch)), ...shape]);
  };
  const product = matmul(packed(a, left, inner), packed(b, inner, right));
  return { x: product.reshape(size(labels)), labels };
}

/**
 * The sum of products that `equation` names: a letter for each axis of each
 * operand, "..." for the axes in front that broadcast, and behind "->" the axes
 * of the result. Letters that are not there are summed over; without "->" these
 * are all that appear twice, and the others come in alphabetical order.
 *
 * @throws {RangeError} If the equation does not fit the operands.
 *
 * @example Batched product of matrices
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, einsum, ones, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = ones([5, 2, 3], { device }), b = ones([5, 3, 4], { device });
 * assertEquals(einsum("bij,bjk->bik", a, b).shape, [5, 2, 4]);
 * ```
 */
export function einsum(equation: string, ...operands: Tensor[]): Tensor {
  checkCall("einsum", arguments, "t+");
  const { inputs, output } = parse(equation, operands);
  const extents = new Map<string, number>();
  inputs.forEach((labels, i) =>
    labels.forEach((l, axis) => {
      const extent = operands[i]!.shape[axis]!, known = extents.get(l) ?? 1;
      if (extent !== known && extent !== 1 && known !== 1) {
        refuse(equation, `axes of one letter must have one extent, not ${known} and ${extent}`);
      }
      extents.set(l, known === 1 ? extent : known);
    })
  );
  const product = (...operands: Tensor[]): Tensor => {
    const terms = operands.map((x, i) => withoutRepeats(equation, { x, labels: inputs[i]! }));
    const result = terms.reduce<Labeled | null>((before, term, i) => {
      const later = new Set([...output, ...terms.slice(i + 1).flatMap((t) => t.labels)]);
      const own = summed(term, new Set([...later, ...(before?.labels ?? [])]));
      return before === null ? own : contracted(before, own, later, extents);
    }, null);
    const found = arranged(summed(result!, new Set(output)), output);
    return operands.includes(found) ? found.alias() : found;
  };
  if (operands.length === 1) return called("einsum", [...operands], () => product(...operands));
  if (hasHalf(operands)) checkTypes("einsum", ...operands.map((x) => x.dtype));
  return accumulated(operands, product, "einsum");
}
