/** Intended differences of values, dtypes and shapes, with reasons. */
import type { Difference } from "./compare.ts";
import { calls, type Evidence, numbersOf, type Operand } from "./evidence.ts";
import { kind, type Known, near, shownOf } from "./known_kind.ts";
import { isFloat } from "./numbers.ts";
import { isShownTensor, type Shown } from "./program.ts";

/** Returns true if two values are equal except for signs. */
function equalButForSigns({ here, there }: Difference): boolean {
  const mine = numbersOf(shownOf(here)), other = numbersOf(shownOf(there));
  return mine.length > 0 && mine.length === other.length &&
    mine.every((x, i) => near(Math.abs(x), Math.abs(other[i]!)));
}

/** Returns true if operands agree within rounding, but not exactly. */
const areRounded = ({ operands }: Evidence): boolean =>
  operands.some(({ here, there }) => here.some((x, i) => !Object.is(x, there[i]))) &&
  operands.every(({ here, there }) =>
    here.length === there.length &&
    here.every((x, i) => near(x, there[i]!) || Object.is(x, there[i]) || x === there[i])
  );

const hasStrange = ({ operands }: Evidence): boolean =>
  operands.some(({ here }) => here.some((x) => !Number.isFinite(x)));

/** Returns true if an operand has equal elements, any of which could be selected. */
const hasTies = ({ here }: Operand): boolean => new Set(here).size < here.length;

/** Range of values of each integer dtype. */
const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};

/** Returns true if differing elements were converted from values out of range, undefined behavior in C++. */
function isOutOfRange({ there }: Difference, { operands, pairs }: Evidence): boolean {
  const [source] = operands, shown = shownOf(there);
  const limits = isShownTensor(shown) ? LIMITS[shown.d] : undefined;
  return limits !== undefined && source !== undefined && pairs.length > 0 &&
    pairs.every(([at]) => !(source.here[at]! >= limits[0] && source.here[at]! <= limits[1]));
}

/** Kinds of differing values. */
export const VALUES: readonly Known[] = [
  {
    kind: "ties",
    reason: "of equal elements PyTorch takes any, here the first comes first; gradients go there",
    is: (d, { operands }) =>
      d.aspect === "value" && /topk|sort|kthvalue|median|mode|\.(max|min|argmax|argmin)$/.test(d.of) &&
      !/result 0/.test(d.detail) && JSON.stringify(d.here).includes('"int64"') && operands.some(hasTies),
  },
  {
    kind: "signs of decompositions",
    reason: "columns of decompositions are determined but for signs (linalg/mod.ts)",
    is: (d) => d.aspect === "value" && /qr|svd|eigh/.test(d.of) && equalButForSigns(d),
  },
  {
    kind: "on the edge of a step",
    reason:
      "operands agree but for rounding, a step lies between them, and what differs is on the other side of it",
    is: (d, e) =>
      d.aspect === "value" && areRounded(e) && e.pairs.length > 0 &&
      /\.(floor|ceil|trunc|fix|round|frac|sign|sgn|floor_divide|remainder|fmod|heaviside|eq|ne|lt|le|gt|ge|less|greater|less_equal|greater_equal|not_equal|isclose|logical_\w+|histc|histogram|bucketize|searchsorted|count_nonzero|int|long|byte|bool|to|type|type_as)_?$/
        .test(d.of) &&
      e.pairs.every(([, here, there]) => Math.abs(here - there) <= 2),
  },
  {
    kind: "on the edge of a step",
    reason: "",
    is: (d, e) =>
      areRounded(e) && (d.aspect === "value" || d.aspect === "shape") &&
      (/\.(nonzero|argwhere|nonzero_static|argmax|argmin|argsort|unique|unique_consecutive)$/.test(d.of) ||
        /a(rc)?tan2_?$/.test(d.of) && e.operands.some(({ here }) => here.some((x) => Math.abs(x) < 1e-3))),
  },
  {
    kind: "on the edge of a step",
    reason: "",
    is: (d, e) => d.aspect === "kind" && areRounded(e) && /\.(equal|allclose)$/.test(d.of),
  },
  {
    kind: "rounding that grows",
    reason:
      "operands agree but for rounding, results in three digits: they cancel each other, and what began as integers is of float32 in PyTorch's second run as well",
    is: (d, e) =>
      d.aspect === "value" && areRounded(e) && e.pairs.length === 0 &&
      /"u?int\d+"|"bool"/.test(JSON.stringify(e.program)),
  },
  {
    kind: "numbers out of range",
    reason:
      "numbers that an integer type does not hold: conversions take the nearest and NaN as 0, comparisons and powers are those of the numbers; C++ leaves it open, PyTorch wraps some",
    is: (d, e) =>
      d.aspect === "value" && isOutOfRange(d, e) &&
      /\.(int|long|byte|to|type|type_as|copy_|fill_)$/.test(d.of),
  },
  {
    kind: "numbers out of range",
    reason: "",
    is: (d, { operands, numbers }) =>
      d.aspect === "value" && operands.some(({ dtype }) => dtype === "uint8") &&
      /\.(eq|ne|lt|le|gt|ge|less|greater|not_equal|floor_divide|pow|pow_)$/.test(d.of) &&
      [...numbers, ...operands.flatMap(({ here }) => here)].some((x) => x < 0 || x > 255),
  },
  {
    kind: "infinities times 0",
    reason:
      "operands hold infinities or NaN: where a weight of 0, a sum or an order meets them one of the two has NaN or an infinity, and the other leaves them out",
    is: (d, e) =>
      d.aspect === "value" && d.of !== "grad" && hasStrange(e) && e.pairs.length > 0 &&
      e.pairs.every(([, here, there]) => !Number.isFinite(here) || !Number.isFinite(there)),
  },
  {
    kind: "signs of NaN",
    reason: "NaN has a sign that no rule determines",
    is: (d, { operands, pairs }) =>
      d.aspect === "value" && /signbit|copysign/.test(d.of) && pairs.length > 0 &&
      pairs.every(([at]) =>
        operands.some(({ here }) => Number.isNaN(here.length === 1 ? here[0] : here[at]))
      ),
  },
  {
    kind: "signs of zero",
    reason:
      "zeros are equal whatever their sign, that of hardswish(-3) differs: quotients by them are infinities of either",
    is: (d, { operands, pairs }) =>
      d.aspect === "value" && /reciprocal|div|divide|atan2|arctan2|copysign/.test(d.of) && pairs.length > 0 &&
      pairs.every(([at, here, there]) =>
        operands.some((one) => one.here[at] === 0 && one.there[at] === 0) && here === -there
      ),
  },
  {
    kind: "poles",
    reason: "polygamma() at 0, -1, -2, ... is infinite; PyTorch's is a large number, as sin(πx) is rounded",
    is: (d, { operands, pairs }) =>
      d.aspect === "value" && /polygamma/.test(d.of) && pairs.length > 0 &&
      pairs.every(([at, here]) =>
        !Number.isFinite(here) && operands[0]!.here[at]! <= 0 && Number.isInteger(operands[0]!.here[at]!)
      ),
  },
  {
    kind: "uninitialized there",
    reason:
      "the mean of no losses is NaN; PyTorch's losses of margins of no rows read memory that nothing was written to",
    is: (d, { pairs, operands, program }) =>
      d.aspect === "value" && calls(program, /multi(label)?_margin_loss|Multi(Label)?MarginLoss/) &&
      operands.some(({ here }) => here.length === 0) && pairs.every(([, here]) => Number.isNaN(here)),
  },
  {
    kind: "written before it was refused",
    reason:
      "a call that is refused changes nothing; PyTorch stops at the first quotient by 0 and leaves those before",
    is: (d, { refused }) =>
      d.of.startsWith("end of") && refused.includes(d.detail.slice(0, d.detail.indexOf(":"))),
  },
  {
    kind: "uninitialized there",
    reason: "",
    // PyTorch's median() along an expanded axis reads past the repeated element.
    is: (d, { operands, pairs, program }) =>
      d.aspect === "value" && /\.(nan)?median$/.test(d.of) &&
      calls(program, /\.(expand|expand_as|broadcast_to)$/) &&
      pairs.length > 0 &&
      pairs.every(([, here, there]) =>
        operands[0]!.here.includes(here) && !operands[0]!.there.includes(there)
      ),
  },
  {
    kind: "laid out row by row",
    reason:
      "results are always laid out row by row (docs/views.md), those of PyTorch as LAPACK or an operand's strides leave them",
    is: (d, { operands }) =>
      d.of === "torch.as_strided" || d.of === "Tensor.as_strided"
        ? d.aspect === "value" &&
          numbersOf(shownOf(d.there)).every((x) => operands.some(({ here }) => here.some((y) => near(x, y))))
        : /\.(stride|is_contiguous)$/.test(d.of) && (d.aspect === "value" || d.aspect === "kind"),
  },
  {
    kind: "views of several",
    reason: "",
    is: (d) =>
      d.aspect === "kind" && /end of .*(unbind|split|chunk)/.test(d.of) &&
      JSON.stringify(d.there).includes("RuntimeError"),
  },
  {
    kind: "marked, though without derivative",
    reason:
      "PyTorch marks results of functions that have no derivative, and integers, and refuses at backward(); here they are not marked",
    is: (d) => {
      const shown = shownOf(d.there), [first] = shown instanceof Array ? shown : [shown];
      const marked = first as Shown;
      return d.aspect === "requiresGrad" && /false, true there/.test(d.detail) &&
        (isShownTensor(marked) && !isFloat(marked.d) ||
          /bincount|heaviside|histogram|unique|bernoulli|floor_divide|pdist|nextafter|\.(eq|ne|lt|le|gt|ge|less|greater|not_equal|less_equal|greater_equal)_$/
            .test(d.of));
    },
  },
  {
    kind: "history of what is constant",
    reason:
      "whether a result that no input can change requires a gradient: norms of order 0, the first column of vander(), targets of a HingeEmbeddingLoss, powers of order 0, places of gridSample() that takes the nearest",
    is: (d, { program, numbers }) =>
      d.aspect === "requiresGrad" &&
      (/vander/.test(d.of) || /matrix_power|norm|dist/.test(d.of) && numbers.includes(0) ||
        /grid_sample/.test(d.of) && JSON.stringify(program[d.step]).includes("nearest") ||
        /hinge_embedding|module/.test(d.of) && calls(program, /hinge_embedding|HingeEmbedding/)),
  },
  {
    kind: "nothing along an axis",
    reason: "",
    is: (d) => d.aspect === "shape" && /conv|module|pixel|chunk/i.test(d.of) && /[[,]0[,\]]/.test(d.detail),
  },
  kind(
    "bool of all and any",
    "all() and any() of uint8 are bool; PyTorch's are uint8 for the sake of old programs",
    "dtype",
    { of: /\.(all|any)$/ },
  ),
  kind("numbers of bool", "item() of bool is 0 or 1; PyTorch's is False or True", "kind", {
    of: /Tensor\.(item|tolist)/,
    says: /[01], (true|false) there/,
  }),
  kind("positions and ranges", "arange() of whole numbers is int32 (docs/dtypes.md)", "dtype", {
    of: /arange/,
    says: /int32, int64 there/,
  }),
  kind(
    "numbers are float32",
    "tensor() of numbers is float32, also where all are whole (docs/dtypes.md)",
    "dtype",
    { of: /torch\.(tensor|as_tensor|asarray)/, says: /float32, / },
  ),
  kind(
    "unique() with all results",
    "unique() with options has values, inverse and counts by name (core: UniqueResult)",
    "kind",
    { of: /unique/ },
  ),
  kind(
    "bincount() of 16 bits",
    "sums are of the type of the weights; PyTorch's are of float64 for 16 bits",
    "dtype",
    { of: /bincount/, says: /float16, float64 there/ },
  ),
  kind("sums of bool", "add() of bool with an alpha is int64; PyTorch's is bool", "dtype", {
    of: /add|sub/,
    says: /int64, bool there/,
  }),
];
