/** Settings of nodes. */
import { ONNX_ATTRIBUTE_TYPES, type OnnxAttribute } from "../../model/types.ts";

/** The value of a setting, before it has a name. */
export type AttributeValue = Omit<OnnxAttribute, "name">;

/** The settings of a node by name; undefined ones are left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** A whole number. */
export function int(i: number): AttributeValue {
  return { type: ONNX_ATTRIBUTE_TYPES.INT, i };
}

/** Whole numbers. */
export function ints(values: readonly number[]): AttributeValue {
  return { type: ONNX_ATTRIBUTE_TYPES.INTS, ints: values };
}

/** A number of 32 bits. */
export function float(f: number): AttributeValue {
  return { type: ONNX_ATTRIBUTE_TYPES.FLOAT, f };
}

/** A word. */
export function text(word: string): AttributeValue {
  return { type: ONNX_ATTRIBUTE_TYPES.STRING, s: new TextEncoder().encode(word) };
}

/** Words. */
export function texts(words: readonly string[]): AttributeValue {
  const encoder = new TextEncoder();
  return { type: ONNX_ATTRIBUTE_TYPES.STRINGS, strings: words.map((word) => encoder.encode(word)) };
}

/** The settings in the form of the file. */
export function attributeList(attributes: Attributes): OnnxAttribute[] {
  return Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, ...value }]
  );
}
