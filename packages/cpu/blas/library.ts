/** A native BLAS library: its name, its threads. */
import { tryProducts } from "./try_products.ts";

const SYMBOLS = {
  // What `openProducts` needs: without them it is no library for us.
  cblas_sgemm: { parameters: [], result: "void" },
  cblas_dgemm: { parameters: [], result: "void" },
  // How a library tells its version and takes a number of threads: each has its own.
  openblas_get_config: { parameters: [], result: "pointer", optional: true },
  openblas_set_num_threads: { parameters: ["i32"], result: "void", optional: true },
  MKL_Get_Version_String: { parameters: ["buffer", "i32"], result: "void", optional: true },
  MKL_Set_Num_Threads: { parameters: ["i32"], result: "void", optional: true },
  bli_info_get_version_str: { parameters: [], result: "pointer", optional: true },
  bli_thread_set_num_threads: { parameters: ["i64"], result: "void", optional: true },
} as const;

type Symbols = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** An opened library; the process has one of each path, with one number of threads. */
export class Library {
  /** What it is, and its version if it tells: "OpenBLAS 0.3.21". */
  readonly name: string;
  /** Where it was found. */
  readonly path: string;
  /** Whether it takes as many threads as it is told. */
  readonly obeys: boolean;
  static readonly #opened = new Map<string, Library>();
  readonly #setThreads: (count: number) => void;
  #threads = 0;

  private constructor(symbols: Symbols, path: string) {
    this.name = nameOf(symbols, path);
    this.path = path;
    const setThreads = threadSetter(symbols);
    this.obeys = setThreads !== null;
    this.#setThreads = setThreads ?? (() => {});
  }

  /**
   * Opens the library at `path`, and tries it: an error of Deno's if there is none, or it has no C interface.
   *
   * @throws {RangeError} If its products are wrong.
   */
  static open(path: string): Library {
    const known = Library.#opened.get(path);
    if (known) return known;
    const library = new Library(Deno.dlopen(path, SYMBOLS).symbols, path);
    tryProducts(path);
    Library.#opened.set(path, library);
    return library;
  }

  /** How many threads the next product may take. */
  useThreads(count: number): void {
    if (count === this.#threads) return;
    this.#setThreads(count);
    this.#threads = count;
  }
}

function nameOf(symbols: Symbols, path: string): string {
  if (symbols.openblas_get_config) {
    const config = textAt(symbols.openblas_get_config());
    if (config.includes("USE64BITINT")) {
      throw new TypeError(`Cannot use the library "${path}" as its integers must have 32 bits: ${config}`);
    }
    return /^OpenBLAS [\d.]+/.exec(config)?.[0] ?? "OpenBLAS";
  }
  if (symbols.MKL_Get_Version_String) {
    const text = new Uint8Array(200);
    symbols.MKL_Get_Version_String(text, text.length);
    const version = /Version ([\d.]+)/.exec(new TextDecoder().decode(text));
    return version ? `MKL ${version[1]}` : "MKL";
  }
  if (symbols.bli_info_get_version_str) return `BLIS ${textAt(symbols.bli_info_get_version_str())}`;
  return path.includes("Accelerate") ? "Accelerate" : path.replace(/^.*[\\/]/, "");
}

/** Null for libraries of other names, which keep the number of threads they have. */
function threadSetter(symbols: Symbols): ((count: number) => void) | null {
  const { openblas_set_num_threads: openblas, MKL_Set_Num_Threads: mkl, bli_thread_set_num_threads: blis } =
    symbols;
  if (openblas) return openblas;
  if (mkl) return mkl;
  return blis ? (count) => blis(BigInt(count)) : null;
}

function textAt(pointer: Deno.PointerValue): string {
  return pointer ? new Deno.UnsafePointerView(pointer).getCString() : "";
}
