/** Shapes that pictures are made of: as SVG, or as pixels. */
import type { Image } from "@troodon/datasets";

/** A place in a picture, in pixels from the left and from the top. */
export type PicturePoint = readonly [x: number, y: number];

/** A rectangle of a picture. */
export interface PictureBox {
  /** Left edge. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** Width. */
  readonly width: number;
  /** Height. */
  readonly height: number;
}

/** Points joined by lines with round corners. */
export interface LineShape {
  /** The kind of shape. */
  readonly kind: "line";
  /** The points, in their order. */
  readonly points: readonly PicturePoint[];
  /** Color of the line, the text or the inside. */
  readonly color: string;
  /** Width of the line in pixels. */
  readonly width: number;
  /** Lengths of dashes and gaps. */
  readonly dash?: readonly [number, number];
}

/** Lines from one point to another, drawn as one. */
export interface SegmentsShape {
  /** The kind of shape. */
  readonly kind: "segments";
  /** The two ends of each line. */
  readonly segments: readonly (readonly [from: PicturePoint, to: PicturePoint])[];
  /** Color of the line, the text or the inside. */
  readonly color: string;
  /** Width of the line in pixels. */
  readonly width: number;
}

/** A filled rectangle, with a border if there is a color for it. */
export interface BoxShape extends PictureBox {
  /** The kind of shape. */
  readonly kind: "box";
  /** Color of the line, the text or the inside. */
  readonly color: string;
  /** Color of the border; none by default. */
  readonly border?: string;
  /** Radius of the corners. */
  readonly radius?: number;
}

/** A filled circle, with a rim if there is a color for it. */
export interface DotShape {
  /** The kind of shape. */
  readonly kind: "dot";
  /** The place: the middle of a dot, the end of a text that its anchor names. */
  readonly at: PicturePoint;
  /** Radius in pixels. */
  readonly radius: number;
  /** Color of the line, the text or the inside. */
  readonly color: string;
  /** Color of the border; none by default. */
  readonly border?: string;
}

/** A line of text. */
export interface TextShape {
  /** The kind of shape. */
  readonly kind: "text";
  /** The text. */
  readonly text: string;
  /** The place: the middle of a dot, the end of a text that its anchor names. */
  readonly at: PicturePoint;
  /** Height of the letters with what is below the line. */
  readonly size: number;
  /** Color of the line, the text or the inside. */
  readonly color: string;
  /** The part of the text that lies at the place. */
  readonly anchor: "start" | "middle" | "end";
  /** Written upwards. */
  readonly upwards?: boolean;
}

/** An image, each of whose pixels becomes a rectangle. */
export interface ImageShape extends PictureBox {
  /** The kind of shape. */
  readonly kind: "image";
  /** The image. */
  readonly image: Image;
}

/** Shapes of which only what is in a rectangle is seen. */
export interface ClippedShapes {
  /** The kind of shape. */
  readonly kind: "clipped";
  /** The rectangle that is seen. */
  readonly box: PictureBox;
  /** The shapes, from below to above. */
  readonly shapes: readonly PictureShape[];
}

/** Shapes that are moved together. */
export interface MovedShapes {
  /** The kind of shape. */
  readonly kind: "moved";
  /** Distances to the right and down that the shapes are moved by. */
  readonly by: PicturePoint;
  /** The shapes, from below to above. */
  readonly shapes: readonly PictureShape[];
}

/** A part of a picture; later ones lie above earlier ones. */
export type PictureShape =
  | LineShape
  | SegmentsShape
  | BoxShape
  | DotShape
  | TextShape
  | ImageShape
  | ClippedShapes
  | MovedShapes;
