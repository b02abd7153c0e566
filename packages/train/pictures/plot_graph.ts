import { Tensor } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { AnyModule } from "@troodon/nn";
import { mixed, PALETTE } from "../drawing/colors.ts";
import { curve } from "../drawing/curve.ts";
import { Picture } from "../drawing/picture.ts";
import type { PicturePoint, PictureShape } from "../drawing/shapes.ts";
import { textWidth } from "../drawing/stroke_font.ts";
import { type BlockNode, blocksOf } from "../graph/blocks.ts";
import { traceGraph } from "../graph/trace_graph.ts";
import { label, TEXT, TITLE } from "../plot/frame.ts";

/** Options of {@linkcode plotGraph}. */
export interface PlotGraphOptions {
  /** A box for each layer and each call outside of layers, or for each call (default `"layers"`). */
  readonly detail?: "layers" | "calls";
  /** Title; the class of the model by default. */
  readonly title?: string;
}
const PLOT_GRAPH_OPTIONS: OptionKeys<PlotGraphOptions> = { detail: true, title: true };

/** Height of a box, room between rows and between boxes, and the size of the second line. */
const BOX = 40, ROOM = 26, BESIDE = 22, SMALL = 10.5;

/** Height at which an edge over several rows turns, in the room between two of them. */
const TURN = 13;

/** A box with its place. */
interface Placed {
  readonly node: BlockNode;
  readonly row: number;
  readonly width: number;
  readonly x: number;
}

/**
 * Draws the graph of a network from above to below, from a call with the given inputs: its layers with the shapes of what they
 * give, or the calls that `gradFn` knows of.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ReferenceBackend, setDefaultDevice, zeros } from "@troodon/core";
 * import { Linear, ReLU, Sequential } from "@troodon/nn";
 * import { plotGraph } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const model = new Sequential(new Linear(4, 3), new ReLU());
 * assertStringIncludes(plotGraph(model, zeros([1, 4])).toString(), ">0 Linear</text>");
 * ```
 */
export function plotGraph(
  model: AnyModule,
  inputs: Tensor | readonly Tensor[],
  options?: PlotGraphOptions,
): Picture {
  const { detail = "layers", title } = readOptions("plotGraph()", options, PLOT_GRAPH_OPTIONS);
  checkCall("plotGraph", arguments, ".m.");
  const nodes = traceGraph(model, inputs instanceof Tensor ? [inputs] : inputs);
  const rows = rowsOf(blocksOf(model, nodes, detail));
  const heading = title ?? model.constructor.name;
  const wide = Math.max(textWidth(heading, TITLE), ...rows.map(rowWidth)), places = placed(rows, wide);
  // Edges over several rows pass on the right.
  const lanes = Math.max(
    0,
    ...[...places.values()].flatMap(({ node, row }) =>
      node.inputs.map((name) => row - places.get(name)!.row - 1)
    ),
  );
  const top = 44, width = wide + 60 + (lanes > 0 ? 60 : 0), height = top + rows.length * (BOX + ROOM);
  const kinds = new Map<string, number>();
  const boxes = [...places.values()].flatMap((place) => boxShapes(place, top, kinds));
  const edges = [...places.values()].flatMap((place) =>
    place.node.inputs.flatMap((name) => edgeShapes(places.get(name)!, place, top, places))
  );
  return new Picture(width, height, [
    label(heading, [30 + wide / 2, 25], "middle", TITLE),
    ...edges,
    ...boxes,
  ]);
}

const widthOf = ({ title, shape }: BlockNode): number =>
  // Fonts of browsers may be wider than ours.
  24 + 1.15 * Math.max(textWidth(title, TEXT), textWidth(`[${shape.join(", ")}]`, SMALL));

const rowWidth = (row: readonly BlockNode[]): number =>
  row.reduce((sum, node) => sum + widthOf(node) + BESIDE, -BESIDE);

/** Nodes by how far they are from the inputs. */
function rowsOf(nodes: readonly BlockNode[]): BlockNode[][] {
  const depths = new Map<string, number>(), rows: BlockNode[][] = [];
  for (const node of nodes) {
    const depth = Math.max(-1, ...node.inputs.map((name) => depths.get(name)!)) + 1;
    depths.set(node.name, depth);
    (rows[depth] ??= []).push(node);
  }
  return rows;
}

/** Places for the boxes: rows are centered, and boxes of a row stand in the order of what they read. */
function placed(rows: readonly BlockNode[][], wide: number): Map<string, Placed> {
  const places = new Map<string, Placed>();
  for (const [row, nodes] of rows.entries()) {
    const above = ({ inputs }: BlockNode): number =>
      inputs.reduce((sum, name) => sum + places.get(name)!.x + places.get(name)!.width / 2, 0) /
      Math.max(1, inputs.length);
    let x = 30 + (wide - rowWidth(nodes)) / 2;
    for (const node of nodes.toSorted((a, b) => above(a) - above(b))) {
      const width = widthOf(node);
      places.set(node.name, { node, row, width, x });
      x += width + BESIDE;
    }
  }
  return places;
}

function boxShapes({ node, row, width, x }: Placed, top: number, kinds: Map<string, number>): PictureShape[] {
  if (!kinds.has(node.type)) kinds.set(node.type, kinds.size);
  const plain = node.type === "",
    color = plain ? "#888888" : PALETTE[kinds.get(node.type)! % PALETTE.length]!;
  const y = top + row * (BOX + ROOM), middle = x + width / 2;
  return [
    { kind: "box", x, y, width, height: BOX, color: mixed("#ffffff", color, 0.14), border: color, radius: 6 },
    label(node.title, [middle, y + 17], "middle"),
    { ...label(`[${node.shape.join(", ")}]`, [middle, y + 32], "middle", SMALL), color: "#666666" },
  ];
}

function edgeShapes(
  from: Placed,
  to: Placed,
  top: number,
  places: ReadonlyMap<string, Placed>,
): PictureShape[] {
  const y0 = top + from.row * (BOX + ROOM) + BOX, y1 = top + to.row * (BOX + ROOM);
  const x0 = from.x + from.width / 2, x1 = to.x + to.width / 2, color = "#999999";
  const over = [...places.values()].filter(({ row }) => row > from.row && row < to.row);
  const side = Math.max(0, ...over.map(({ x, width }) => x + width)) + 16;
  const points = curve(
    over.length === 0
      ? [[x0, y0], [x0, (y0 + y1) / 2], [x1, (y0 + y1) / 2], [x1, y1]]
      : [[x0, y0], [x0, y0 + TURN], [side, y0 + TURN], [side, (y0 + y1) / 2], [side, y1 - TURN], [
        x1,
        y1 - TURN,
      ], [x1, y1]],
  );
  // The head points where the line arrives from.
  const [hx, hy] = points.at(-2)!, length = Math.hypot(x1 - hx, y1 - hy) || 1;
  const [ux, uy] = [(x1 - hx) / length, (y1 - hy) / length];
  const head = [-1, 1].map((
    turn,
  ): PicturePoint => [x1 - 6 * ux - 4 * turn * uy, y1 - 6 * uy + 4 * turn * ux]);
  return [
    { kind: "line", points, color, width: 1.4 },
    { kind: "line", points: [head[0]!, [x1, y1], head[1]!], color, width: 1.4 },
  ];
}
