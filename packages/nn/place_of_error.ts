/** The layer that an error comes from, in its message. */
import { reword } from "@troodon/core/kernel";
import type { AnyModule } from "./module.ts";

/** Parts of an error message that names the module that threw. */
interface Said {
  /** The message without a place. */
  readonly message: string;
  /** The module that threw it, as the message puts it. */
  readonly thrower: string;
  /** The outermost module that the path begins at. */
  readonly from: AnyModule;
  /** The names that lead from it to the module that threw. */
  readonly path: string;
}

const said = new WeakMap<Error, Said>();

/** Letters that are read with a vowel first, and words that begin with one. */
const AN = /^(?:[AEIOU]|[FHLMNRSX][A-Z])/;

/**
 * Adds to the message of an error that passes through `module` where it comes from, as far as that is known here, and
 * returns it: `(in body.2.fc1, a Linear(in_features=4, out_features=8, bias=True))`. Called for one error by module after
 * module, from within outwards, each of which knows the names of those below it. Errors of others stay as they are.
 */
export function placed(error: unknown, module: AnyModule): unknown {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)) {
    return error;
  }
  const before = said.get(error);
  if (before === undefined) {
    if (!error.message.startsWith("Cannot ")) return error;
    const { name } = module.constructor, extra = module.extraRepr();
    const thrower = `${AN.test(name) ? "an" : "a"} ${name}${extra && `(${extra})`}`;
    return say(error, { message: error.message, thrower, from: module, path: "" });
  }
  for (const [name, part] of module === before.from ? [] : module.namedModules()) {
    if (part !== before.from) continue;
    return say(error, { ...before, from: module, path: before.path ? `${name}.${before.path}` : name });
  }
  return error;
}

function say(error: Error, now: Said): Error {
  said.set(error, now);
  return reword(error, `${now.message} (in ${now.path && `${now.path}, `}${now.thrower})`);
}
