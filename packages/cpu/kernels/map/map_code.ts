/** Code of elementwise kernels. */
import type { Body, Leaf, MapCall } from "@troodon/core";
import { bytesOf, lower } from "@troodon/core/kernel";
import { Interleaved } from "../../lower/interleaved.ts";
import { store } from "../../lower/lanes.ts";
import { pushRamp } from "../../lower/halves.ts";
import { canMask, indicesOf, Leaves, type OperandSpec } from "../../lower/leaves.ts";
import type { Value } from "../../lower/machine.ts";
import { Nest } from "../../lower/nest.ts";
import { hostFunctions } from "../../lower/own.ts";
import { Parameters } from "../../lower/parameters.ts";
import { HostImports } from "../../lower/host_imports.ts";
import { WasmMachine } from "../../lower/wasm_machine.ts";
import type { ModuleBuilder } from "../../targets/wasm/assembler.ts";

/** A kernel's code depends on this. Operands: inputs, outputs, then positions. */
export interface MapSpec {
  readonly body: Body;
  readonly compute: MapCall["compute"];
  readonly operands: readonly OperandSpec[];
  readonly inputs: number;
  /** Number of nested loops. */
  readonly levels: number;
}

/** Programs of more steps than this work on two vectors at once, others on four: long code takes long to compile. */
const LONG = 20;

/** Layout of the parameter block that the generated code reads. */
export function layoutOf({ body, operands, levels }: MapSpec): Parameters {
  return new Parameters(operands.length, levels, body.hostScalarCount);
}

/**
 * Emits "run", whose parameter is the address of a parameter block, and "each", which runs as many blocks as its
 * second parameter says, whose addresses are listed where the first does.
 */
export function emitMap(module: ModuleBuilder, spec: MapSpec): void {
  const { body, compute, operands, inputs, levels } = spec;
  const { program } = body;
  const imports = new HostImports(module, hostFunctions(program, compute), compute);
  const code = module.function({ params: ["i32"], export: "run" });
  const machine = new WasmMachine(code, compute, imports);
  const layout = layoutOf(spec);
  const nest = new Nest(code, layout, operands.length);
  const inner = levels - 1;
  const strides = operands.map((_, t) => nest.stride(inner, t));
  const { element, axes } = indicesOf(program);
  const first = inputs + body.outputs.length;
  const index = (axis: number | "element"): number =>
    axis === "element" ? first : first + Number(element) + axes.indexOf(axis);
  const leaves = new Leaves(
    code,
    machine,
    layout,
    operands,
    index,
    (axis) => operands[index(axis)]!.lane,
    strides,
  );
  const vectors = new Interleaved(machine);
  const { lanes } = machine;
  const leaf = (leaf: Leaf): Value =>
    vectors.join(Array.from({ length: vectors.copies }, (_, copy) => {
      leaves.skip = copy * lanes;
      return leaves.emit(leaf);
    }));
  const lowering = new lower.Lowering(program, compute, vectors, leaf, (leaf) => leaves.varies(leaf));
  lowering.emit(0);
  const unroll = program.steps.length > LONG ? 2 : 4;
  const masked = canMask(code, compute, operands.slice(0, first));
  const half = code.vectorBytes === 32 ? [lanes / 2] : [];
  const widths = masked ? [unroll * lanes, lanes] : [unroll * lanes, lanes, ...half, 1];
  const outer = Array.from({ length: inner }, (_, level) => level);
  nest.all(outer, nest.start(), (from) => {
    const pointers = nest.copy(from);
    leaves.pointers = pointers;
    const left = nest.extent(inner);
    machine.scope(() =>
      lowering.scope(() => {
        lowering.emit(1);
        for (const width of widths) {
          code.block((exit) =>
            code.loop((again) => {
              code.get(left).i32(width).op("i32.lt_s").brIf(exit);
              leaves.lanes = Math.min(width, lanes);
              vectors.copies = Math.max(1, width / lanes);
              machine.scope(() => lowering.scope(() => emitElements(lowering)));
              vectors.copies = 1;
              operands.forEach(({ dtype, lane }, t) => {
                if (lane === "dense") code.increase(pointers[t]!, width * bytesOf(dtype));
                else if (lane === "strided") {
                  code.get(pointers[t]!).get(strides[t]!).i32(width).op("i32.mul", "i32.add").set(
                    pointers[t]!,
                  );
                }
              });
              code.increase(left, -width).br(again);
            })
          );
        }
        if (masked) {
          code.get(left).i32(0).op("i32.gt_s").if(() => {
            leaves.lanes = lanes;
            leaves.mask = code.local("v128");
            pushRamp(code, lanes).get(left).op("i32x4.splat", "i32x4.lt_s").set(leaves.mask);
            machine.scope(() => lowering.scope(() => emitElements(lowering)));
            leaves.mask = undefined;
          });
        }
      })
    );
  });

  const table = module.function({ params: ["i32", "i32"], export: "each" });
  table.repeat(1, () => table.get(0).memory("i32.load").call(code).increase(0, 4));

  /** Stores last: an output may lie in the memory of an input. */
  function emitElements(lowering: lower.Lowering): void {
    lowering.emit(2);
    const stored = body.outputs.map((_, o) => ({
      value: operands[inputs + o]!.dtype === "bool" ? 0 : lowering.output(o),
      mask: operands[inputs + o]!.dtype === "bool" ? lowering.outputMask(o) : 0,
    }));
    stored.forEach(({ value, mask }, o) => {
      const operand = leaves.operand(inputs + o, operands[inputs + o]!);
      for (let copy = 0; copy < vectors.copies; copy++) {
        const own = operand.dtype === "bool" ? mask : value;
        const vector = vectors.vector(own, copy);
        store(code, machine, operand, leaves.lanes, copy * lanes, vector, () => vector);
      }
    });
  }
}
