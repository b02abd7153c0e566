/** Where a native BLAS may be, and whether it may be used. */
import { mayOpenLibraries, variableOf } from "../environment.ts";
import { Library } from "./library.ts";
import { NO_BLAS } from "./worth.ts";

/** A library, or none; and in a few words why. */
export interface Finding {
  readonly library: Library | null;
  readonly why: string;
}

const VARIABLE = "TROODON_BLAS";

/** Names to try, in the order of their speed. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "libopenblas.so.0",
    "libopenblas.so",
    "libmkl_rt.so.2",
    "libmkl_rt.so",
    "libblis.so.4",
    "libblis.so.3",
    "libblis.so",
  ],
  darwin: [
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
  ],
  windows: ["libopenblas.dll", "openblas.dll", "mkl_rt.2.dll", "mkl_rt.dll"],
};

/**
 * Finds a library: "auto" for the first that there is, "off" for none, or the path of one. By default what the
 * variable `TROODON_BLAS` says, if it may be read, and "auto" otherwise. Never asks for a permission.
 * With `native`, kernels are machine code, and "auto" finds none.
 *
 * @throws {TypeError} If a path is given and there is no library that can be used.
 */
export function findBlas(choice: string = variable() || "auto", native = false): Finding {
  if (choice === "off") return none("no native BLAS as it is off");
  const permitted = mayOpenLibraries();
  if (choice !== "auto") return { library: named(choice, permitted), why: "native BLAS of that path" };
  if (native) return none(NO_BLAS);
  if (!permitted) {
    return none(
      typeof Deno === "undefined" ? "native BLAS needs Deno" : "no native BLAS without --allow-ffi",
    );
  }
  const wrong: string[] = [];
  for (const name of NAMES[Deno.build.os] ?? []) {
    try {
      return { library: Library.open(name), why: "native BLAS by --allow-ffi" };
    } catch (error) {
      // Not here, or without a C interface: the next, then.
      if (error instanceof RangeError) wrong.push(`${name}: ${error.message}`);
    }
  }
  return none(["no native BLAS found", ...wrong].join("; "));
}

function none(why: string): Finding {
  return { library: null, why };
}

function named(path: string, permitted: boolean): Library {
  try {
    if (!permitted) throw new TypeError("--allow-ffi must be given");
    return Library.open(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : `${cause}`;
    throw new TypeError(
      `Cannot use the BLAS library "${path}" as it must be one with a C interface that is right: ${reason}`,
      { cause },
    );
  }
}

function variable(): string | undefined {
  return typeof Deno === "undefined" ? undefined : variableOf(VARIABLE);
}
