/** Places in modules that hold their tensors. */
import { Tensor } from "@troodon/core";
import type { AnyModule } from "./module.ts";

/** Puts a tensor where a module looks for one. */
type Place = (tensor: Tensor) => void;

/** The tensors that a module and those below look for, and where: in fields, and in arrays and maps in fields. */
export function placesIn(module: AnyModule): (readonly [tensor: Tensor, place: Place])[] {
  const places: [Tensor, Place][] = [];
  const add = (value: unknown, place: Place): void => {
    if (value instanceof Tensor) places.push([value, place]);
  };
  for (const holder of module.modules()) {
    for (const [key, field] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (!("value" in field)) continue;
      const value: unknown = field.value;
      add(value, (tensor) => Object.defineProperty(holder, key, { ...field, value: tensor }));
      if (Array.isArray(value)) value.forEach((item, i) => add(item, (tensor) => value[i] = tensor));
      if (value instanceof Map) value.forEach((item, name) => add(item, (tensor) => value.set(name, tensor)));
    }
  }
  return places;
}
