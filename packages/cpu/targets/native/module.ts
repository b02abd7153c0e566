/** Parses modules of `ModuleBuilder`. */
import type { VectorBytes } from "../target.ts";
import { Reader } from "./reader.ts";

/** Parameters and results of a function, as types of virtual registers. */
export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** A function of a module, and the position of its body. */
export interface FunctionBody {
  readonly type: FunctionType;
  readonly start: number;
  readonly end: number;
}

/** A parsed module. */
export interface ModuleParts {
  readonly bytes: Uint8Array;
  readonly vectorBytes: VectorBytes;
  /** Number of imported functions, which come first in the numbering. */
  readonly imports: number;
  readonly functions: readonly FunctionBody[];
  /** Exported functions, by index among the module's own functions. */
  readonly exports: readonly { readonly name: string; readonly index: number }[];
}

/** The version in the header of a module with vectors of 32 bytes, which engines refuse. */
export const WIDE_VERSION = 32;

/** Parses a module. */
export function readModule(bytes: Uint8Array): ModuleParts {
  const reader = new Reader(bytes, 8);
  const types: FunctionType[] = [], own: FunctionType[] = [], functions: FunctionBody[] = [];
  const exports: { name: string; index: number }[] = [];
  let imports = 0;
  const list = (): number[] => Array.from({ length: reader.unsigned() }, () => 0x7f - reader.byte());
  const times = (body: () => void): void => {
    for (let count = reader.unsigned(); count > 0; count--) body();
  };
  const sections: Readonly<Record<number, () => void>> = {
    1: () =>
      times(() => {
        reader.byte();
        types.push({ parameters: list(), results: list() });
      }),
    2: () =>
      times(() => {
        reader.text();
        reader.text();
        if (reader.byte() === 0) {
          reader.unsigned();
          imports++;
        } else {
          reader.byte();
          reader.unsigned();
          reader.unsigned();
        }
      }),
    3: () => times(() => own.push(types[reader.unsigned()]!)),
    7: () =>
      times(() => {
        const name = reader.text();
        reader.byte();
        exports.push({ name, index: reader.unsigned() - imports });
      }),
    10: () =>
      times(() => {
        const length = reader.unsigned(), start = reader.at;
        functions.push({ type: own[functions.length]!, start, end: start + length });
        reader.at = start + length;
      }),
  };
  while (reader.at < bytes.length) {
    const section = reader.byte(), length = reader.unsigned(), end = reader.at + length;
    sections[section]?.();
    reader.at = end;
  }
  return { bytes, vectorBytes: bytes[4] === WIDE_VERSION ? 32 : 16, imports, functions, exports };
}
