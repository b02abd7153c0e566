/** Maps of transposed operands, whose elements are transposed in registers, four lines at a time. */
import { converted } from "../../lower/conversions.ts";
import type { Value } from "../../lower/machine.ts";
import type { Local } from "../../targets/wasm/assembler.ts";
import type { MapLines } from "./map_lines.ts";

/** Number of lines that are calculated together: those that 16 bytes of a transposed operand span. */
const LINES = 4;

/** Emits the two innermost loops: vectors of four lines together, then the remaining elements of each line. */
export function emitSquares(m: MapLines, from: readonly Local[]): void {
  const { code, nest, spec: { levels, turned } } = m;
  const start = nest.copy(from), lines = nest.extent(levels - 2), length = nest.extent(levels - 1);
  const left = code.local("i32"), count = code.local("i32"), rest = code.local("i32");
  code.block((exit) =>
    code.loop((again) => {
      code.get(lines).op("i32.eqz").brIf(exit);
      const places = [nest.copy(start)];
      for (let line = 1; line < LINES; line++) {
        const next = nest.copy(places[line - 1]!);
        nest.step(levels - 2, next);
        places.push(next.map((pointer, t) => turned.includes(t) ? places[0]![t]! : pointer));
      }
      code.get(length).set(left).i32(1).set(count);
      code.get(lines).i32(LINES).op("i32.ge_u").if(() => {
        code.i32(LINES).set(count);
        m.inLines(places, () => emitVectors(m, places, left));
      });
      code.get(lines).get(count).op("i32.sub").set(lines);
      const line = places[0]!;
      code.repeat(count, () => {
        code.get(left).if(() => {
          code.get(left).set(rest);
          m.emit(nest.copy(line), rest);
          nest.step(levels - 2, line);
        });
        nest.step(levels - 2, start);
      });
      code.br(again);
    })
  );
}

/** Emits one vector of each line, for as long as every line has a whole vector left. */
function emitVectors(m: MapLines, places: readonly (readonly Local[])[], left: Local): void {
  const { code, lowering, spec: { turned } } = m, { lanes } = m.machine;
  lowering.emit(1);
  code.block((exit) =>
    code.loop((again) => {
      code.get(left).i32(lanes).op("i32.lt_s").brIf(exit);
      m.acrossLines(new Map(turned.map((t) => [t, transposed(m, t, places[0]![t]!)])));
      places.forEach((pointers, line) => m.move(pointers, lanes, line === 0 ? [] : turned));
      code.increase(left, -lanes).br(again);
    })
  );
}

/** Loads one vector of each line from an operand whose neighboring elements in memory belong to neighboring lines. */
function transposed(m: MapLines, operand: number, pointer: Local): Value {
  const { code, machine } = m, stride = m.stride(operand), wide = code.vectorBytes === 32;
  const at = code.local("i32"), behind = code.local("i32");
  code.get(pointer).set(at);
  if (wide) code.get(pointer).get(stride).i32(LINES).op("i32.mul", "i32.add").set(behind);
  const [a, b, c, d] = Array.from({ length: LINES }, (_, i) => {
    code.get(at).memory(wide ? "half.load" : "v128.load", 0, 2);
    if (wide) code.get(behind).memory("half.load", 0, 2).op("half.join");
    if (i + 1 < LINES) {
      code.advance(at, stride);
      if (wide) code.advance(behind, stride);
    }
    return machine.keep();
  }) as [Value, Value, Value, Value];
  const pairs = [0, 2].map((word) =>
    [[a, b], [c, d]].map(([first, second]) => {
      code.get(first!).get(second!).shuffle32(word, word + 4, word + 1, word + 5);
      return machine.keep();
    }) as [Value, Value]
  );
  const { dtype } = m.spec.operands[operand]!;
  return m.vectors.join(pairs.flatMap(([first, second]) =>
    [0, 1].map((odd) => {
      code.get(first).get(second).shuffle64(odd, 2 + odd);
      return converted(code, machine, dtype, machine.keep());
    })
  ));
}
