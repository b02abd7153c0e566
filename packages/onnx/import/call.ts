/** Calls of operators. */
import type { Device, DType, Tensor } from "@troodon/core";
import type { Attributes } from "./attributes.ts";
import { dtypeOf } from "./stored_tensor.ts";
import { dataTypeName } from "../model/data_type.ts";
import { HOST_ELEMENTS, numbersOf, type Value } from "./value.ts";

/** A node as it runs: its attributes, and its inputs on the device that it runs on. */
export class Call {
  #device: Device;

  constructor(
    /** The node, for errors: `Conv "conv1"`. */
    readonly label: string,
    readonly attributes: Attributes,
    /** The version of the operator set. */
    readonly opset: number,
    readonly inputs: readonly (Value | undefined)[],
    /** True for each output that is needed, by position. */
    readonly wanted: readonly boolean[],
    device: Device,
    /** The device of values that are not known on the host. */
    readonly target: Device,
  ) {
    this.#device = device;
  }

  /** The device that the node runs on. */
  get device(): Device {
    return this.#device;
  }

  /** Number of inputs, counting those in the middle that are left out. */
  get count(): number {
    return this.inputs.length;
  }

  /** Runs the node on the target rather than on the host if a result has `elements` elements. */
  grow(elements: number): void {
    if (elements > HOST_ELEMENTS) this.#device = this.target;
  }

  /** Returns true if an input is there. */
  has(i: number): boolean {
    return this.inputs[i] !== undefined;
  }

  /** An input that must be there. */
  input(i: number): Tensor {
    return this.optional(i) ?? this.refuse(`input ${i} must be there`);
  }

  /** An input that may be left out. */
  optional(i: number): Tensor | undefined {
    return this.inputs[i]?.on(this.#device);
  }

  /** All inputs that are there. */
  all(): Tensor[] {
    return this.inputs.flatMap((value) => value === undefined ? [] : [value.on(this.#device)]);
  }

  /** The elements of an input as numbers; undefined if it is left out. */
  numbers(i: number): number[] | undefined {
    const value = this.inputs[i];
    return value && numbersOf(value, (reason) => this.refuse(`input ${i} ${reason}`));
  }

  /** The only element of an input as a number; undefined if it is left out. */
  number(i: number): number | undefined {
    const numbers = this.numbers(i);
    if (numbers !== undefined && numbers.length !== 1) this.refuse(`input ${i} must have one element`);
    return numbers?.[0];
  }

  /** Integers of an attribute, or of an input where a later version of the operator has them. */
  ints(attribute: string, i: number): number[] | undefined {
    return this.attributes.ints(attribute) ?? this.numbers(i);
  }

  /** The dtype for a type of ONNX. */
  dtype(type: number): DType {
    return dtypeOf(type) ?? this.refuse(`there are no tensors of type ${dataTypeName(type) ?? type}`);
  }

  /**
   * Refuses the node.
   *
   * @throws {RangeError} Always.
   */
  refuse(reason: string): never {
    throw new RangeError(`Cannot run ${this.label} as ${reason}`);
  }
}
