/** Differences that are meant: each kind with a reason. */
import { decodeFloats } from "./base64.ts";
import type { Aspect, Difference } from "./compare.ts";
import { isFloat } from "./numbers.ts";
import { isShownTensor, type Outcome, type Program, type Shown } from "./program.ts";

/** A kind of differences. */
export interface Known {
  /** What it is, in a few words. */
  readonly kind: string;
  /** Why, and where it is written down. */
  readonly reason: string;
  /** Whether a difference is of the kind. */
  is(difference: Difference, program: Program): boolean;
}

/** A kind by an aspect, names, and what the refusal of one side says. */
const kind = (
  name: string,
  reason: string,
  aspect: Aspect,
  { of, says }: { readonly of?: RegExp; readonly says?: RegExp } = {},
): Known => ({
  kind: name,
  reason,
  is: (d) => {
    const message = messageOf(d.aspect === "refused there" ? d.there : d.here);
    return d.aspect === aspect && (of?.test(d.of) ?? true) && (says?.test(message) ?? true);
  },
});

const messageOf = (outcome: Outcome): string => "e" in outcome ? outcome.e : "";

const shownOf = (outcome: Outcome): Shown => "y" in outcome ? outcome.y : null;

/** Whether two values are equal but for signs. */
function equalButForSigns({ here, there }: Difference): boolean {
  const floatsOf = (shown: Shown): number[] =>
    shown instanceof Array
      ? shown.flatMap((one) => floatsOf(one as Shown))
      : isShownTensor(shown) && isFloat(shown.d)
      ? [...decodeFloats(shown.b)]
      : [];
  const [mine, other] = [floatsOf(shownOf(here)), floatsOf(shownOf(there))];
  return mine.length > 0 && mine.length === other.length &&
    mine.every((x, i) => Math.abs(Math.abs(x) - Math.abs(other[i]!)) <= 1e-3 * Math.max(1, Math.abs(x)));
}

/** Changes of what PyTorch saves and the gradient does not read, or reads as it was. */
export const CHANGED: Known = kind(
  "changed, but not read",
  "PyTorch refuses backward() as a saved value changed; here only what the gradient reads counts (docs/views.md). Values are compared with those of PyTorch with copies",
  "refused there",
  { says: /modified by an inplace operation/ },
);

/** All kinds, the first that fits counts. */
export const KNOWN: readonly Known[] = [
  kind(
    "not there for a dtype",
    "PyTorch has no kernel for the type, here is one (docs/dtypes.md: ops run in all types)",
    "refused there",
    {
      says: /not implemented for|not supported for|not supported on|Bool inputs not|supports floating point/,
    },
  ),
  kind(
    "no derivative there",
    "PyTorch has no derivative of the function, of its derivative or for that argument; here is one",
    "refused there",
    {
      says: /derivative for .* is not implemented|not differentiable with respect to argument|derivative for/,
    },
  ),
  CHANGED,
  kind(
    "walked twice",
    "which functions save something, and so refuse a second backward(), differs; it is an error in either",
    "refused there",
    { says: /backward through the graph a second time/ },
  ),
  kind("walked twice", "", "refused here", { says: /a second time as what it saved was freed/ }),
  kind(
    "read by the gradient",
    "here the gradient reads an operand, there a value made of it: a change before backward() is refused, and says so",
    "refused here",
    { says: /which its gradient reads, was changed by an in-place op/ },
  ),
  kind(
    "lower kinds are converted",
    "PyTorch wants equal dtypes, here a source of a lower kind or of the same is converted (docs/indexing.md)",
    "refused there",
    {
      of: /scatter|index_|put|masked_scatter|take_along_dim|set/,
      says: /dtype|scalar type|Expected a long tensor|same type/,
    },
  ),
  kind(
    "types meet",
    "PyTorch wants operands of equal dtypes, here they are promoted (docs/dtypes.md)",
    "refused there",
    {
      says:
        /expected scalar type|same dtype|Found dtype|mixed dtype|did not match|different dtypes|must have the same|Expected .* dtype/,
    },
  ),
  kind(
    "types of one kind into each other",
    "results of a dtype of the same kind are written in place (docs/views.md)",
    "refused there",
    { of: /float_power_/, says: /requires dtype Double/ },
  ),
  kind(
    "several elements share one place",
    "writing to an expanded tensor is refused (docs/views.md); PyTorch does for positions, and warns",
    "refused here",
    { says: /several elements share one place/ },
  ),
  kind(
    "numbers that do not fit",
    "negative numbers and others out of range are errors for integers (docs/dtypes.md); PyTorch wraps them",
    "refused here",
    { says: /elements of \w+ must be from/ },
  ),
  kind(
    "linear algebra of float32 and float64",
    "decompositions are of float32 and float64 (linalg/mod.ts); PyTorch takes others where a matrix is small or empty",
    "refused here",
    { says: /dtype must be float32 or float64|log-probabilities must be float32/ },
  ),
  kind(
    "marked, though without derivative",
    "PyTorch marks results of functions that have no derivative, and refuses at backward(); here they are not marked",
    "requiresGrad",
    { of: /bincount|heaviside|histogram|unique|bernoulli|floor_divide|pdist|nextafter/ },
  ),
  kind(
    "no history through logical_*_",
    "what is overwritten ends there (docs/views.md); PyTorch lets the gradient of logical_and_() through, which is wrong",
    "requiresGrad",
    { of: /logical_\w+_$/ },
  ),
  kind("no history through logical_*_", "", "refused here", {
    of: /logical_\w+_$/,
    says: /requires a gradient/,
  }),
  {
    kind: "no history through logical_*_",
    reason: "",
    is: (d, program) => d.of === "grad" && program.some((s) => "call" in s && /logical_\w+_$/.test(s.call)),
  },
  kind(
    "bool of all and any",
    "all() and any() of uint8 are bool; PyTorch's are uint8 for the sake of old programs",
    "dtype",
    { of: /\.(all|any)$/ },
  ),
  kind("positions and ranges", "arange() of whole numbers is int32 (docs/dtypes.md)", "dtype", {
    of: /arange/,
  }),
  kind(
    "numbers are float32",
    "tensor() of numbers is float32, also where all are whole (docs/dtypes.md)",
    "dtype",
    { of: /torch\.(tensor|as_tensor|asarray)/ },
  ),
  kind(
    "unique() with all results",
    "unique() with options has values, inverse and counts by name (core: UniqueResult)",
    "kind",
    { of: /unique/ },
  ),
  kind(
    "detach_() of a view",
    "a view can be detached in place; PyTorch refuses",
    "refused there",
    { of: /detach_/ },
  ),
  kind(
    "views of several",
    "PyTorch refuses when one of the views of unbind() and the like is read after a change of the base; here it shows what is there now (docs/views.md)",
    "kind",
    { says: /^$/, of: /end of .*(unbind|split|chunk)/ },
  ),
  kind(
    "nothing along an axis",
    "pools, convolutions and norms of tensors without channels or elements: PyTorch refuses some of them",
    "refused there",
    {
      says:
        /non-zero size|at least \d+ at dimension 0|must be > 0|optional 0 dim batch size|out of range for tensor of size \[0\]/,
    },
  ),
  kind(
    "nothing along an axis",
    "",
    "refused here",
    {
      says:
        /none of them empty|more than one value for each channel|must be an element to take|a window must fit|result must have elements/,
    },
  ),
  {
    kind: "signs of decompositions",
    reason: "columns of decompositions are determined but for signs (linalg/mod.ts)",
    is: (d) => d.aspect === "value" && /qr|svd|eigh/.test(d.of) && equalButForSigns(d),
  },
  kind(
    "one number for all",
    "a number may be written to all of an expanded tensor, whose elements stay the same; PyTorch refuses",
    "refused there",
    { says: /more than one element of the written-to tensor/ },
  ),
  {
    kind: "NaN there",
    reason:
      "at kinks and zeros PyTorch's formulas of the second order divide 0 by 0; here these are 0 or one-sided",
    is: (d) => d.of === "grad" && d.aspect === "value" && /, NaN there/.test(d.detail),
  },
  {
    kind: "kinks of the second order",
    reason: "prelu() at 0 and huberLoss() at delta: PyTorch's second derivative is not that of its first",
    is: (d, program) =>
      d.of === "grad" && d.aspect === "value" &&
      program.some((s) =>
        "call" in s && /prelu|huber|smooth_l1/.test(s.call) ||
        "layer" in s && /PReLU|Huber|SmoothL1/.test(s.layer)
      ),
  },
  {
    kind: "derivatives that are wrong there",
    reason:
      "PyTorch's gradient of as_strided_scatter() is that of its source, of ldexp() 0 for negative integers, of atan2() by a negated uint8",
    is: (d, program) =>
      d.of === "grad" &&
      program.some((s) => "call" in s && /as_strided_scatter|ldexp|atan2|arctan2/.test(s.call)),
  },
  {
    kind: "history of what is constant",
    reason: "whether a result that no input can change requires a gradient",
    is: (d) => d.aspect === "requiresGrad" && /matrix_power|vander|module|_loss|norm|dist/.test(d.of),
  },
  {
    kind: "nothing along an axis",
    reason: "",
    is: (d) => d.aspect === "shape" && /conv|module|pixel|chunk/i.test(d.of) && /[[,]0[,\]]/.test(d.detail),
  },
  {
    kind: "numbers out of range",
    reason:
      "comparisons and quotients of uint8 and a number are those of numbers; PyTorch wraps the number first",
    is: (d) => d.aspect === "value" && /\.(eq|ne|lt|le|gt|ge|less|greater|not_equal|floor_divide)/.test(d.of),
  },
  {
    kind: "infinite scores",
    reason:
      "MultiLabelSoftMarginLoss of infinite logits is NaN, as that of binary cross-entropy; PyTorch's is infinite",
    is: (d) => d.aspect === "value" && /NaN, Infinity there/.test(d.detail),
  },
  {
    kind: "ties",
    reason: "of equal elements PyTorch takes any, here the first comes first",
    is: (d) =>
      d.aspect === "value" && /topk|sort|kthvalue|median|mode|\.(max|min|argmax|argmin)$/.test(d.of) &&
      !/result 0/.test(d.detail) && "y" in d.here && JSON.stringify(d.here).includes('"int64"'),
  },
  kind(
    "laid out row by row",
    "results are always laid out row by row (docs/views.md), those of PyTorch as LAPACK leaves them",
    "value",
    { of: /as_strided/ },
  ),
  kind(
    "views of several",
    "",
    "refused here",
    { says: /one of several views that one call gave/ },
  ),
  kind(
    "marked, though without derivative",
    "",
    "requiresGrad",
    { of: /\.(eq|ne|lt|le|gt|ge|less|greater|not_equal|less_equal|greater_equal)_$/ },
  ),
  {
    kind: "infinities times 0",
    reason: "weights of 0 are left out here or there: infinities that they meet become NaN in one of the two",
    is: (d, program) =>
      d.aspect === "value" && /NaN|Infinity/.test(d.detail) && /"(-?inf|nan)"/.test(JSON.stringify(program)),
  },
  {
    kind: "on the edge of a step",
    reason: "operands agree but for rounding, and a step lies between them",
    is: (d) =>
      d.aspect === "value" &&
      /\.(floor|ceil|trunc|fix|round|frac|sign|sgn|floor_divide|remainder|fmod|heaviside|eq|ne|lt|le|gt|ge|argmax|argmin|histc|histogram|bucketize|searchsorted)_?$/
        .test(d.of),
  },
  kind(
    "failures within PyTorch",
    "its libraries or its own kernels fail: oneDNN and MKL of odd sizes, kron() of transposed halves, rrelu_() outside training",
    "refused there",
    {
      says:
        /primitive descriptor|MKL FFT error|view size is not compatible|non-singleton dimension|step must be nonzero|ZeroTensors are immutable/,
    },
  ),
  kind(
    "bincount() of 16 bits",
    "sums are of the type of the weights; PyTorch's are of float64 for 16 bits",
    "dtype",
    { of: /bincount/ },
  ),
  kind(
    "numbers that do not fit",
    "",
    "refused there",
    { says: /out of bounds for|without overflow|inconsistent with step sign/ },
  ),
  kind(
    "types that PyTorch leaves out",
    "bool in searches, int32 as positions, dropout of integers: taken here",
    "refused there",
    {
      says:
        /Unsupported input type|only applicable to index tensor|expected target dtype|can't be cast to the desired output|Type promoting not supported|does not support bool|bool dtypes|elements in indices should be|Expected a long tensor/,
    },
  ),
  {
    kind: "gradients of symmetric matrices",
    reason:
      "eigh() reads a triangle: gradients are those of the symmetric matrix but for an antisymmetric part",
    is: (d, program) => d.of === "grad" && program.some((s) => "call" in s && /eigh|eigvalsh/.test(s.call)),
  },
  {
    kind: "NaN gradients spread",
    reason:
      "a gradient of NaN reaches elements that the other side leaves out by position, or as what is flat",
    is: (d) => {
      const there = shownOf(d.there);
      return d.of === "grad" && d.aspect === "kind" && isShownTensor(there) && isFloat(there.d) &&
        decodeFloats(there.b).every((x) => x === 0 || Number.isNaN(x));
    },
  },
  {
    kind: "NaN gradients spread",
    reason: "a gradient of NaN reaches elements that PyTorch leaves out by position",
    is: (d) => d.of === "grad" && d.aspect === "value" && /is NaN, 0 there/.test(d.detail),
  },
  kind("losses of one shape", "losses refuse targets that broadcast; PyTorch warns", "refused here", {
    says: /must have one shape/,
  }),
  kind("differences of bool", "neg() and sub() of bool are calculated; PyTorch refuses", "refused there", {
    says: /bool tensor is not supported/,
  }),
  kind(
    "types meet",
    "",
    "refused here",
    { of: /addr/, says: /dtypes must be equal/ },
  ),
  kind("sums of bool", "add() of bool with an alpha is int64; PyTorch's is bool", "dtype", { of: /add|sub/ }),
  {
    kind: "writes without record",
    reason:
      "noGrad writes values and leaves histories alone (docs/views.md); PyTorch loses the gradient of a leaf behind a view that was made before",
    is: (d, program) =>
      d.of === "grad" && d.aspect === "kind" && program.some((s) => "call" in s && s.ng === true) &&
        JSON.stringify(d.there).includes("null") || d.of === "grad" && d.aspect === "kind" &&
        JSON.stringify(d.there).includes("unchanged") && program.some((s) => "call" in s && s.ng === true),
  },
  kind(
    "asStridedScatter() within the tensor",
    "places are those of the tensor itself; PyTorch reads those of the memory behind a view",
    "refused here",
    { of: /as_strided_scatter/, says: /places must be from/ },
  ),
];

/** The kind of a difference, or null. */
export function kindOf(program: Program, difference: Difference): Known | null {
  return KNOWN.find((known) => known.is(difference, program)) ?? null;
}
