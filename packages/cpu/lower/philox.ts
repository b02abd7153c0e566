/** Random numbers in kernels: Philox4x32-10 for four elements at once. */
import { PHILOX_KEY_STEPS, PHILOX_MULTIPLIERS, PHILOX_ROUNDS } from "@troodon/core/kernel";
import type { Machine, Value } from "./machine.ts";

/** The block of each lane, as four words: of counter (low, high, 0, 0) and the key. */
export function philoxWords(
  t: Machine,
  low: Value,
  high: Value,
  key: readonly [Value, Value],
): [Value, Value, Value, Value] {
  let [a, b, c, d] = [low, high, t.word(0), t.word(0)];
  let [k0, k1] = key;
  const product = (x: Value, factor: number): [Value, Value] => {
    const y = t.word(factor);
    const first = t.emit("mulLowPairs", x, y), second = t.emit("mulHighPairs", x, y);
    return [t.emit("evenWords", first, second), t.emit("oddWords", first, second)];
  };
  for (let round = 0; round < PHILOX_ROUNDS; round++) {
    const [low0, high0] = product(a, PHILOX_MULTIPLIERS[0]);
    const [low1, high1] = product(c, PHILOX_MULTIPLIERS[1]);
    a = t.emit("xor", t.emit("xor", high1, b), k0);
    b = low1;
    c = t.emit("xor", t.emit("xor", high0, d), k1);
    d = low0;
    k0 = t.emit("intAdd", k0, t.word(PHILOX_KEY_STEPS[0]));
    k1 = t.emit("intAdd", k1, t.word(PHILOX_KEY_STEPS[1]));
  }
  return [a, b, c, d];
}
