/** Tracks the op, part and layers that launches belong to during a recording. */
import type { Device, Tensor } from "@troodon/core";
import {
  type CallListener,
  type LaunchOrigin,
  type NamedLayer,
  NodeLayers,
  type Op,
  type OpCall,
  type Part,
} from "@troodon/core/kernel";

/** Tracks the current op, part of the training step and layers; forwards all events to another listener. */
export class OriginListener implements CallListener {
  readonly #outer: CallListener | null;
  readonly #open: (LaunchOrigin & { readonly part: string })[] = [];
  readonly #layers = new NodeLayers<readonly NamedLayer[]>();

  /** Creates a listener that forwards its events to `outer`. */
  constructor(outer: CallListener | null) {
    this.#outer = outer;
  }

  /** Origin of a launch made now; undefined outside of ops and parts. */
  get current(): LaunchOrigin | undefined {
    const top = this.#open.at(-1);
    return top && { op: top.op, phase: top.phase, layers: top.layers };
  }

  expands(op: Op): boolean {
    return this.#outer?.expands(op) ?? false;
  }

  read(tensor: Tensor): void {
    this.#outer?.read(tensor);
  }

  overwrites(call: OpCall): void {
    this.#outer?.overwrites?.(call);
  }

  starts(op: Op, device: Device): void {
    this.#outer?.starts?.(op, device);
    this.#begin("op", op.name);
  }

  heard(call: OpCall): void {
    this.#end("op");
    this.#layers.note(call, this.#open.at(-1)?.layers ?? []);
    this.#outer?.heard(call);
  }

  enters(part: Part): void {
    this.#outer?.enters?.(part);
    const layers = this.#open.at(-1)?.layers ?? [];
    if (part.kind === "layer") {
      this.#begin("layer", part.layer.constructor.name, { layers: [...layers, part.layer] });
    } else if (part.kind === "step") this.#begin("step", part.name, { phase: "optimizer" });
    else if (part.kind === "backward") this.#begin("backward", "backward", { phase: "backward" });
    else if (part.kind === "gradient") {
      const { name } = part.node;
      this.#begin("gradient", name, { phase: "backward", layers: this.#layers.of(part.node) ?? [] });
    }
  }

  leaves(part: Part): void {
    this.#end(part.kind);
    this.#outer?.leaves?.(part);
  }

  #begin(part: string, op: string, own: Partial<LaunchOrigin> = {}): void {
    const { phase, layers } = this.#open.at(-1) ?? { phase: "forward" as const, layers: [] };
    this.#open.push({ part, op, phase, layers, ...own });
  }

  /** Ends the innermost part of a kind, and parts inside it that an error left open. */
  #end(part: string): void {
    const depth = this.#open.findLastIndex((open) => open.part === part);
    if (depth >= 0) this.#open.length = depth;
  }
}
