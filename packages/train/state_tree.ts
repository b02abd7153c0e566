/** State dictionaries that hold tensors: their tensors by name, and the rest as JSON-able data. */
import { Tensor } from "@troodon/core";

/** The keys that stand for a tensor and for a map in the JSON-able part of a state. */
const TENSOR = "$tensor", MAP = "$map";

/**
 * Takes the tensors out of `state`: records, arrays and maps may hold them at any depth.
 *
 * @param name Prefix of the names of its tensors.
 * @param tensors Receives the tensors by name.
 * @returns The state with a reference in place of each tensor, without maps.
 */
export function splitState(state: unknown, name: string, tensors: Map<string, Tensor>): unknown {
  if (typeof state !== "object" || state === null) return state;
  if (state instanceof Tensor) {
    tensors.set(name, state);
    return { [TENSOR]: name };
  }
  if (Array.isArray(state)) return state.map((part, i) => splitState(part, `${name}.${i}`, tensors));
  const split = ([key, part]: [unknown, unknown]) =>
    [key, splitState(part, `${name}.${String(key)}`, tensors)] as const;
  if (state instanceof Map) return { [MAP]: [...state].map(split) };
  return Object.fromEntries(Object.entries(state).map(split));
}

/** The opposite of {@linkcode splitState}: `tensor` gives the tensors by name. */
export function joinState(plain: unknown, tensor: (name: string) => Tensor): unknown {
  if (typeof plain !== "object" || plain === null) return plain;
  if (Array.isArray(plain)) return plain.map((part) => joinState(part, tensor));
  if (TENSOR in plain) return tensor(String(plain[TENSOR]));
  const join = ([key, part]: [unknown, unknown]) => [key, joinState(part, tensor)] as const;
  if (MAP in plain && Array.isArray(plain[MAP])) return new Map(plain[MAP].map(join));
  return Object.fromEntries(Object.entries(plain).map(join));
}

/**
 * The state of a part of `keep` in the form of {@linkcode splitState}. States of earlier versions have the averages of
 * parameters as a number of updates, with the averages among the tensors as `keep.1.0`, `keep.1.1` and so on.
 */
export function currentState(plain: unknown, name: string, tensors: ReadonlyMap<string, unknown>): unknown {
  if (typeof plain !== "number" || !tensors.has(`${name}.0`)) return plain;
  const averages = [];
  for (let i = 0; tensors.has(`${name}.${i}`); i++) averages.push({ [TENSOR]: `${name}.${i}` });
  return { nAveraged: plain, averages };
}
