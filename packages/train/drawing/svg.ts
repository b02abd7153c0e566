/** Pictures as SVG. */
import { encodePng } from "@troodon/datasets";
import type { PictureShape } from "./shapes.ts";

/** A number, short. */
const short = (value: number): string => String(Math.round(value * 100) / 100);

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** A document that shows `shapes` on white. */
export function svgDocument(width: number, height: number, shapes: readonly PictureShape[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">\n` +
    `<rect width="${width}" height="${height}" fill="#fff"/>\n${svgOf(shapes, "clip")}\n</svg>\n`;
}

/** Elements for shapes; `name` is the beginning of names that no other elements of the document have. */
function svgOf(shapes: readonly PictureShape[], name: string): string {
  return shapes.map((shape, i) => element(shape, `${name}-${i}`)).join("\n");
}

function element(shape: PictureShape, name: string): string {
  switch (shape.kind) {
    case "moved":
      return `<g transform="translate(${shape.by.map(short).join(" ")})">\n${
        svgOf(shape.shapes, name)
      }\n</g>`;
    case "clipped": {
      const { x, y, width, height } = shape.box;
      return `<clipPath id="${name}"><rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${
        short(height)
      }"/></clipPath>\n<g clip-path="url(#${name})">\n${svgOf(shape.shapes, name)}\n</g>`;
    }
    case "line": {
      const points = shape.points.map((point) => point.map(short).join(",")).join(" ");
      const dash = shape.dash ? ` stroke-dasharray="${shape.dash.join(" ")}"` : "";
      return `<polyline points="${points}" fill="none" stroke="${escaped(shape.color)}" stroke-width="${
        short(shape.width)
      }" stroke-linejoin="round" stroke-linecap="round"${dash}/>`;
    }
    case "segments": {
      const path = shape.segments.map(([from, to]) =>
        `M${from.map(short).join(" ")}L${to.map(short).join(" ")}`
      );
      return `<path d="${path.join("")}" fill="none" stroke="${escaped(shape.color)}" stroke-width="${
        short(shape.width)
      }" stroke-linecap="round"/>`;
    }
    case "box": {
      const { x, y, width, height, color, border, radius } = shape;
      const rim = border ? ` stroke="${escaped(border)}"` : "", inset = border ? 0.5 : 0;
      const corners = radius ? ` rx="${short(radius)}"` : "";
      return `<rect x="${short(x + inset)}" y="${short(y + inset)}" width="${
        short(width - 2 * inset)
      }" height="${short(height - 2 * inset)}" fill="${escaped(color)}"${rim}${corners}/>`;
    }
    case "dot": {
      const [cx, cy] = shape.at.map(short),
        rim = shape.border ? ` stroke="${escaped(shape.border)}" stroke-width="0.8"` : "";
      return `<circle cx="${cx}" cy="${cy}" r="${short(shape.radius)}" fill="${
        escaped(shape.color)
      }"${rim}/>`;
    }
    case "text": {
      const [x, y] = shape.at.map(short),
        anchor = shape.anchor === "start" ? "" : ` text-anchor="${shape.anchor}"`;
      const turned = shape.upwards ? ` transform="rotate(-90 ${x} ${y})"` : "";
      return `<text x="${x}" y="${y}" font-size="${short(shape.size)}" fill="${
        escaped(shape.color)
      }"${anchor}${turned}>${escaped(shape.text)}</text>`;
    }
    case "image": {
      const { x, y, width, height } = shape;
      return `<image x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${
        short(height)
      }" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,${
        base64(encodePng(shape.image))
      }"/>`;
    }
  }
}

/** Bytes as base64. */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
