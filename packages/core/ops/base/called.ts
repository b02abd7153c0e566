/** Errors that name the function that was called, rather than an op that it is made of. */
import { reword } from "../../reword.ts";
import { isTensor } from "../../owner.ts";
import { tidySync } from "../../scope.ts";
import { showShape } from "../../shape.ts";

/** The op that refused, and why. */
interface Refused {
  readonly op: string;
  readonly why: string;
}

/** Reasons that hold of the function as well, which has handed on its own argument. */
const OWN = /^as (?:indices|targets|dim|dims) must be /;

const INDICES = "as indices must be ", REFUSED_ELEMENTS = "current elements are not all as they must be";

const refused = new WeakMap<Error, Refused>();

/** Op and reason in the error of an op, also after a function around it reworded the message; null for other errors. */
function refusedBy(error: Error): Refused | null {
  const known = refused.get(error);
  if (known !== undefined) return known;
  const [, op, why] = /^Cannot apply (\w+)\(\) (.*)$/s.exec(error.message) ?? [];
  if (op === undefined || why === undefined) return null;
  refused.set(error, { op, why });
  return { op, why };
}

/**
 * An error that passes through the function `name`, which was given `inputs`: one of an op within is reworded as one of
 * the function. That of an index, or of the very shape that the function was given, needs no more than the name; others
 * say which shapes it was given.
 */
export function calledAs(error: unknown, name: string, inputs: readonly unknown[]): unknown {
  if (!(error instanceof RangeError || error instanceof TypeError)) return error;
  const of = refusedBy(error);
  // Errors about refused elements keep the name of the op itself.
  if (of === null || of.why.endsWith(REFUSED_ELEMENTS)) return error;
  const { op, why } = of;
  const shapes = inputs.flat().filter(isTensor).map((x) => showShape(x.shape)).join(", ");
  if (op === name || OWN.test(why) || why.endsWith(`: current shape is ${shapes}`)) {
    return reword(error, `Cannot apply ${name}() ${why}`);
  }
  return reword(
    error,
    `Cannot apply ${name}() to ${shapes || "this"} as ${op}() within it cannot be applied: ${
      why.replace(/^as /, "")
    }`,
  );
}

/** An error of a kernel of the op `name`: that of an index names the op instead of the kernel. */
export function indexedBy(error: unknown, name: string): unknown {
  const isIndex = error instanceof RangeError && refusedBy(error)?.why.startsWith(INDICES);
  return isIndex ? calledAs(error, name, []) : error;
}

/** An error with a better reason, which functions around it keep. */
export function refusedAs(error: Error, op: string, why: string): Error {
  refused.set(error, { op, why });
  return reword(error, `Cannot apply ${op}() ${why}`);
}

/** Runs the body of the function `name`, which was given `inputs`: errors of ops within name the function. */
export function naming<T>(name: string, inputs: readonly unknown[], f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw calledAs(error, name, inputs);
  }
}

/** {@linkcode naming} for a body of several ops, which frees what they make on the way. */
export function called<T>(name: string, inputs: readonly unknown[], f: () => T): T {
  try {
    return tidySync(f);
  } catch (error) {
    throw calledAs(error, name, inputs);
  }
}
