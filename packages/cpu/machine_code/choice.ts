/** Chooses the instruction set that code is emitted for. */
import { mayOpenLibraries, variableOf } from "../environment.ts";
import type { Target } from "../targets/target.ts";
import { type CLibrary, openCLibrary } from "./c_library.ts";
import { detectFeatures, type Features } from "./features.ts";

/** Choices of machine code: the best instruction set that has passed all tests, none, or a named one. */
export const NATIVE_CHOICES = ["auto", "off", "avx2", "avx512", "neon"] as const;

/** One of {@linkcode NATIVE_CHOICES}. */
export type NativeChoice = typeof NATIVE_CHOICES[number];

/** A target with the library that places and calls its code, or none; and the reason in a few words. */
export type FoundTarget =
  | { readonly target: Target; readonly library: CLibrary; readonly why: string }
  | { readonly target: null; readonly why: string };

const VARIABLE = "TROODON_NATIVE";

/** Lists the targets that have passed all tests on this kind of processor. */
export type Targets = { readonly [K in keyof Features]?: Target };

/**
 * Finds the target that `choice` names. The default is the variable `TROODON_NATIVE`, if it is set and may be read,
 * else "auto", which leaves out the targets in `unproven`. Never asks for a permission.
 *
 * @throws {TypeError} If the choice is unknown, or names instructions that cannot be used here.
 */
export function findTarget(
  targets: Targets,
  choice: string = variable() || "auto",
  unproven: Targets = {},
): FoundTarget {
  if (!isNativeChoice(choice)) {
    throw new TypeError(
      `Cannot choose native code as the choice must be one of ${NATIVE_CHOICES.join(", ")}: ` +
        `current one is "${choice}"`,
    );
  }
  if (choice === "off") return none("no native code as it is off");
  const found = choice === "auto" ? look(targets, null) : look({ ...unproven, ...targets }, choice);
  if (choice !== "auto" && found.target === null) {
    throw new TypeError(`Cannot use native code for ${choice} as it must be possible here: ${found.why}`);
  }
  return found;
}

function look(targets: Targets, named: keyof Features | null): FoundTarget {
  if (typeof Deno === "undefined") return none("native code needs Deno");
  if (!mayOpenLibraries()) return none("no native code without --allow-ffi");
  const library = openCLibrary();
  if (library === null) return none(`no native code on ${Deno.build.os} yet`);
  let features: Features;
  try {
    features = detectFeatures(library);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return none("no native code as the system does not let memory be executable");
  }
  if (named === "avx512" && targets.avx512 === undefined) {
    return none("code for AVX-512 has not been tested on such a processor");
  }
  for (const name of named === null ? ["avx512", "avx2", "neon"] as const : [named]) {
    const target = targets[name];
    if (features[name] && target !== undefined) {
      return { target, library, why: `native ${target.name} code by --allow-ffi` };
    }
  }
  return none(`no native code for this processor${named === null ? "" : `, which does not have ${named}`}`);
}

function isNativeChoice(choice: string): choice is NativeChoice {
  return (NATIVE_CHOICES as readonly string[]).includes(choice);
}

function none(why: string): FoundTarget {
  return { target: null, why };
}

function variable(): string | undefined {
  return typeof Deno === "undefined" ? undefined : variableOf(VARIABLE);
}
