/** WebAssembly modules, written from TypeScript at run time. */
import type { VectorBytes } from "../target.ts";
import { Bytes } from "./bytes.ts";
import { Code } from "./code.ts";
import { VALUE_TYPES, type ValueType } from "./value_type.ts";

export { Code, type Label, type Local } from "./code.ts";
export type { ValueType } from "./value_type.ts";

/** Parameters and results of a function, and the name it is exported under. */
export interface FunctionOptions {
  readonly params?: readonly ValueType[];
  readonly results?: readonly ValueType[];
  readonly export?: string;
}

/** Options of {@linkcode ModuleBuilder}. */
export interface ModuleOptions {
  /** Bytes of a vector, 16 by default; with 32, the module can only be compiled to machine code. */
  readonly vectorBytes?: VectorBytes;
}

const PAGES = 65536;

/** A module over the shared memory "env.memory". Imported functions come before its own. */
export class ModuleBuilder {
  /** Bytes of a vector. */
  readonly vectorBytes: VectorBytes;
  readonly #types: string[] = [];
  readonly #imports: { readonly name: string; readonly type: number }[] = [];
  readonly #functions: { readonly code: Code; readonly type: number; readonly name: string | undefined }[] =
    [];

  /** A module without functions. */
  constructor({ vectorBytes = 16 }: ModuleOptions = {}) {
    this.vectorBytes = vectorBytes;
  }

  /** Names of the imported functions. */
  get imports(): readonly string[] {
    return this.#imports.map(({ name }) => name);
  }

  /** Imports the function "env.name". */
  import(name: string, { params = [], results = [] }: FunctionOptions = {}): Pick<Code, "index"> {
    if (this.#functions.length > 0) {
      throw new TypeError(`Cannot import "${name}" as imports must come before functions`);
    }
    return { index: this.#imports.push({ name, type: this.#type(params, results) }) - 1 };
  }

  /** A new function; its parameters are the locals 0, 1, ... */
  function({ params = [], results = [], export: name }: FunctionOptions = {}): Code {
    const code = new Code(this.#imports.length + this.#functions.length, params.length, this.vectorBytes);
    this.#functions.push({ code, type: this.#type(params, results), name });
    return code;
  }

  /** The module's bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    const types = new Bytes().unsigned(this.#types.length);
    for (const type of this.#types) {
      const [params, results] = type.split(">").map((list) => list.split(" ").filter((t) => t !== ""));
      types.push(0x60);
      for (const list of [params!, results!]) {
        types.unsigned(list.length);
        for (const t of list) types.push(VALUE_TYPES[t as ValueType]);
      }
    }
    // Shared memories must state a bound; the widest accepts every memory.
    const imports = new Bytes().unsigned(1 + this.#imports.length);
    imports.text("env").text("memory").push(0x02, 0x03, 1).unsigned(PAGES);
    for (const { name, type } of this.#imports) imports.text("env").text(name).push(0x00).unsigned(type);
    const functions = new Bytes().unsigned(this.#functions.length);
    const named = this.#functions.filter(({ name }) => name !== undefined);
    const exports = new Bytes().unsigned(named.length);
    const bodies = new Bytes().unsigned(this.#functions.length);
    for (const { code, type } of this.#functions) {
      functions.unsigned(type);
      bodies.sized(code.finish());
    }
    for (const { code, name } of named) exports.text(name!).push(0x00).unsigned(code.index);
    return new Bytes()
      .push(0x00, 0x61, 0x73, 0x6d, this.vectorBytes === 32 ? 32 : 1, 0, 0, 0)
      .push(1).sized(types)
      .push(2).sized(imports)
      .push(3).sized(functions)
      .push(7).sized(exports)
      .push(10).sized(bodies)
      .toUint8Array();
  }

  #type(params: readonly ValueType[], results: readonly ValueType[]): number {
    const type = `${params.join(" ")}>${results.join(" ")}`;
    const known = this.#types.indexOf(type);
    return known >= 0 ? known : this.#types.push(type) - 1;
  }
}
