/** Compares a back end with V8, instruction by instruction. */
import { assert } from "@std/assert";
import { openCLibrary } from "../../machine_code/c_library.ts";
import { NativeCode } from "../../machine_code/native_code.ts";
import { CpuMemory } from "../../memory.ts";
import { ModuleBuilder } from "../wasm/assembler.ts";
import { SplitModule } from "../wasm/split_module_test.ts";
import type { WasmFunction } from "../wasm/wasm_function.ts";
import type { Target, VectorBytes } from "../target.ts";
import { emitCase, END, FORMS, generator, operationCases, RESULT, WORDS } from "./operation_cases_test.ts";

const memory = new CpuMemory(), { pointer } = memory.allocate(END);

/** Fills operands with a mixture of {@linkcode WORDS} and any bits. */
function fill(random: (below: number) => number): void {
  for (let i = 0; i < RESULT / 4; i++) {
    memory.i32[pointer / 4 + i] = random(3) === 0 ? random(1 << 24) * 257 | 0 : WORDS[random(WORDS.length)]!;
  }
}

/** Runs a function on operands from a seed and returns all bytes that it may write. */
function results(run: WasmFunction, seed: number): Uint8Array {
  fill(generator(seed));
  memory.u8.fill(0, pointer + RESULT, pointer + END);
  run(pointer);
  return memory.u8.slice(pointer, pointer + END);
}

/** Makes all NaN of a result the same. */
function settleNaN(bytes: Uint8Array, double: boolean): void {
  const view = new DataView(bytes.buffer);
  for (let at = RESULT; at < RESULT + 32; at += double ? 8 : 4) {
    if (double && Number.isNaN(view.getFloat64(at, true))) view.setFloat64(at, NaN, true);
    else if (!double && Number.isNaN(view.getFloat32(at, true))) view.setFloat32(at, NaN, true);
  }
}

/** Compares every instruction that `has` admits, compiled for `target`, with V8; returns the differences. */
export function compareOperations(
  target: Target,
  has: (op: number) => boolean,
  vectorBytes: VectorBytes = target.vectorBytes,
): string[] {
  const cases = operationCases(has),
    native = new NativeCode({ ...target, vectorBytes }, openCLibrary()!, memory),
    wrong: string[] = [];
  for (const form of FORMS) {
    const [engine, own] = [
      vectorBytes === 16 ? new ModuleBuilder() : new SplitModule(),
      new ModuleBuilder({ vectorBytes }),
    ];
    for (const module of [engine, own]) {
      const random = generator(FORMS.indexOf(form));
      cases.forEach((tried, i) => emitCase(module, `${i}`, tried, form, random));
    }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(engine.finish()), {
      env: { memory: memory.memory },
    });
    const compiled = native.compile(own.finish());
    assert(typeof compiled !== "string", `${compiled}`);
    cases.forEach(({ name }, i) => {
      for (let seed = 0; seed < 8; seed++) {
        const expected = results(exports[i] as WasmFunction, seed), actual = results(compiled[i]!, seed);
        // WebAssembly leaves open which of several NaN operands becomes the result.
        if (name.includes("madd")) {
          [expected, actual].forEach((bytes) => settleNaN(bytes, name.startsWith("f64")));
        }
        const at = actual.findIndex((byte, k) => byte !== expected[k]);
        if (at < 0) continue;
        const shown = [actual, expected].map((bytes) => bytes.slice(at & -16, (at & -16) + 16).join());
        wrong.push(`${name} with ${form}: ${shown[0]} at ${at}, not ${shown[1]}`);
        break;
      }
    });
  }
  return wrong;
}
