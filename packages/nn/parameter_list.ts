/** Parameters by number, and by name. */
import { Tensor } from "@troodon/core";
import { checkMembers } from "./check_module.ts";
import { type AnyModule, Module } from "./module.ts";
import { checkName } from "./module_dict.ts";
import { Parameter } from "./parameter.ts";
import { checkSurplus, showOperand } from "@troodon/core/kernel";

/** As PyTorch prints a parameter of a list. */
function show(name: string, parameter: Parameter): string {
  return `    (${name}): Parameter containing: [torch.${parameter.dtype} of size ${
    parameter.shape.join("x")
  }]`;
}

/** Parameters that are held by a container. */
export abstract class ParameterHolder extends Module {
  /** What holds state, by name. */
  protected abstract override members(): Generator<[name: string, value: Parameter | AnyModule]>;

  /**
   * Is not there.
   *
   * @throws {TypeError} Always.
   */
  override forward(): Tensor {
    throw new TypeError(`Cannot call forward() on a ${this.constructor.name}: use its parameters`);
  }

  /** Written as PyTorch writes it. */
  override toString(): string {
    const lines = [...this.namedParameters()].map(([name, parameter]) => show(name, parameter));
    return lines.length === 0
      ? `${this.constructor.name}()`
      : `${this.constructor.name}(\n${lines.join("\n")}\n)`;
  }
}

/** A list of parameters, numbered in the state dictionary. */
export class ParameterList extends ParameterHolder implements Iterable<Parameter> {
  /** The parameters in order. */
  protected readonly ordered: Parameter[];

  /** Takes the parameters in order. */
  constructor(parameters: Iterable<Parameter> = []) {
    checkSurplus(new.target.name, arguments, 1);
    super();
    checkMembers(new.target.name, "parameters", parameters);
    this.ordered = [];
    this.append(...parameters);
  }

  /** What holds state, by name. */
  protected override *members(): Generator<[name: string, value: Parameter]> {
    for (const [i, parameter] of this.ordered.entries()) yield [`${i}`, parameter];
  }

  /** Number of parameters. */
  override get length(): number {
    return this.ordered.length;
  }

  /**
   * Parameter `i`; negative numbers count from the end.
   *
   * @throws {RangeError} If there is none.
   */
  at(i: number): Parameter {
    const found = this.ordered.at(i);
    if (found === undefined) {
      throw new RangeError(`Cannot take parameter ${i} as the list has ${this.length}`);
    }
    return found;
  }

  /** Adds parameters at the end; returns this. */
  append(...parameters: Parameter[]): this {
    for (const parameter of parameters) {
      checkParameter("ParameterList", `${this.length}`, parameter);
      this.ordered.push(parameter);
    }
    return this;
  }

  /** The parameters in order. */
  [Symbol.iterator](): Iterator<Parameter> {
    return this.ordered[Symbol.iterator]();
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [[...this]];
  }
}

/** Parameters by name, in the order they were put in. */
export class ParameterDict extends ParameterHolder implements Iterable<[string, Parameter]> {
  /** The parameters by name. */
  protected readonly named: Map<string, Parameter>;

  /** Takes parameters from a record. */
  constructor(parameters: Readonly<Record<string, Parameter>> = {}) {
    checkSurplus(new.target.name, arguments, 1);
    super();
    checkMembers(new.target.name, "parameters", parameters, false);
    this.named = new Map();
    for (const [name, parameter] of Object.entries(parameters)) this.set(name, parameter);
  }

  /** What holds state, by name. */
  protected override *members(): Generator<[name: string, value: Parameter]> {
    yield* this.named;
  }

  /** Number of parameters. */
  get size(): number {
    return this.named.size;
  }

  /** Whether there is a parameter of this name. */
  has(name: string): boolean {
    return this.named.has(name);
  }

  /**
   * The parameter of this name.
   *
   * @throws {RangeError} If there is none.
   */
  get(name: string): Parameter {
    const found = this.named.get(name);
    if (found === undefined) {
      throw new RangeError(
        `Cannot get the parameter "${name}" as the names are: ${[...this.named.keys()].join(", ")}`,
      );
    }
    return found;
  }

  /** Puts a parameter in, in the place of one of this name; returns this. */
  set(name: string, parameter: Parameter): this {
    checkName("ParameterDict", name);
    checkParameter("ParameterDict", name, parameter);
    this.named.set(name, parameter);
    return this;
  }

  /** Names and parameters. */
  [Symbol.iterator](): Iterator<[string, Parameter]> {
    return this.named[Symbol.iterator]();
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [Object.fromEntries(this)];
  }
}

/** Checks that the member `name` of a container is a parameter. */
function checkParameter(container: string, name: string, member: unknown): void {
  if (member instanceof Parameter) return;
  throw new TypeError(
    `Cannot put "${name}" into a ${container} as it must be a parameter: current one is ${
      showOperand(member)
    }${member instanceof Tensor ? ", make one by new Parameter(x)" : ""}`,
  );
}
